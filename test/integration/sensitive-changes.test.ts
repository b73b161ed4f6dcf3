import { beforeEach, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { changePassword } from '#core/flows/change-password.ts';
import { confirmTotp } from '#core/flows/confirm-totp.ts';
import { offerTotp } from '#core/flows/offer-totp.ts';
import { removeTotp } from '#core/flows/remove-totp.ts';
import { renewRecoveryCodes } from '#core/flows/renew-recovery-codes.ts';
import { origin } from '../support/fakes/builders.ts';
import { type LoggedIn, loggedIn, right } from '../support/world/logged-in.ts';

let clock: LoggedIn['clock'];
let written: LoggedIn['written'];
let subject: LoggedIn['subject'];
let ports: LoggedIn['ports'];

beforeEach(async () => {
  ({ clock, written, ports, subject } = await loggedIn());
});

const types = ['password.changed', 'recovery-codes.created', 'totp.enrolled', 'totp.removed'];

/** The changes that were written, each with its events. */
const changesMade = () =>
  written.filter(({ events = [] }) => events.some(({ type }) => types.includes(type))).length;

const changes = {
  password: () =>
    changePassword(ports)(subject, { ...right, newPassword: 'glass ladder orbit seven' }),
  codes: () => renewRecoveryCodes(ports)({ subject, ...right }),
  removal: () => removeTotp(ports)({ subject, ...right }),
  async app() {
    const { secret, enrolment } = await offerTotp(ports)({ subject, ...right });
    const code = totpCode(secret, totpStep(clock()));
    return confirmTotp(ports)({ subject, origin, enrolment, code });
  },
};

const refusedFor = (retryAfter: number) => ({
  code: 'too_many_requests',
  extras: { retryAfter },
});

describe('sensitive changes of an account', () => {
  it('are limited to six an hour over all kinds, and a refusal says how long to wait', async () => {
    await changes.password();
    // A change closes an offer made in the same second.
    clock.advance(1);
    await changes.app();
    await changes.removal();
    for (let n = 0; n < 3; n++) await changes.codes();
    expect(changesMade()).toBe(6);
    clock.advance(1);
    // It was half past: the hour has 1,798 seconds left.
    await expect(changes.password()).rejects.toMatchObject(refusedFor(1798));
    await expect(changes.codes()).rejects.toMatchObject(refusedFor(1798));
    await expect(changes.app()).rejects.toMatchObject(refusedFor(1798));
    expect(changesMade()).toBe(6);
    clock.advance(1798);
    await changes.password();
    expect(changesMade()).toBe(7);
  });

  it('are limited to twelve a day', async () => {
    for (let hour = 0; hour < 2; hour++) {
      for (let n = 0; n < 6; n++) await changes.password();
      clock.advance(3600);
    }
    // It is 09:30.
    await expect(changes.password()).rejects.toMatchObject(refusedFor(14.5 * 3600));
    expect(changesMade()).toBe(12);
    clock.advance(14.5 * 3600);
    await changes.password();
  });

  it('are not used up without the right password and the app’s code', async () => {
    const wrong = { ...right, currentPassword: 'not this one' };
    const incorrect = { code: 'credentials_incorrect' };
    for (let n = 0; n < 2; n++) {
      await expect(renewRecoveryCodes(ports)({ subject, ...wrong })).rejects.toMatchObject(
        incorrect,
      );
      const { enrolment } = await offerTotp(ports)({ subject, ...right });
      await expect(
        confirmTotp(ports)({ subject, origin, enrolment, code: 'no code' }),
      ).rejects.toMatchObject({ code: 'code_incorrect' });
    }
    for (let n = 0; n < 6; n++) await changes.codes();
  });

  it('are not counted when they change nothing, such as removing an app that is not there', async () => {
    for (let n = 0; n < 7; n++) await changes.removal();
    await changes.codes();
    expect(changesMade()).toBe(1);
  });
});
