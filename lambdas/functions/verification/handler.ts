import { extendTicket } from '#core/flows/extend-ticket.ts';
import { readChallenge } from '#core/flows/read-challenge.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { verifyChallenge } from '#core/flows/verify-challenge.ts';
import {
  codeKeys,
  phoneSealKeys,
  proofSigningKeys,
  sealKeys,
  tags,
} from '../../compose/key-ports.ts';
import {
  accountStore,
  breakerStore,
  challengeStore,
  edgePorts,
  ledgerStore,
  spendStore,
  systemPorts,
} from '../../compose/ports.ts';
import { flowHandler, reply, withBody, withoutBody } from '../../http/api-handler.ts';
import * as bodies from '../../http/bodies.ts';
import { callOrigin } from '../../http/origin.ts';
import { challengeBody, ticketBody } from '../../http/views.ts';
import { guessMetrics } from '../../observability/guess-metrics.ts';
import { spendMetrics } from '../../observability/spend-metrics.ts';
import { env } from './env.ts';

const ports = {
  ...systemPorts,
  ...codeKeys(env),
  ...proofSigningKeys(env),
  ...tags(env),
  ...phoneSealKeys(env),
  ...sealKeys(env),
  ...edgePorts(env),
  ...breakerStore(env),
  ...challengeStore(env),
  ...spendStore(env),
  ...ledgerStore(env),
  ...accountStore(env),
  limits: env.LIMITS,
  reviewNumbers: env.REVIEW_NUMBERS,
  spending: env.SPENDING,
  guessMetrics,
  spendMetrics,
};
const { addressOf, originOf } = callOrigin(ports);

/** Send and verify a code: the same for every flow. */
export const handler = flowHandler<'verification'>(env, {
  'GET /challenges/{id}': withoutBody(async ({ pathParameters: { id = '' } }) =>
    reply(200, challengeBody(await readChallenge(ports)({ id }), ports.limits)),
  ),
  'POST /challenges/{id}/send': withBody(bodies.sendChallenge, async (_body, call) => {
    const { id = '' } = call.pathParameters;
    const challenge = await sendChallenge(ports)({ id, address: () => addressOf(call) });
    return reply(202, challengeBody(challenge, ports.limits));
  }),
  'POST /challenges/{id}/verify': withBody(
    bodies.verifyChallenge,
    async ({ code, method }, call) => {
      const { id = '' } = call.pathParameters;
      const verified = await verifyChallenge(ports)({
        id,
        code,
        method,
        idempotencyKey: call.idempotencyKey(),
        address: () => addressOf(call),
        origin: () => originOf(call),
      });
      return reply(200, ticketBody(verified));
    },
  ),
  'POST /tickets/extend': withBody(bodies.ticketAlone, async ({ ticket }) =>
    reply(200, ticketBody(await extendTicket(ports)(ticket))),
  ),
});
