import { acceptTerms } from '#core/flows/accept-terms.ts';
import { changePassword } from '#core/flows/change-password.ts';
import { completeClosing } from '#core/flows/complete-closing.ts';
import { completePhoneChange } from '#core/flows/complete-phone-change.ts';
import { startClosing } from '#core/flows/start-closing.ts';
import { startPhoneChange } from '#core/flows/start-phone-change.ts';
import { phoneSealKeys, publicKeys, sealKeys, sessionKeys, tags } from '../../compose/key-ports.ts';
import {
  accountStore,
  breakerStore,
  challengeStore,
  deviceStore,
  directoryTokens,
  directoryUsers,
  edgePorts,
  eventStore,
  ledgerStore,
  sessionStore,
  spendStore,
  systemPorts,
} from '../../compose/ports.ts';
import { flowHandler, reply, withBody } from '../../http/api-handler.ts';
import * as bodies from '../../http/bodies.ts';
import { subjectOf } from '../../http/call.ts';
import { callOrigin } from '../../http/origin.ts';
import { accountBody, challengeBody } from '../../http/views.ts';
import { guessMetrics } from '../../observability/guess-metrics.ts';
import { spendMetrics } from '../../observability/spend-metrics.ts';
import { env } from './env.ts';

const ports = {
  ...systemPorts,
  ...sessionKeys(env),
  ...tags(env),
  ...phoneSealKeys(env),
  ...sealKeys(env),
  ...publicKeys(env),
  ...edgePorts(env),
  ...accountStore(env),
  ...breakerStore(env),
  ...challengeStore(env),
  ...deviceStore(env),
  ...eventStore(env),
  ...ledgerStore(env),
  ...sessionStore(env),
  ...spendStore(env),
  directoryUsers: directoryUsers(env),
  directoryTokens: directoryTokens(env),
  sessionLimits: env.SESSIONS,
  limits: env.LIMITS,
  reviewNumbers: env.REVIEW_NUMBERS,
  spending: env.SPENDING,
  spendMetrics,
  termsVersion: env.TERMS_VERSION,
  guessMetrics,
};
const { addressOf, originOf } = callOrigin(ports);

/** Changes to an account by its owner: password, phone, terms, closing. */
export const handler = flowHandler<'account-security'>(env, {
  'POST /account/password': withBody(bodies.changePassword, async (body, call) => {
    await changePassword(ports)(subjectOf(call), { ...body, origin: await originOf(call) });
    return reply(204);
  }),
  'POST /account/phone': withBody(bodies.changePhone(env.DESTINATIONS), async (body, call) => {
    const { language } = call;
    const from = { address: await addressOf(call), idempotencyKey: call.idempotencyKey() };
    const input = { ...body, language, ...from };
    const challenge = await startPhoneChange(ports)(subjectOf(call), input);
    return reply(202, challengeBody(challenge, ports.limits));
  }),
  'POST /account/phone/complete': withBody(bodies.completePhoneChange, async (body, call) => {
    const input = { ...body, origin: await originOf(call) };
    const account = await completePhoneChange(ports)(subjectOf(call), input);
    return reply(200, accountBody(account));
  }),
  'POST /account/terms': withBody(bodies.acceptTerms, async ({ termsVersion }, call) => {
    const input = { termsVersion, language: call.language, origin: await originOf(call) };
    return reply(200, accountBody(await acceptTerms(ports)(subjectOf(call), input)));
  }),
  'POST /account/close': withBody(bodies.reauthenticate, async (body, call) => {
    const { language } = call;
    const input = { ...body, language, idempotencyKey: call.idempotencyKey() };
    const challenge = await startClosing(ports)(subjectOf(call), input);
    return reply(202, challengeBody(challenge, ports.limits));
  }),
  'POST /account/close/complete': withBody(bodies.ticketAlone, async ({ ticket }, call) => {
    await completeClosing(ports)(subjectOf(call), { ticket });
    return reply(204);
  }),
});
