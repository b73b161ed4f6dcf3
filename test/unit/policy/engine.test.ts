import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { readChallengeId } from '#core/challenge/id.ts';
import { startChallenge } from '#core/challenge/start.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { addressLedger } from '#core/model/ledger.ts';
import type { Ports } from '#core/ports/index.ts';
import { mostGuesses } from '../../../tools/policy/guessing.ts';
import {
  anywhere,
  challengeStart,
  limits,
  sessionLimits,
  spending,
} from '../../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../../support/fakes/clock.ts';
import { fakeDirectory } from '../../support/fakes/directory.ts';
import { testKeys } from '../../support/fakes/keys.ts';
import { fakeRetryQueue } from '../../support/fakes/retry-queue.ts';
import { fakeSmsGateway } from '../../support/fakes/sms-gateway.ts';
import { fakeStores } from '../../support/world/stores.ts';

const hour = 3600;
const address = '192.0.2.1';
const keys = testKeys();
const hashOf = (id: string) => readChallengeId(id)?.hash ?? '';

/** The formulas are compared with the engine: the engine does what they assume of it. */
describe('an attacker who guesses codes at the engine', () => {
  let ports: Ports;
  let clock: FakeClock;
  let guesses: number;

  beforeEach(() => {
    clock = fakeClock(Date.UTC(2027, 0, 1) / 1000);
    guesses = 0;
    const pool = fakeDirectory();
    ports = {
      ...fakeStores(),
      clock,
      limits,
      reviewNumbers: [],
      spending,
      sms: fakeSmsGateway(),
      retries: fakeRetryQueue(),
      directoryUsers: pool,
      directoryTokens: pool,
      entropy: randomBytes,
      ...keys.ports,
      portalHost: 'portal.example.gov.sa',
      termsVersion: '1',
      sessionLimits,
    };
  });

  const start = (decoy = true) =>
    startChallenge(ports)(
      challengeStart('password-reset', {
        decoy,
        send: false,
        phone: '+966500000000',
        phoneTag: keys.tag('phone', '+966500000000'),
        accountTag: 'account',
      }),
    );

  const deliver = (id: string) =>
    deliverChallenge(ports)({ idHash: hashOf(id), sendNumber: 1, round: 0 });

  /** Starts and sends a challenge; undefined when a budget refuses it. */
  async function open(): Promise<string | undefined> {
    try {
      const { id } = await start();
      await sendChallenge(ports)({ address: anywhere, id });
      await deliver(id);
      return id;
    } catch {
      return undefined;
    }
  }

  /**
   * Tries codes at a challenge until it is locked. The challenge is a decoy, so that no code is
   * right.
   */
  async function tryAll(id: string | undefined, most = limits.attemptsPerChallenge): Promise<void> {
    for (let i = 0; id !== undefined && i < most; i += 1) {
      const tried = verifySmsCode(ports)({ id, code: `00000${i}`, address });
      await expect(tried).rejects.toHaveProperty('code', 'code_incorrect');
      guesses += 1;
    }
  }

  /**
   * One challenge an hour for a year. When one more wrong code would close the account, as many
   * challenges as can be open at once.
   */
  async function aYear(): Promise<number> {
    const { failuresPerYear, attemptsPerChallenge } = limits;
    let openedToday = 0;
    for (let passed = 0; passed < 365 * 24; passed += 1) {
      if (passed % 24 === 0) openedToday = 0;
      const spare = failuresPerYear - 1 - guesses;
      if (spare > 0) {
        const id = await open();
        openedToday += id === undefined ? 0 : 1;
        await tryAll(id, Math.min(spare, attemptsPerChallenge));
      } else if (spare === 0 && openedToday === 0 && (passed + 1) % 24 === 0) {
        clock.advance(hour - 1);
        const late = await Promise.all([1, 2, 3, 4].map(() => open()));
        clock.advance(1);
        const early = await Promise.all([1, 2, 3, 4].map(() => open()));
        for (const id of [...late, ...early]) await tryAll(id);
        continue;
      }
      clock.advance(hour);
    }
    return guesses;
  }

  const rightCode = (id: string) => keys.code(hashOf(id));

  it('gets exactly as many guesses a year as the formula says', async () => {
    const bound = mostGuesses('year', limits, { addresses: Number.POSITIVE_INFINITY });
    expect(await aYear()).toBe(bound);
  });

  it('gains nothing from guesses before the SMS is sent: even the right code fails', async () => {
    const { id } = await start(false);
    await sendChallenge(ports)({ address: anywhere, id });
    const tried = verifySmsCode(ports)({ id, code: rightCode(id), address });
    await expect(tried).rejects.toHaveProperty('code', 'code_incorrect');
    await deliver(id);
    const again = verifySmsCode(ports)({ id, code: rightCode(id), address });
    await expect(again).resolves.toHaveProperty('ticket');
  });

  // The money for SMS therefore limits how many codes can be guessed at.
  it('never finds a code that no SMS carried', async () => {
    const nothing = { perDay: 0, unverifiedPerHour: 0, unverifiedPerDay: 0 };
    ports = { ...ports, spending: { ...spending, accounts: nothing } };
    const { id } = await start(false);
    await sendChallenge(ports)({ address: anywhere, id });
    const outcome = await deliver(id);
    expect(outcome).toBe('no-budget');
    const tried = verifySmsCode(ports)({ id, code: rightCode(id), address });
    await expect(tried).rejects.toHaveProperty('code', 'code_incorrect');
  });

  it('causes no more SMS with one challenge than its address is charged for', async () => {
    clock.advance(hour - 121);
    const { id } = await start();
    let sends = 0;
    for (let second = 0; second < 2 * limits.codeSeconds; second += 1) {
      const sent = await sendChallenge(ports)({ id, address: async () => address }).catch(
        () => undefined,
      );
      if (sent) sends += 1;
      clock.advance(1);
    }
    // Three before the edge of the hour, two after it. The start has paid for the first.
    expect(sends).toBe(5);
    const ledger = addressLedger(await ports.tags(), address);
    const counts = [clock() - hour, clock()].map((at) => ports.ledgers.counts(ledger, at));
    const uses = (await Promise.all(counts)).map((each) => each.uses);
    expect(uses.reduce((sum, each) => sum + each)).toBe(sends - 1);
  });
});
