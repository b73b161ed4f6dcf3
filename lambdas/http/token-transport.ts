import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod/mini';
import { Problem } from '#core/model/problems.ts';
import type { SessionTokens, TokensIn } from '#core/model/session.ts';
import type { Clock } from '#core/system.ts';
import { type Route, reply } from './api-handler.ts';
import { readBody } from './body.ts';
import { type Call, callOf } from './call.ts';
import { requireSameSite } from './same-site.ts';
import {
  clearCookie,
  deviceCookie,
  readCookie,
  recognitionCookie,
  SessionRefused,
  sessionCookie,
  setBrowserCookie,
  setCookie,
} from './session-cookie.ts';
import { type KeptSecret, keptBody, tokensBody } from './views.ts';

/**
 * How a client gets and keeps the secrets of a session: an app in bodies, a browser in cookies that no script can read.
 */
export interface TokenTransport {
  readonly tokensIn: TokensIn;
  /** @throws Problem unauthenticated if the client sent none */
  refreshToken(): string;
  /** The secret of a remembered device, if the client sent one. */
  readonly device: string | undefined;
  /** What the client kept of earlier logins, if it sent it. */
  readonly recognition: string | undefined;
  /** 201 with the tokens, and what the client keeps beyond the session. */
  opened(login: OpenedLogin): APIGatewayProxyResult;
  /** 204. */
  ended(): APIGatewayProxyResult;
}

interface OpenedLogin {
  readonly tokens: SessionTokens;
  readonly device?: KeptSecret;
  readonly recognition?: KeptSecret;
}

type SessionBody = {
  readonly tokens?: 'cookie' | undefined;
  readonly refreshToken?: string | undefined;
  readonly device?: string | undefined;
  readonly recognition?: string | undefined;
};

/**
 * Makes the routes of sessions. Each gets the transport that its body chooses with `tokens`. Only the portal's own
 * pages may use cookies.
 * @throws Problem cross_site_request
 */
export const sessionRoutes =
  ({ portalHost, clock }: { readonly portalHost: string; readonly clock: Clock }) =>
  <Schema extends z.ZodMiniType<SessionBody>>(
    schema: Schema,
    run: (
      body: z.output<Schema>,
      transport: TokenTransport,
      call: Call,
    ) => Promise<APIGatewayProxyResult>,
  ): Route =>
  async (event) => {
    const body = readBody(schema, event);
    if (body.tokens !== 'cookie') return run(body, byBody(body), callOf(event));
    requireSameSite(event, portalHost);
    return run(body, byCookie(event, clock), callOf(event)).catch(clearingRefused);
  };

const byBody = ({ refreshToken, device, recognition }: SessionBody): TokenTransport => ({
  tokensIn: 'body',
  refreshToken: () => sent(refreshToken),
  device,
  recognition,
  opened: ({ tokens, ...kept }) => reply(201, { ...tokensBody(tokens), ...keptBody(kept) }),
  ended: () => reply(204),
});

const byCookie = (event: APIGatewayProxyEvent, clock: Clock): TokenTransport => ({
  tokensIn: 'cookie',
  refreshToken: () => sent(readCookie(event, sessionCookie)),
  device: readCookie(event, deviceCookie),
  recognition: readCookie(event, recognitionCookie),
  opened({ tokens: { refreshToken, ...tokens }, device, recognition }) {
    const now = clock();
    const { ownDevice, sessionExpiresAt } = tokens;
    const cookies = [
      ownDevice
        ? setCookie(sessionCookie, refreshToken, sessionExpiresAt - now)
        : setBrowserCookie(sessionCookie, refreshToken),
    ];
    const keep = (name: string, kept: KeptSecret | undefined) => {
      if (kept) cookies.push(setCookie(name, kept.secret, kept.expiresAt - now));
      return kept && { expiresAt: kept.expiresAt };
    };
    const kept = {
      device: keep(deviceCookie, device),
      recognition: keep(recognitionCookie, recognition),
    };
    return withCookies(reply(201, { ...tokensBody(tokens), ...keptBody(kept) }), cookies);
  },
  ended: () => withCookies(reply(204), [clearCookie(sessionCookie)]),
});

function sent(refreshToken: string | undefined): string {
  if (refreshToken === undefined) throw new Problem('unauthenticated');
  return refreshToken;
}

const withCookies = (answer: APIGatewayProxyResult, cookies: string[]): APIGatewayProxyResult => ({
  ...answer,
  multiValueHeaders: { 'Set-Cookie': cookies },
});

/** After any other problem the session lives on, and its cookie stays. */
function clearingRefused(error: unknown): never {
  if (error instanceof Problem && error.code === 'unauthenticated') throw new SessionRefused(error);
  throw error;
}
