import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { readChallengeId } from '#core/challenge/id.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { spendBreaker } from '#core/model/breaker.ts';
import { addressLedger } from '#core/model/ledger.ts';
import {
  accountClaim,
  anywhere,
  fieldsOf,
  limits,
  phone as newPhone,
  spending,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const keys = testKeys();
const address = '192.0.2.1';
const language = 'en' as const;
const pair = { username: 'sara.q', nationalId: '1000000008' };
const stranger = { username: 'nobody.here', nationalId: '2020202020' };
const targets = [
  ['a real challenge', pair],
  ['a decoy', stranger],
] as const;

describe.each(implementations)('the wait that a refusal names, in %s', (_, open) => {
  let clock: FakeClock;
  let stores: Stores;
  let ports: Parameters<typeof startPasswordReset>[0] & Parameters<typeof sendChallenge>[0];

  beforeEach(async () => {
    clock = fakeClock();
    stores = await open();
    const usernameTag = keys.tag('username', pair.username);
    const { account } = accountClaim(
      {},
      {
        usernameTag,
        ...keys.sealedPhone('+966551234567'),
        status: 'active',
        identityTag: await keys.identityTag(pair.nationalId),
      },
    );
    ports = {
      ...stores,
      clock,
      limits,
      reviewNumbers: [],
      spending,
      entropy: randomBytes,
      ...keys.ports,
      accounts: {
        ...stores.accounts,
        find: async (tag) => (tag === usernameTag ? account : undefined),
      },
    };
  });

  const reset = (of: typeof pair) => startPasswordReset(ports)({ ...of, address, language });
  const register = (phone = newPhone()) => startRegistration(ports)({ phone, address, language });
  const send = (id: string, through = ports) => sendChallenge(through)({ address: anywhere, id });
  const wait = (retryAfter: number) => ({ code: 'too_many_requests', extras: { retryAfter } });
  const hashOf = (id: string) => readChallengeId(id)?.hash ?? '';

  describe.each(targets)('for a resend of %s', (_name, of) => {
    it('is the cool-down when nothing else is full', async () => {
      const { id } = await reset(of);
      await send(id);
      clock.advance(20);
      await expect(send(id)).rejects.toMatchObject(wait(40));
      await expect(send(id)).rejects.toMatchObject({ extras: { limit: 'resend' } });
    });

    it('lasts until the phone’s next hour when the hour is full too', async () => {
      const first = await reset(of);
      await send(first.id);
      for (let n = 0; n < 2; n++) await send((await reset(of)).id);
      // It is 07:30.
      await expect(send(first.id)).rejects.toMatchObject(wait(1800));
    });

    it('lasts until the account’s next day when its wrong codes are used up', async () => {
      const { id } = await reset(of);
      await send(id);
      const { ledgerTag = '' } = fieldsOf(await stores.challenges.find(hashOf(id)));
      const ledger = { scope: 'account', tag: ledgerTag } as const;
      for (let n = 0; n < 20; n++) await stores.ledgers.recordFailure(ledger, clock());
      await expect(send(id)).rejects.toMatchObject(wait(16.5 * 3600));
    });

    it('is the breaker’s wait when that is longer', async () => {
      const { id } = await reset(of);
      await send(id);
      await stores.breakers.open(spendBreaker('service', 'account-phone'), clock() + 1000);
      // As a function sees the breaker that has not cached it as closed.
      const breakers = { ...stores.breakers, openUntil: async () => clock() + 1000 };
      await expect(send(id, { ...ports, breakers })).rejects.toMatchObject(wait(1000));
    });

    it('is exact: a retry after it is not refused', async () => {
      const first = await reset(of);
      await send(first.id);
      for (let n = 0; n < 2; n++) await send((await reset(of)).id);
      await send(first.id).catch(({ extras }) => clock.advance(extras.retryAfter));
      await expect(send((await reset(of)).id)).resolves.toHaveProperty('sent', true);
    });
  });

  describe('for two parallel sends', () => {
    /** Ports on which `event` happens just before this send is written. */
    const meanwhile = (event: () => Promise<unknown>): typeof ports => ({
      ...ports,
      challenges: {
        ...stores.challenges,
        async send(...sending) {
          await event();
          return stores.challenges.send(...sending);
        },
      },
    });

    it.each(targets)(
      'the second send of %s waits for the cool-down of the first',
      async (_name, of) => {
        const { id } = await reset(of);
        const late = meanwhile(async () => {
          await send(id);
          clock.advance(5);
        });
        await expect(send(id, late)).rejects.toMatchObject(wait(60));
      },
    );

    it('the second send learns that the code was verified', async () => {
      const { id } = await register();
      clock.advance(60);
      const idHash = hashOf(id);
      await stores.challenges.recordAttempt(idHash, 1, {
        entry: '1.a.1',
        nonce: 'n',
        keyVersion: 1,
      });
      await stores.challenges.settle(idHash, 1, { delivery: 'sent', provider: 'a' });
      const at = { right: true, now: clock(), ticketExpiresAt: clock() + 600, nonce: 'n' };
      const verified = meanwhile(() =>
        stores.challenges.verify(idHash, { ...at, maxAttempts: limits.attemptsPerChallenge }),
      );
      await expect(send(id, verified)).rejects.toMatchObject({ code: 'challenge_expired' });
    });

    it.each(targets)(
      'the second send of %s learns that the challenge was locked',
      async (_name, of) => {
        const { id } = await reset(of);
        const locked = meanwhile(async () => {
          await send(id);
          for (let n = 0; n < limits.attemptsPerChallenge; n++) {
            const at = { now: clock(), maxAttempts: limits.attemptsPerChallenge };
            await stores.challenges.countAttempt(hashOf(id), at);
          }
        });
        await expect(send(id, locked)).rejects.toMatchObject({ code: 'challenge_locked' });
      },
    );
  });

  it('a refusal makes the same calls for a real challenge and a decoy', async () => {
    const calls: string[] = [];
    const watched = <Store extends object>(name: string, store: Store): Store =>
      new Proxy(store, {
        get(target, method) {
          calls.push(`${name}.${String(method)}`);
          return Reflect.get(target, method);
        },
      });
    const callsOf = async (of: typeof pair) => {
      const { id } = await reset(of);
      await send(id);
      calls.length = 0;
      const through = {
        ...ports,
        challenges: watched('challenges', ports.challenges),
        ledgers: watched('ledgers', ports.ledgers),
        breakers: watched('breakers', ports.breakers),
      };
      await expect(send(id, through)).rejects.toThrow('too_many_requests');
      return [...calls];
    };
    expect(await callsOf(pair)).toEqual(await callsOf(stranger));
  });

  it('a registration that the breaker refuses costs its address nothing, even at the address’s last unit', async () => {
    const ledger = addressLedger(keys.tagger, address);
    const charge = { ledger, counts: 'uses', budgets: { usesPerWindow: 1000 } } as const;
    for (let n = 0; n < limits.sendsPerAddressAndMinute; n++) {
      await stores.ledgers.charge(charge, clock());
    }
    const before = await stores.ledgers.counts(ledger, clock());
    await stores.breakers.open(spendBreaker('service', 'caller-chosen-phone'), clock() + 1000);
    await expect(register()).rejects.toMatchObject(wait(1000));
    expect(await stores.ledgers.counts(ledger, clock())).toEqual(before);
  });
});
