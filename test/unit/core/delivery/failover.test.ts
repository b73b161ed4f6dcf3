import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { failover } from '#core/delivery/failover.ts';
import {
  codeRetryPolicy,
  noticeRetryPolicy,
  type RetryPolicy,
} from '#core/delivery/retry-policy.ts';
import { tryProviders } from '#core/delivery/try-providers.ts';
import { paymentOf } from '#core/model/purpose.ts';
import type { SmsAnswer } from '#core/ports/sms.ts';
import type { ChallengeFields } from '../../../support/fakes/builders.ts';
import { challenge, spending } from '../../../support/fakes/builders.ts';
import { type FakeClock, fakeClock } from '../../../support/fakes/clock.ts';
import { fakeStores } from '../../../support/world/stores.ts';

type Behaviour = 'accepts' | 'refuses' | 'declines' | 'fails' | 'is slow' | 'is silent';

const options = { failuresToOpen: 3, openSeconds: 30, slowSeconds: 5 };
let clock: FakeClock;
let asked: string[];
let failures: string[];

beforeEach(() => {
  clock = fakeClock();
  asked = [];
  failures = [];
});

/** Providers called a, b, …, whose behaviour a test can change on the way. */
function providers(...behaviours: Behaviour[]) {
  const behaviour = Object.fromEntries(behaviours.map((b, i) => ['abcd'[i] ?? '', b]));
  const error = new Error('said no');
  const answers: Record<Behaviour, () => SmsAnswer> = {
    accepts: () => ({ kind: 'accepted' }),
    refuses: () => ({ kind: 'refused' }),
    declines: () => ({ kind: 'failed', troubled: false, error }),
    fails: () => ({ kind: 'failed', troubled: true, error }),
    'is slow': () => {
      clock.advance(7);
      return { kind: 'accepted' };
    },
    'is silent': () => {
      clock.advance(7);
      return { kind: 'unknown', error };
    },
  };
  const gateways = Object.keys(behaviour).map((name) => ({
    name,
    gateway: {
      async send(): Promise<SmsAnswer> {
        asked.push(name);
        return answers[behaviour[name] ?? 'accepts']();
      },
    },
  }));
  const onFailure = (provider: string) => void failures.push(provider);
  const stores = fakeStores();
  const ports = {
    ...stores,
    clock,
    entropy: randomBytes,
    spending,
    sms: failover(gateways, clock, { ...options, onFailure }),
  };
  const message = { phone: '+966551234567', body: 'x', reference: 'hash.1' };

  /** One round for a send of a challenge. Called again, it is the next round of that send. */
  async function send(
    sendNumber = 1,
    partial: ChallengeFields = {},
    round = 0,
    retryPolicy: RetryPolicy = codeRetryPolicy,
  ) {
    const stored = challenge({
      asked: undefined,
      outbox: sendNumber,
      sends: sendNumber,
      expiresAt: clock() + 300,
      ...partial,
    });
    await stores.challenges.start(stored, [], clock());
    return tryProviders(ports)({
      outbox: stores.challenges,
      id: stored.idHash,
      sendNumber,
      round,
      keyVersion: 1,
      state: stored,
      message,
      payment: paymentOf(stored),
      reserved: false,
      expiresAt: stored.expiresAt ?? stored.sendBy,
      retryPolicy,
    });
  }
  return { behaviour, send, stores };
}

/** The providers that were asked since the last call. */
function newlyAsked(): string {
  const names = asked.join('');
  asked = [];
  return names;
}

const taken = (provider: string, by = provider) => ({
  kind: 'accepted',
  provider,
  mayBeOut: true,
  unanswered: by !== provider,
  troubled: false,
  removedAttempts: [],
  refusedBy: [],
});

describe('the order of providers', () => {
  it('is the configured one, and ends with the first provider that accepts', async () => {
    const { send } = providers('accepts', 'accepts');
    expect(await send()).toEqual(taken('a'));
    expect(newlyAsked()).toBe('a');
  });

  it('rotates with each send, so that a false "sent" of one provider cannot repeat', async () => {
    const { send } = providers('accepts', 'accepts', 'accepts');
    for (const sendNumber of [1, 2, 3, 4]) await send(sendNumber);
    expect(newlyAsked()).toBe('abca');
  });

  it('skips a provider that reported this send undelivered', async () => {
    const { send } = providers('accepts', 'accepts');
    expect(await send(1, { failedBy: ['a'] })).toEqual(taken('b'));
    expect(await send(1, { failedBy: ['a', 'b'] })).toMatchObject({ kind: 'over' });
    expect(newlyAsked()).toBe('b');
  });
});

