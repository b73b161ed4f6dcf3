import { confirmTotp } from '#core/flows/confirm-totp.ts';
import { offerTotp } from '#core/flows/offer-totp.ts';
import { removeTotp } from '#core/flows/remove-totp.ts';
import { renewRecoveryCodes } from '#core/flows/renew-recovery-codes.ts';
import { sealKeys, tags } from '../../compose/key-ports.ts';
import {
  accountStore,
  directoryTokens,
  edgePorts,
  ledgerStore,
  sessionStore,
  systemPorts,
} from '../../compose/ports.ts';
import { flowHandler, reply, withBody } from '../../http/api-handler.ts';
import * as bodies from '../../http/bodies.ts';
import { subjectOf } from '../../http/call.ts';
import { callOrigin } from '../../http/origin.ts';
import { recoveryCodesBody, totpOfferBody } from '../../http/views.ts';
import { env } from './env.ts';

const ports = {
  ...systemPorts,
  ...tags(env),
  ...sealKeys(env),
  ...edgePorts(env),
  ...accountStore(env),
  ...ledgerStore(env),
  ...sessionStore(env),
  directoryTokens: directoryTokens(env),
  sessionLimits: env.SESSIONS,
  issuerName: env.ISSUER_NAME,
};
const { originOf } = callOrigin(ports);

/** Second factors of an account besides SMS: an authenticator app, and recovery codes. */
export const handler = flowHandler<'authenticators'>(env, {
  'POST /account/authenticators/totp': withBody(bodies.reauthenticate, async (body, call) =>
    reply(201, totpOfferBody(await offerTotp(ports)({ ...body, subject: subjectOf(call) }))),
  ),
  'DELETE /account/authenticators/totp': withBody(bodies.reauthenticate, async (body, call) => {
    await removeTotp(ports)({ ...body, subject: subjectOf(call), origin: await originOf(call) });
    return reply(204);
  }),
  'POST /account/authenticators/totp/confirm': withBody(bodies.confirmTotp, async (body, call) => {
    const asking = { subject: subjectOf(call), origin: await originOf(call) };
    return reply(201, recoveryCodesBody(await confirmTotp(ports)({ ...body, ...asking })));
  }),
  'POST /account/recovery-codes': withBody(bodies.reauthenticate, async (body, call) => {
    const asking = { subject: subjectOf(call), origin: await originOf(call) };
    return reply(201, recoveryCodesBody(await renewRecoveryCodes(ports)({ ...body, ...asking })));
  }),
});
