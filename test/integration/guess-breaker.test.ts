import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { readChallengeId } from '#core/challenge/id.ts';
import { startChallenge } from '#core/challenge/start.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { Problem } from '#core/model/problems.ts';
import type { Purpose } from '#core/model/purpose.ts';
import type { LedgerStore } from '#core/ports/ledger-store.ts';
import {
  anywhere,
  challengeStart,
  limits as defaults,
  spending,
  unique,
} from '../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts';
import { testKeys } from '../support/fakes/keys.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const hour = 3600;
const keys = testKeys();
const limits = {
  ...defaults,
  failuresPerServiceAndHour: 20,
  failuresPerServiceAndDay: 30,
  failuresPerPrefixAndHour: 15,
  failuresPerPrefixAndDay: 40,
};

/** A full budget of wrong codes closes nothing. It reduces the attempts of challenges that are started later. */
describe.each(implementations)('the guess breaker, on %s', (_, open) => {
  let stores: Stores;
  let clock: FakeClock;
  let opened: number;
  let uncounted: unknown[];

  beforeEach(async () => {
    stores = await open();
    clock = fakeClock();
    opened = 0;
    uncounted = [];
  });

  const ports = (changed: Partial<Stores> = {}) => ({
    ...stores,
    ...changed,
    clock,
    limits,
    reviewNumbers: [],
    spending,
    entropy: randomBytes,
    ...keys.ports,
    guessMetrics: {
      breakerOpened: () => {
        opened += 1;
      },
      notCounted: (error: unknown) => uncounted.push(error),
    },
  });
  type Start = { purpose?: Purpose; decoy?: boolean; prefix?: string };

  /** Starts a challenge for a person without any guesses, and asks for its SMS. */
  async function start({ purpose = 'registration', decoy = false, prefix = '55' }: Start = {}) {
    const registration = purpose === 'registration';
    const { id } = await startChallenge(ports())(
      challengeStart(purpose, {
        decoy,
        send: registration,
        phoneTag: unique(),
        phone: `+966${prefix}${String(randomBytes(4).readUInt32BE() % 10 ** 7).padStart(7, '0')}`,
      }),
    );
    if (!registration) await sendChallenge(ports())({ address: anywhere, id });
    return id;
  }

  const verify = (id: string, code: string, changed: Partial<Stores> = {}) =>
    verifySmsCode(ports(changed))({ id, code, address: '192.0.2.1' });
  /** @returns the outcome of a wrong code */
  const guess = (id: string, changed: Partial<Stores> = {}) =>
    verify(id, 'wrong', changed).then(
      () => 'verified',
      (error: Problem) => error.code,
    );

  /** The number of wrong codes that a challenge answers before it locks. */
  async function triesOf(id: string): Promise<number> {
    for (let tries = 0; ; tries += 1) {
      if ((await guess(id)) !== 'code_incorrect') return tries;
    }
  }

  /** Sends that many wrong codes in parallel, to open challenges. */
  async function guessAll(count: number, what: Start = {}): Promise<void> {
    const ids = await Promise.all(Array.from({ length: Math.ceil(count / 5) }, () => start(what)));
    const guesses = Array.from({ length: count }, (_none, i) => guess(ids[i % ids.length] ?? ''));
    expect(new Set(await Promise.all(guesses))).toEqual(new Set(['code_incorrect']));
  }

  it('a challenge started while the service’s hourly budget is full allows two wrong codes, real and decoy alike', async () => {
    await guessAll(20, { purpose: 'password-reset', decoy: true });
    expect(opened).toBe(1);
    const reset = { purpose: 'password-reset' } as const;
    expect(await triesOf(await start(reset))).toBe(2);
    expect(await triesOf(await start({ ...reset, decoy: true }))).toBe(2);
    expect(await triesOf(await start())).toBe(2);
  });

  it('nineteen wrong codes in an hour reduce no challenge’s attempts', async () => {
    await guessAll(19, { purpose: 'password-reset' });
    expect([opened, await triesOf(await start())]).toEqual([0, 5]);
  });

  it('a full budget refuses no request: a challenge starts, and its right code verifies after a wrong one', async () => {
    await guessAll(20);
    const id = await start();
    expect(await guess(id)).toBe('code_incorrect');
    const hash = readChallengeId(id)?.hash ?? '';
    await stores.challenges.recordAttempt(hash, 1, {
      entry: '1.fake.1',
      nonce: 'n',
      keyVersion: 1,
    });
    await stores.challenges.settle(hash, 1, { delivery: 'sent', provider: 'fake' });
    const right = keys.code(hash);
    await expect(verify(id, right)).resolves.toHaveProperty('ticket');
  });

  it('a challenge that was already open keeps its attempts', async () => {
    const held = await start();
    await guessAll(20);
    expect(await triesOf(held)).toBe(5);
  });

  it('the reduction ends with the hour, or with the day when the daily budget is full', async () => {
    const reset = { purpose: 'password-reset' } as const;
    await guessAll(20, reset);
    clock.advance(hour);
    expect(await triesOf(await start(reset))).toBe(5);
    await guessAll(5, reset);
    clock.advance(hour);
    expect(await triesOf(await start(reset))).toBe(2);
    clock.advance(24 * hour);
    expect(await triesOf(await start(reset))).toBe(5);
  });

  it('wrong codes for registrations of a prefix reduce the attempts of that prefix’s registrations alone', async () => {
    await guessAll(15, { prefix: '50' });
    expect(await triesOf(await start({ prefix: '50' }))).toBe(2);
    const reset = await start({ purpose: 'password-reset', prefix: '50' });
    const other = await start({ prefix: '53' });
    // Both guesses come before the service's own budget is full.
    expect([await guess(reset), await guess(other)]).toEqual(['code_incorrect', 'code_incorrect']);
    expect([await triesOf(reset), await triesOf(other)]).toEqual([4, 4]);
  });

  it('a wrong code for a reset is never counted for its prefix', async () => {
    await guessAll(14, { prefix: '50' });
    await guess(await start({ purpose: 'password-reset', prefix: '50' }));
    expect(opened).toBe(0);
    await guess(await start({ prefix: '50' }));
    expect(opened).toBe(1);
  });

  it('wrong codes for challenges that were never sent reduce no attempts', async () => {
    const asked = ports();
    for (let n = 0; n < 5; n += 1) {
      const { id } = await startChallenge(asked)(
        challengeStart('password-reset', {
          decoy: true,
          send: false,
          phone: '+966550000000',
          phoneTag: unique(),
        }),
      );
      expect(await triesOf(id)).toBe(5);
    }
    expect(opened).toBe(0);
  });

  it('an opening that a crash has lost is repeated ten wrong codes later', async () => {
    const reset = { purpose: 'password-reset' } as const;
    await guessAll(19, reset);
    const dying = { ...stores.breakers, open: () => Promise.reject(new Error('dead')) };
    expect(await guess(await start(reset), { breakers: dying })).toBe('code_incorrect');
    await guessAll(9, reset);
    expect(opened).toBe(0);
    await guessAll(1, reset);
    expect([opened, await triesOf(await start(reset))]).toEqual([1, 2]);
  });

  it('a throttled service or prefix ledger is reported and the guess answered; a throttled account, address or phone refuses it', async () => {
    const throttled = new Problem('unavailable', { retryAfter: 1 });
    const all: LedgerStore = {
      ...stores.ledgers,
      recordGuess: () => Promise.reject(throttled),
    };
    expect(await guess(await start(), { ledgers: all })).toBe('code_incorrect');
    // One error for the service's ledger and one for the prefix's.
    expect(uncounted).toEqual([throttled, throttled]);

    for (const scope of ['account', 'address', 'phone-password-reset']) {
      const ledgers: LedgerStore = {
        ...stores.ledgers,
        recordFailure: (ledger, at) =>
          ledger.scope === scope
            ? Promise.reject(throttled)
            : stores.ledgers.recordFailure(ledger, at),
      };
      const id = await start({ purpose: 'password-reset' });
      expect(await guess(id, { ledgers }), scope).toBe('unavailable');
    }
  });
});
