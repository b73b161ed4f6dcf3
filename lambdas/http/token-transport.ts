import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod/mini';
import { Problem } from '#core/model/problems.ts';
import type { SessionTokens, TokensIn } from '#core/model/session.ts';
import type { Clock } from '#core/system.ts';
import { type Route, reply } from './api-handler.ts';
import { readBody } from './body.ts';
import { type Call, callOf } from './call.ts';
import { addDevice, readDevices } from './device-cookie.ts';
import { requireSameSite } from './same-site.ts';
import {
  clearCookie,
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
  /** The secrets of remembered devices that the client sent. An app sends one at most. */
  readonly devices: readonly string[];
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
  devices: device === undefined ? [] : [device],
  recognition,
  opened: ({ tokens, ...kept }) => reply(201, { ...tokensBody(tokens), ...keptBody(kept) }),
  ended: () => reply(204),
});

const byCookie = (event: APIGatewayProxyEvent, clock: Clock): TokenTransport => ({
  tokensIn: 'cookie',
  refreshToken: () => sent(readCookie(event, sessionCookie)),
  devices: readDevices(event),
  recognition: readCookie(event, recognitionCookie),
  opened({ tokens: { refreshToken, ...tokens }, device, recognition }) {
    const now = clock();
    const { ownDevice, sessionExpiresAt } = tokens;
    const cookies = [
      ownDevice
        ? setCookie(sessionCookie, refreshToken, sessionExpiresAt - now)
        : setBrowserCookie(sessionCookie, refreshToken),
    ];
    if (device) cookies.push(addDevice(readDevices(event), device, now));
    if (recognition) {
      const { secret, expiresAt } = recognition;
      cookies.push(setCookie(recognitionCookie, secret, expiresAt - now));
    }
    const shown = { device: withoutSecret(device), recognition: withoutSecret(recognition) };
    return withCookies(reply(201, { ...tokensBody(tokens), ...keptBody(shown) }), cookies);
  },
  ended: () => withCookies(reply(204), [clearCookie(sessionCookie)]),
});

const withoutSecret = (kept: KeptSecret | undefined) => kept && { expiresAt: kept.expiresAt };

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
