import { completeRegistration } from '#core/flows/complete-registration.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
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
  spendStore,
  systemPorts,
} from '../../compose/ports.ts';
import { flowHandler, reply, withBody } from '../../http/api-handler.ts';
import * as bodies from '../../http/bodies.ts';
import { callOrigin } from '../../http/origin.ts';
import { accountBody, challengeBody } from '../../http/views.ts';
import { spendMetrics } from '../../observability/spend-metrics.ts';
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
  ...spendStore(env),
  ...ledgerStore(env),
  directoryUsers: directoryUsers(env),
  limits: env.LIMITS,
  reviewNumbers: env.REVIEW_NUMBERS,
  spending: env.SPENDING,
  spendMetrics,
  termsVersion: env.TERMS_VERSION,
};

const { addressOf, originOf } = callOrigin(ports);
const startBody = bodies.startRegistration(env.DESTINATIONS);

/** Opens an account: phone first, the rest once the phone is verified. */
export const handler = flowHandler<'registration'>(env, {
  'POST /registrations': withBody(startBody, async (body, call) => {
    const { language } = call;
    const from = { address: await addressOf(call), idempotencyKey: call.idempotencyKey() };
    const challenge = await startRegistration(ports)({ ...body, language, ...from });
    return reply(202, challengeBody(challenge, ports.limits));
  }),
  'POST /registrations/complete': withBody(bodies.completeRegistration, async (body, call) => {
    const { language } = call;
    const from = { origin: await originOf(call), idempotencyKey: call.idempotencyKey() };
    const input = { ...body, language, ...from };
    return reply(201, accountBody(await completeRegistration(ports)(input)));
  }),
});
