import { basics, stores } from '../compose.ts';
import { readAccount } from '../core/flows/read-account.ts';
import { reply, service, withoutBody } from '../http/service.ts';
import { accountBody } from '../http/views.ts';
import { env } from './env.ts';

const ports = { ...basics(env), ...stores(env) };

/** The account of whoever holds the access token. */
export const handler = service(env, {
  'GET /account': withoutBody(async ({ claims: { username = '', sub = '' } }) =>
    reply(200, accountBody(await readAccount(ports)({ username, userId: sub }))),
  ),
});
