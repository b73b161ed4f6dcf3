import { basics, sessionDirectory, stores } from '../compose.ts';
import { endSession, logIn, refreshSession } from '../core/flows/sessions.ts';
import { bodies } from '../http/schemas.ts';
import { reply, service, withBody } from '../http/service.ts';
import { tokensBody } from '../http/views.ts';
import { env } from './env.ts';

const ports = { ...basics(env), ...stores(env), sessions: sessionDirectory(env) };

/** Log in, stay logged in, log out. */
export const handler = service(env, {
  'POST /sessions': withBody(bodies.logIn, async (body) =>
    reply(201, tokensBody(await logIn(ports)(body))),
  ),
  'POST /sessions/refresh': withBody(bodies.session, async (body) =>
    reply(201, tokensBody(await refreshSession(ports)(body))),
  ),
  'POST /sessions/revoke': withBody(bodies.session, async (body) => {
    await endSession(ports)(body);
    return reply(204);
  }),
});
