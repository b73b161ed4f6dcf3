import { completeLogin } from '#core/flows/complete-login.ts';
import { endOneSession } from '#core/flows/end-one-session.ts';
import { endOtherSessions } from '#core/flows/end-other-sessions.ts';
import { logIn } from '#core/flows/log-in.ts';
import { logOut } from '#core/flows/log-out.ts';
import { refreshSession } from '#core/flows/refresh-session.ts';
import { createRefusedDevices } from '#core/session/refused-devices.ts';
import {
  identityTags,
  phoneSealKeys,
  publicKeys,
  sessionKeys,
  tags,
  usernameSealKeys,
} from '../../compose/key-ports.ts';
import {
  accountStore,
  breakerStore,
  challengeStore,
  clock,
  deviceStore,
  directoryTokens,
  edgePorts,
  ledgerStore,
  sessionStore,
  systemPorts,
} from '../../compose/ports.ts';
import { flowHandler, reply, withoutBody } from '../../http/api-handler.ts';
import * as bodies from '../../http/bodies.ts';
import { subjectOf } from '../../http/call.ts';
import { callOrigin } from '../../http/origin.ts';
import { sessionRoutes } from '../../http/token-transport.ts';
import { challengeBody } from '../../http/views.ts';
import { guessMetrics } from '../../observability/guess-metrics.ts';
import { env } from './env.ts';

const ports = {
  ...systemPorts,
  ...sessionKeys(env),
  ...tags(env),
  ...identityTags(env),
  ...phoneSealKeys(env),
  ...usernameSealKeys(env),
  ...publicKeys(env),
  ...edgePorts(env),
  ...accountStore(env),
  ...breakerStore(env),
  ...challengeStore(env),
  ...sessionStore(env),
  ...deviceStore(env),
  ...ledgerStore(env),
  directoryTokens: directoryTokens(env),
  sessionLimits: env.SESSIONS,
  secondFactor: env.SECOND_FACTOR,
  refusedDevices: createRefusedDevices(clock),
  limits: env.LIMITS,
  reviewNumbers: env.REVIEW_NUMBERS,
  guessMetrics,
};
const loginBody = bodies.logIn(env.NATIONAL_ID_LOGIN);
const { addressOf, originOf } = callOrigin(ports);
const withTokens = sessionRoutes({ portalHost: env.PORTAL_HOST, clock });

/** Log in, stay logged in, log out, and end sessions. */
export const handler = flowHandler<'session'>(env, {
  'POST /sessions': withTokens(loginBody, async (body, transport, call) => {
    const { username, password, ticket, ownDevice } = body;
    const { devices, recognition, tokensIn } = transport;
    const idempotencyKey = call.idempotencyKey();
    const typed = { username, password, devices, ticket, ownDevice };
    const client = { recognition, tokensIn, idempotencyKey };
    const from = { address: await addressOf(call), origin: await originOf(call) };
    const login = await logIn(ports)({ ...typed, ...client, ...from, language: call.language });
    if (login.kind === 'opened') return transport.opened(login);
    const passwordDue = login.kind === 'phone-first';
    return reply(202, { ...challengeBody(login.challenge, ports.limits), passwordDue });
  }),
  'POST /sessions/complete': withTokens(bodies.completeLogin, async (body, transport, call) => {
    const { ticket, ownDevice } = body;
    const { recognition, tokensIn } = transport;
    const asked = {
      ticket,
      ownDevice,
      recognition,
      tokensIn,
      idempotencyKey: call.idempotencyKey(),
    };
    const origin = await originOf(call);
    return transport.opened(await completeLogin(ports)({ ...asked, origin }));
  }),
  'POST /sessions/refresh': withTokens(bodies.session, async (_, transport, call) => {
    const refreshToken = transport.refreshToken();
    const tokens = await refreshSession(ports)({ refreshToken, origin: await originOf(call) });
    return transport.opened({ tokens });
  }),
  'POST /sessions/revoke': withTokens(bodies.session, async (_, transport, call) => {
    const refreshToken = transport.refreshToken();
    await logOut(ports)({ refreshToken, origin: await originOf(call) });
    return transport.ended();
  }),
  'DELETE /account/sessions': withoutBody(async (call) => {
    await endOtherSessions(ports)(subjectOf(call), await originOf(call));
    return reply(204);
  }),
  'DELETE /account/sessions/{id}': withoutBody(async (call) => {
    const { id = '' } = call.pathParameters;
    await endOneSession(ports)(subjectOf(call), id, await originOf(call));
    return reply(204);
  }),
});
