import { exportAccount } from '#core/flows/export-account.ts';
import { listSessions } from '#core/flows/list-sessions.ts';
import { readAccount } from '#core/flows/read-account.ts';
import { phoneSealKeys, sealKeys, tags } from '../../compose/key-ports.ts';
import {
  accountStore,
  deviceStore,
  edgePorts,
  eventStore,
  ledgerStore,
  sessionStore,
  systemPorts,
} from '../../compose/ports.ts';
import { flowHandler, reply, withoutBody } from '../../http/api-handler.ts';
import { subjectOf } from '../../http/call.ts';
import { exportBody } from '../../http/export-view.ts';
import { callOrigin } from '../../http/origin.ts';
import { accountBody, sessionsBody } from '../../http/views.ts';
import { env } from './env.ts';

const ports = {
  ...systemPorts,
  ...tags(env),
  ...phoneSealKeys(env),
  ...sealKeys(env),
  ...edgePorts(env),
  ...accountStore(env),
  ...deviceStore(env),
  ...eventStore(env),
  ...ledgerStore(env),
  ...sessionStore(env),
  sessionLimits: env.SESSIONS,
  termsVersion: env.TERMS_VERSION,
};
const { originOf } = callOrigin(ports);

/** Shows the account of the access token's subject, and its sessions. It changes nothing. */
export const handler = flowHandler<'account'>(env, {
  'GET /account': withoutBody(async (call) =>
    reply(200, accountBody(await readAccount(ports)(subjectOf(call)))),
  ),
  'GET /account/sessions': withoutBody(async (call) =>
    reply(200, sessionsBody(await listSessions(ports)(subjectOf(call)))),
  ),
  'GET /account/export': withoutBody(async (call) =>
    reply(200, exportBody(await exportAccount(ports)(subjectOf(call), await originOf(call)))),
  ),
});
