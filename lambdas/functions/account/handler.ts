import { endOneSession, endOtherSessions, listSessions } from '#core/flows/account-sessions.ts';
import { exportAccount } from '#core/flows/export-account.ts';
import { readAccount } from '#core/flows/read-account.ts';
import { directoryTokens, edgePorts, systemPorts, tableStores } from '../../compose/ports.ts';
import { apiHandler, reply, withoutBody } from '../../http/api-handler.ts';
import { subjectOf } from '../../http/call.ts';
import { exportBody } from '../../http/export-view.ts';
import { callOrigin } from '../../http/origin.ts';
import { accountBody, sessionsBody } from '../../http/views.ts';
import { env } from './env.ts';

const ports = {
  ...systemPorts(env),
  ...edgePorts(env),
  ...tableStores(env),
  directoryTokens: directoryTokens(env),
  sessionLimits: env.SESSIONS,
  termsVersion: env.TERMS_VERSION,
};
const { originOf } = callOrigin(ports);

/** The account of the access token's subject, and its sessions. */
export const handler = apiHandler(env, {
  'GET /account': withoutBody(async (call) =>
    reply(200, accountBody(await readAccount(ports)(subjectOf(call)))),
  ),
  'GET /account/sessions': withoutBody(async (call) =>
    reply(200, sessionsBody(await listSessions(ports)(subjectOf(call)))),
  ),
  'GET /account/export': withoutBody(async (call) =>
    reply(200, exportBody(await exportAccount(ports)(subjectOf(call), await originOf(call)))),
  ),
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
