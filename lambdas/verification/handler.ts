import { basics, stores } from '../compose.ts';
import { readChallenge } from '../core/engine/read-challenge.ts';
import { sendChallenge } from '../core/engine/send-challenge.ts';
import { verifyChallenge } from '../core/engine/verify-challenge.ts';
import { describeError, log, metric } from '../http/log.ts';
import { bodies } from '../http/schemas.ts';
import { reply, service, withBody, withoutBody } from '../http/service.ts';
import { challengeBody, ticketBody } from '../http/views.ts';
import { env } from './env.ts';

const ports = {
  ...basics(env),
  ...stores(env),
  limits: env.LIMITS,
  watch: {
    breakerOpened: () => metric('GuessingBreakerOpened'),
    notCounted: (error: unknown) => log('ERROR', 'guess', describeError(error)),
  },
};

/** Send and verify a code: the same for every flow. */
export const handler = service(env, {
  'GET /challenges/{id}': withoutBody(async ({ pathParameters: { id = '' } }) =>
    reply(200, challengeBody(await readChallenge(ports)({ id }), ports.limits)),
  ),
  'POST /challenges/{id}/send': withBody(
    bodies.sendChallenge,
    async (_body, { pathParameters: { id = '' } }) =>
      reply(202, challengeBody(await sendChallenge(ports)({ id }), ports.limits)),
  ),
  'POST /challenges/{id}/verify': withBody(
    bodies.verifyChallenge,
    async ({ code }, { address, pathParameters: { id = '' } }) =>
      reply(200, ticketBody(await verifyChallenge(ports)({ id, code, address }))),
  ),
});