describe('a provider', () => {
  it('that fails is followed by the next, and its attempt is deleted', async () => {
    const { send } = providers('fails', 'accepts');
    expect(await send()).toEqual({ ...taken('b'), troubled: true, removedAttempts: ['1.a.1'] });
    expect(failures).toEqual(['a']);
  });

  it('that gives no answer is followed by the next, and may still have the SMS', async () => {
    const { send } = providers('is silent', 'accepts');
    expect(await send()).toEqual({ ...taken('b', 'ab'), troubled: true });
  });

  it('that refuses is followed by the next; the refusal of all is final', async () => {
    const refused = { removedAttempts: ['1.a.1'], refusedBy: ['a'] };
    expect(await providers('refuses', 'accepts').send()).toEqual({ ...taken('b'), ...refused });
    expect(await providers('refuses', 'refuses').send()).toMatchObject({
      kind: 'over',
      mayBeOut: false,
      refusedBy: ['a', 'b'],
    });
  });

  it('that may accept later keeps a refusal from being final', async () => {
    for (const other of ['fails', 'declines', 'is silent'] as const) {
      expect(await providers('refuses', other).send()).toMatchObject({ kind: 'later' });
    }
  });

  it('that gives no answer twice is not asked a third time', async () => {
    const { send } = providers('is silent');
    expect(await send()).toMatchObject({ kind: 'later', mayBeOut: true, unanswered: true });
    const once = { asked: new Set(['1.a.1']), unansweredAt: clock() };
    // The second attempt waits: an outage shorter than the wait uses up one attempt only.
    expect(await send(1, once)).toMatchObject({ kind: 'later', mayBeOut: true });
    expect(newlyAsked()).toBe('a');
    clock.advance(45);
    expect(await send(1, once)).toMatchObject({ kind: 'over', mayBeOut: true });
    const twice = { asked: new Set(['1.a.1', '1.a.2']) };
    expect(await send(1, twice)).toMatchObject({ kind: 'over', mayBeOut: true, troubled: false });
    expect(newlyAsked()).toBe('a');
  });

  it('is asked again at once after a crash of the sender: it may never have been asked', async () => {
    const { send } = providers('accepts');
    const noted = { asked: new Set(['1.a.1']) };
    expect(await send(1, noted)).toMatchObject({ kind: 'accepted' });
  });

  it('that declines a number without a rule for it is believed after some rounds', async () => {
    const { send } = providers('declines');
    expect(await send(1, {}, 2)).toMatchObject({ kind: 'later' });
    expect(await send(1, {}, 3)).toMatchObject({ kind: 'over', mayBeOut: false });
  });

  it('that declines a notice is never believed, however often it declines', async () => {
    const { send } = providers('declines');
    for (const round of [3, 30]) {
      expect(await send(1, {}, round, noticeRetryPolicy)).toMatchObject({ kind: 'later' });
    }
    expect(newlyAsked()).toBe('aa');
    const refusing = providers('refuses', 'refuses');
    expect(await refusing.send(1, {}, 0, noticeRetryPolicy)).toMatchObject({ kind: 'over' });
  });

  it('that gives no answer for a notice is asked six times, at growing intervals', async () => {
    const { send } = providers('is silent');
    const { noAnswerWaits } = noticeRetryPolicy;
    for (const [before, silence] of noAnswerWaits.entries()) {
      const noted = Array.from({ length: before + 1 }, (_, n) => `1.a.${n + 1}`);
      const state = { asked: new Set(noted), expiresAt: clock() + 6 * 3600, unansweredAt: clock() };
      clock.advance(silence - 1);
      expect(await send(1, state, 9, noticeRetryPolicy)).toMatchObject({ kind: 'later' });
      expect(newlyAsked()).toBe('');
      clock.advance(1);
      await send(1, state, 9, noticeRetryPolicy);
      expect(newlyAsked()).toBe('a');
    }
    const six = { asked: new Set([1, 2, 3, 4, 5, 6].map((n) => `1.a.${n}`)) };
    expect(await send(1, six, 9, noticeRetryPolicy)).toMatchObject({ kind: 'over' });
    expect(newlyAsked()).toBe('');
  });

  it('that refused keeps its refusal, although the next step fails', async () => {
    const { send, stores } = providers('refuses', 'accepts');
    const spend = vi.spyOn(stores.spendings, 'spend');
    const defer = vi.spyOn(stores.challenges, 'defer');
    spend.mockImplementationOnce(async () => ({ kind: 'spent' }));
    spend.mockImplementationOnce(async () => ({ kind: 'spent' }));
    spend.mockRejectedValueOnce(new Error('the table is out of reach'));
    await expect(send()).rejects.toThrow('out of reach');
    const said = { round: 0, removedAttempts: ['1.a.1'], refusedBy: ['a'] };
    expect(defer).toHaveBeenCalledWith(expect.any(String), 1, said);
  });

  it('is paid for each SMS it may have sent, and for nothing else', async () => {
    const spent = async (...behaviours: Behaviour[]) => {
      const { send, stores } = providers(...behaviours);
      const paid = vi.spyOn(stores.spendings, 'spend');
      const refunded = vi.spyOn(stores.spendings, 'refund');
      await send();
      return (paid.mock.calls.length - refunded.mock.calls.length) / 2;
    };
    expect(await spent('accepts')).toBe(1);
    expect(await spent('is silent', 'accepts')).toBe(2);
    expect(await spent('fails', 'refuses', 'declines', 'accepts')).toBe(1);
    expect(await spent('fails', 'refuses')).toBe(0);
  });
});

