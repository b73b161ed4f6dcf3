import { introspectTicket } from '#core/flows/introspect-ticket.ts';
import { startTransaction } from '#core/flows/start-transaction.ts';
import { Problem } from '#core/model/problems.ts';
import type { RelyingService } from '#core/model/transaction.ts';
import { phoneSealKeys, publicKeys, sealKeys, tags } from '../../compose/key-ports.ts';
import { breakerStore, challengeStore, ledgerStore, systemPorts } from '../../compose/ports.ts';
import { flowHandler, reply, withBody } from '../../http/api-handler.ts';
import * as bodies from '../../http/bodies.ts';
import type { Call } from '../../http/call.ts';
import { challengeBody, introspectionBody } from '../../http/views.ts';
import { log } from '../../observability/log.ts';
import { env } from './env.ts';

const ports = {
  ...systemPorts,
  ...tags(env),
  ...phoneSealKeys(env),
  ...sealKeys(env),
  ...publicKeys(env),
  ...breakerStore(env),
  ...challengeStore(env),
  ...ledgerStore(env),
  limits: env.LIMITS,
  reviewNumbers: env.REVIEW_NUMBERS,
};

/**
 * The relying service of the access token. A client that is no longer listed still gets tokens until its stack is
 * updated.
 */
function callerOf({ claims }: Call): RelyingService {
  const serviceId = env.RELYING_CLIENTS[claims['client_id'] ?? ''];
  const caller = env.RELYING_SERVICES.find(({ id }) => id === serviceId);
  if (caller) return caller;
  throw new Problem('unauthenticated');
}

/** Codes for the transactions of relying services. Sending and verifying work as in every flow. */
export const handler = flowHandler<'transaction'>(env, {
  'POST /challenges': withBody(bodies.startTransaction(env.DESTINATIONS), async (body, call) => {
    const caller = callerOf(call);
    const { language } = call;
    const request = { service: caller, language, idempotencyKey: call.idempotencyKey() };
    const challenge = await startTransaction(ports)({ ...body, ...request });
    log('INFO', 'transaction-started', { service: caller.id });
    return reply(202, challengeBody(challenge, ports.limits));
  }),
  'POST /tickets/introspect': withBody(bodies.ticketAlone, async ({ ticket }, call) => {
    const caller = callerOf(call);
    const idempotencyKey = call.idempotencyKey();
    const told = await introspectTicket(ports)({ service: caller, ticket, idempotencyKey });
    if (told.active) log('INFO', 'transaction-approved', { service: caller.id });
    return reply(200, introspectionBody(told));
  }),
});
