import { completePasswordReset } from '#core/flows/complete-password-reset.ts';
import { remindUsername } from '#core/flows/remind-username.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import {
  identityTags,
  phoneSealKeys,
  publicKeys,
  sealKeys,
  tags,
  usernameSealKeys,
} from '../../compose/key-ports.ts';
import {
  accountStore,
  breakerStore,
  challengeStore,
  directoryUsers,
  edgePorts,
  ledgerStore,
  noticeStore,
  systemPorts,
} from '../../compose/ports.ts';
import { flowHandler, reply, withBody } from '../../http/api-handler.ts';
import * as bodies from '../../http/bodies.ts';
import { callOrigin } from '../../http/origin.ts';
import { challengeBody, phoneRestoredBody } from '../../http/views.ts';
import { guessMetrics } from '../../observability/guess-metrics.ts';
import { env } from './env.ts';

const ports = {
  ...systemPorts,
  ...tags(env),
  ...identityTags(env),
  ...phoneSealKeys(env),
  ...usernameSealKeys(env),
  ...sealKeys(env),
  ...publicKeys(env),
  ...edgePorts(env),
  ...accountStore(env),
  ...breakerStore(env),
  ...challengeStore(env),
  ...ledgerStore(env),
  ...noticeStore(env),
  directoryUsers: directoryUsers(env),
  limits: env.LIMITS,
  reviewNumbers: env.REVIEW_NUMBERS,
  guessMetrics,
};

const { addressOf, originOf } = callOrigin(ports);
const reminderBody = bodies.remindUsername(env.DESTINATIONS);

/**
 * Resets a forgotten password: username and national ID, a code, the new password. The person then logs in anew. And reminds
 * people of their username.
 */
export const handler = flowHandler<'password-reset'>(env, {
  'POST /password-resets': withBody(bodies.startPasswordReset, async (body, call) => {
    const { language } = call;
    const from = { address: await addressOf(call), idempotencyKey: call.idempotencyKey() };
    const challenge = await startPasswordReset(ports)({ ...body, language, ...from });
    return reply(202, challengeBody(challenge, ports.limits));
  }),
  'POST /password-resets/complete': withBody(bodies.completePasswordReset, async (body, call) => {
    const from = { origin: await originOf(call), idempotencyKey: call.idempotencyKey() };
    const outcome = await completePasswordReset(ports)({ ...body, ...from });
    return outcome.kind === 'phone-restored' ? reply(200, phoneRestoredBody(outcome)) : reply(204);
  }),
  'POST /username-reminders': withBody(reminderBody, async (body, call) => {
    const { language } = call;
    await remindUsername(ports)({ ...body, language, address: await addressOf(call) });
    return reply(204);
  }),
});
