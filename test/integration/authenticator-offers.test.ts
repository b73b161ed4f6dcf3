import { beforeEach, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { changePassword } from '#core/flows/change-password.ts';
import { confirmTotp } from '#core/flows/confirm-totp.ts';
import { offerTotp } from '#core/flows/offer-totp.ts';
import { removeTotp } from '#core/flows/remove-totp.ts';
import { renewRecoveryCodes } from '#core/flows/renew-recovery-codes.ts';
import { origin } from '../support/fakes/builders.ts';
import { type LoggedIn, loggedIn, right } from '../support/world/logged-in.ts';

let me: LoggedIn;
beforeEach(async () => {
  me = await loggedIn();
});

const offer = () => offerTotp(me.ports)({ subject: me.subject, ...right });

/** Confirms with the app's current code. A repetition has to wait for the app's next time step. */
function confirm({ secret, enrolment }: Awaited<ReturnType<typeof offer>>): Promise<string[]> {
  const { ports, subject, clock } = me;
  const code = totpCode(secret, totpStep(clock()));
  return confirmTotp(ports)({ subject, origin, enrolment, code });
}

const account = async () => {
  const { ports, subject } = me;
  return ports.accounts.find((await ports.tags()).tag('username', subject.username));
};

const changes = {
  removal: () => removeTotp(me.ports)({ subject: me.subject, ...right }),
  'new recovery codes': () => renewRecoveryCodes(me.ports)({ subject: me.subject, ...right }),
  'a new password': () =>
    changePassword(me.ports)(me.subject, { ...right, newPassword: 'glass ladder orbit seven' }),
  'another app': async () => confirm(await offer()),
};
const names = Object.keys(changes) as (keyof typeof changes)[];
const expired = { code: 'challenge_expired' };

describe('an offer of an authenticator app', () => {
  it('can be confirmed once, even after the app was removed', async () => {
    const offered = await offer();
    expect(await confirm(offered)).toHaveLength(10);
    await expect(confirm(offered)).rejects.toMatchObject(expired);
    await changes.removal();
    me.clock.advance(60);
    await expect(confirm(offered)).rejects.toMatchObject(expired);
    expect(await account()).not.toHaveProperty('totp');
    expect(await account()).not.toHaveProperty('recoveryCodes');
  });

  it.each(names)('is closed by %s, even when it was never confirmed', async (name) => {
    await confirm(await offer());
    me.clock.advance(1);
    const open = await offer();
    me.clock.advance(name === 'another app' ? 1 : 0);
    await changes[name]();
    me.clock.advance(60);
    await expect(confirm(open)).rejects.toMatchObject(expired);
    expect(await confirm(await offer())).toHaveLength(10);
  });

  it('uses up none of the owner’s budget of changes when it is repeated after being closed', async () => {
    const offered = await offer();
    await confirm(offered);
    for (let n = 0; n < 20; n++) await expect(confirm(offered)).rejects.toMatchObject(expired);
    for (let n = 0; n < 5; n++) await changes['new recovery codes']();
  });

  it('does not overtake a removal that comes between its check and its write', async () => {
    await confirm(await offer());
    me.clock.advance(1);
    const open = await offer();
    me.clock.advance(1);
    const { ports } = me;
    const enrolTotp: typeof ports.accounts.enrolTotp = async (...of) => {
      await removeTotp(ports)({ subject: me.subject, ...right });
      return ports.accounts.enrolTotp(...of);
    };
    me = { ...me, ports: { ...ports, accounts: { ...ports.accounts, enrolTotp } } };
    await expect(confirm(open)).rejects.toMatchObject(expired);
    expect(await account()).not.toHaveProperty('totp');
  });
});
