import { beforeEach, describe, expect, it } from 'vitest';
import { failover } from '../../../lambdas/core/engine/failover.ts';
import type { SmsAnswer, SmsMessage } from '../../../lambdas/core/ports.ts';
import { type FakeClock, fakeClock } from '../../support/fakes/clock.ts';

type Behaviour = 'accepts' | 'refuses' | 'fails' | 'is slow';

let clock: FakeClock;
let asked: string[];
let failures: string[];
const options = {
  ...{ failuresToOpen: 3, openSeconds: 30, slowSeconds: 5, budgetSeconds: 12 },
  onFailure: (provider: string) => void failures.push(provider),
};

beforeEach(() => {
  clock = fakeClock();
  asked = [];
  failures = [];
});

/** Providers called a, b, …, whose behaviour can be changed on the way. */
function providers(...behaviours: Behaviour[]) {
  const behaviour = Object.fromEntries(behaviours.map((b, i) => ['abcd'[i] ?? '', b]));
  const gateways = Object.keys(behaviour).map((name) => ({
    name,
    gateway: {
      async send(): Promise<SmsAnswer> {
        asked.push(name);
        if (behaviour[name] === 'fails') throw new Error(`${name} failed`);
        if (behaviour[name] === 'refuses') return { kind: 'refused' };
        if (behaviour[name] === 'is slow') clock.advance(6);
        return { kind: 'accepted', provider: name };
      },
    },
  }));
  const gateway = failover(gateways, clock, options);
  const send = (partial: Partial<SmsMessage> = {}) =>
    gateway.send({
      ...{ phone: '+966551234567', body: 'x', reference: 'hash.1', sendNumber: 1 },
      until: clock() + 300,
      ...partial,
    });
  return { behaviour, send };
}

/** Who was asked since it was last looked at. */
function newlyAsked(): string {
  const names = asked.join('');
  asked = [];
  return names;
}

describe('the order of providers', () => {
  it('is the configured one, and the first that accepts is the last that is asked', async () => {
    const { send } = providers('accepts', 'accepts');
    expect(await send()).toEqual({ kind: 'accepted', provider: 'a' });
    expect(newlyAsked()).toBe('a');
  });

  it('turns with each send: a provider that lies "sent" is not believed twice', async () => {
    const { send } = providers('accepts', 'accepts', 'accepts');
    for (const sendNumber of [1, 2, 3, 4]) await send({ sendNumber });
    expect(newlyAsked()).toBe('abca');
  });

  it('leaves out who reported this very send undelivered', async () => {
    const { send } = providers('accepts', 'accepts');
    expect(await send({ avoid: ['a'] })).toEqual({ kind: 'accepted', provider: 'b' });
    expect(await send({ avoid: ['a', 'b'] })).toEqual({ kind: 'refused' });
    expect(newlyAsked()).toBe('b');
  });
});

describe('a provider', () => {
  it('that fails is followed by the next, with the same message', async () => {
    const { send } = providers('fails', 'accepts');
    expect(await send()).toEqual({ kind: 'accepted', provider: 'b' });
    expect(failures).toEqual(['a']);
  });

  it('that refuses is followed by the next; all refusing is final', async () => {
    expect(await providers('refuses', 'accepts').send()).toEqual({
      ...{ kind: 'accepted', provider: 'b' },
    });
    expect(await providers('refuses', 'refuses').send()).toEqual({ kind: 'refused' });
  });

  it('that could not be asked keeps a refusal from being final', async () => {
    await expect(providers('refuses', 'fails').send()).rejects.toThrow('b failed');
  });

  it('that is the only one and fails leaves it to the outbox', async () => {
    await expect(providers('fails').send()).rejects.toThrow('a failed');
  });
});

describe('a circuit', () => {
  async function opened() {
    const it = providers('fails', 'accepts');
    for (let n = 0; n < 3; n++) await it.send();
    newlyAsked();
    return it;
  }

  it('opens after failures in a row, and the provider is not asked first any more', async () => {
    const { send } = await opened();
    await send();
    expect(newlyAsked()).toBe('b');
  });

  it('stays closed where a success comes in between', async () => {
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

  it('lets one try when its time is over, and closes if that goes well', async () => {
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

  it('opens again at once if it does not', async () => {
    const { send } = await opened();
    clock.advance(30);
    await send();
    await send();
    expect(newlyAsked()).toBe('abb');
  });

  it('opens for a provider that is slow, though it accepts', async () => {
    const { send } = providers('is slow', 'accepts');
    for (let n = 0; n < 3; n++) await send();
    newlyAsked();
    await send();
    expect(newlyAsked()).toBe('b');
  });

  it('that is open is tried all the same where nobody else is left', async () => {
    const { behaviour, send } = await opened();
    behaviour['b'] = 'fails';
    behaviour['a'] = 'accepts';
    expect(await send()).toEqual({ kind: 'accepted', provider: 'a' });
    expect(newlyAsked()).toBe('ba');
  });
});

describe('time', () => {
  it('is bounded: after the budget nobody else is asked', async () => {
    const slow = failover(
      ['a', 'b', 'c'].map((name) => ({
        name,
        gateway: {
          send: async () => {
            asked.push(name);
            clock.advance(7);
            throw new Error(`${name} timed out`);
          },
        },
      })),
      clock,
      options,
    );
    const message = { phone: '+966551234567', body: 'x', reference: 'r', sendNumber: 1 };
    await expect(slow.send({ ...message, until: clock() + 300 })).rejects.toThrow('b timed out');
    expect(newlyAsked()).toBe('ab');
  });

  it('is over when the code is: nobody is asked to send a dead one', async () => {
    const { send } = providers('accepts');
    await expect(send({ until: clock() })).rejects.toThrow('no time left');
    expect(newlyAsked()).toBe('');
  });
});