describe('a circuit', () => {
  async function opened() {
    const it = providers('fails', 'accepts');
    for (let n = 0; n < 3; n++) await it.send();
    newlyAsked();
    return it;
  }

  it('opens after failures in a row, and the provider is no longer asked first', async () => {
    const { send } = await opened();
    await send();
    expect(newlyAsked()).toBe('b');
  });

  it('stays closed when a success comes in between', async () => {
    const { behaviour, send } = providers('fails', 'accepts');
    await send();
    await send();
    behaviour['a'] = 'accepts';
    await send();
    behaviour['a'] = 'fails';
    await send();
    await send();
    newlyAsked();
    await send();
    expect(newlyAsked()).toBe('ab');
  });

  it('allows one trial when its time is over, and closes if the trial succeeds', async () => {
    const { behaviour, send } = await opened();
    clock.advance(29);
    await send();
    expect(newlyAsked()).toBe('b');
    clock.advance(1);
    behaviour['a'] = 'accepts';
    await Promise.all([send(), send()]);
    expect(newlyAsked()).toBe('ab');
    await send();
    expect(newlyAsked()).toBe('a');
  });

  it('opens again at once if the trial fails', async () => {
    const { send } = await opened();
    clock.advance(30);
    await send();
    await send();
    expect(newlyAsked()).toBe('abb');
  });

  it('opens for a provider that is slow, although it accepts', async () => {
    const { send } = providers('is slow', 'accepts');
    for (let n = 0; n < 3; n++) await send();
    newlyAsked();
    await send();
    expect(newlyAsked()).toBe('b');
  });

  it('that is open is ignored when no other provider is left', async () => {
    const { behaviour, send } = await opened();
    behaviour['b'] = 'fails';
    behaviour['a'] = 'accepts';
    expect(await send()).toMatchObject({ kind: 'accepted', provider: 'a' });
    expect(newlyAsked()).toBe('ba');
  });

  it('that is open does not end the send when the other providers refuse the number', async () => {
    const { behaviour, send } = await opened();
    behaviour['b'] = 'refuses';
    expect(await send()).toMatchObject({ kind: 'later', mayBeOut: false, refusedBy: ['b'] });
    expect(newlyAsked()).toBe('b');
  });

  it('does not open for declined messages: a stranger chooses the numbers', async () => {
    const { send } = providers('declines', 'accepts');
    for (let n = 0; n < 9; n++) await send();
    newlyAsked();
    await send();
    expect(newlyAsked()).toBe('ab');
  });
});

describe('the time of a round', () => {
  it('is limited: after its budget no other provider is asked', async () => {
    const { send } = providers('is silent', 'is silent', 'accepts');
    expect(await send()).toMatchObject({ kind: 'later', removedAttempts: [], mayBeOut: true });
    expect(newlyAsked()).toBe('ab');
  });

  it('ends with the code: no provider is asked to send an expired one', async () => {
    const { send } = providers('accepts');
    expect(await send(1, { expiresAt: clock() })).toMatchObject({ kind: 'later', mayBeOut: false });
    expect(newlyAsked()).toBe('');
  });
});
