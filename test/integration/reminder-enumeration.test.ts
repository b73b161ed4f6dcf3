import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deliverNotice } from '#core/delivery/deliver-notice.ts';
import { remindUsername } from '#core/flows/remind-username.ts';
import { Problem } from '#core/model/problems.ts';
import type { Records } from '#core/model/records.ts';
import type { Ports } from '#core/ports/index.ts';
import { nationalId, phone as newPhone } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { fakeStores } from '../support/world/stores.ts';
import { watchCalls } from '../support/world/watched-calls.ts';
import { username as newUsername } from '../support/world/world.ts';

/*
 * Every kind of pair is asked for at the same instants, from the same networks. Each answer, and the calls behind it, must
 * be those of every other kind. Only the SMS tells a pair that belongs together.
 */

type Engine = ReturnType<typeof openEngine>;
type Pair = Pick<Human, 'nationalId' | 'phone'>;

const someone = (): Human => ({
  username: newUsername(),
  nationalId: nationalId(),
  phone: newPhone(),
  password: 'river wolf teapot',
});
const known = (engine: Engine) => engine.register(someone());

async function moved(engine: Engine) {
  const human = await known(engine);
  const thief = await engine.logIn(human);
  const away = newPhone();
  engine.clock.advance(1);
  await engine.completeMove(thief, await engine.phoneTicket(thief, away, human.password));
  return { human, away };
}

/** An account that was opened before usernames were kept. */
async function old(engine: Engine): Promise<Human> {
  const human = await known(engine);
  const { accounts } = engine.ports;
  const find = accounts.find.bind(accounts);
  accounts.find = async (tag) => {
    const found = await find(tag);
    if (tag !== engine.keys.tag('username', human.username) || !found) return found;
    const { username: _, ...unnamed } = found;
    return unnamed;
  };
  return human;
}

interface Kind {
  /** SMS an hour. */
  readonly sms: 0 | 1;
  pair(engine: Engine): Promise<Pair>;
}

const kinds: Record<string, Kind> = {
  'known pair': { sms: 1, pair: known },
  'known ID, phone of another account': {
    sms: 0,
    pair: async (engine) => ({
      nationalId: (await known(engine)).nationalId,
      phone: (await known(engine)).phone,
    }),
  },
  'known ID, unknown phone': {
    sms: 0,
    pair: async (engine) => ({ ...(await known(engine)), phone: newPhone() }),
  },
  'known phone, unknown ID': {
    sms: 0,
    pair: async (engine) => ({ ...(await known(engine)), nationalId: nationalId() }),
  },
  'unknown pair': { sms: 0, pair: async () => someone() },
  'former phone during a hold': { sms: 1, pair: async (engine) => (await moved(engine)).human },
  'new phone during a hold': {
    sms: 0,
    async pair(engine) {
      const { human, away } = await moved(engine);
      return { nationalId: human.nationalId, phone: away };
    },
  },
  'account that is closing': {
    sms: 1,
    async pair(engine) {
      const human = await known(engine);
      await engine.ports.accounts.beginClosing(await engine.accountOf(human), engine.clock());
      return human;
    },
  },
  'account without a kept username': { sms: 0, pair: old },
};

/** A weakness that is put back, to show that the comparison finds it. */
type Weakness = (ports: Ports) => Ports;

/** Asks for one pair: four times in an hour, then in each of three hours, from two networks. */
async function play({ pair: prepare }: Kind, weakness: Weakness = (ports) => ports) {
  const written: Partial<Records>[] = [];
  const engine = openEngine(fakeStores(written));
  const pair = await prepare(engine);
  const { ports: watched, calls } = watchCalls(engine.ports);
  const ports = weakness(watched);
  const owed: string[] = [];
  const outcomes: string[] = [];
  const owe = ports.notices.owe.bind(ports.notices);
  const asking: Ports = {
    ...ports,
    notices: {
      ...ports.notices,
      owe: async (notice) => {
        owed.push(notice.id);
        await owe(notice);
      },
    },
  };
  // To the beginning of an hour, so that all kinds ask at the same instants of it.
  engine.clock.advance(3600 - (engine.clock() % 3600));
  const before = engine.sms.sent.length;
  const answers: string[] = [];
  for (const wait of [0, 0, 60, 60, 3600, 3600, 3600]) {
    engine.clock.advance(wait);
    calls.length = 0;
    const address = `198.51.100.${answers.length % 2}`;
    const { nationalId, phone } = pair;
    const answer = await remindUsername(asking)({ nationalId, phone, address, language: 'ar' })
      .then(() => 'done')
      .catch((error: unknown) => (error instanceof Problem ? error.code : String(error)));
    answers.push([answer, ...calls].join(' '));
    const noticeId = owed.at(-1) ?? '';
    outcomes.push(await deliverNotice(engine.ports)({ noticeId, sendNumber: 1, round: 0 }));
  }
  return { answers, outcomes, sent: engine.sms.sent.slice(before).length };
}

describe('a reminder of a username', () => {
  it('has the same answers and the same calls for every kind of pair', async () => {
    const played = await Promise.all(Object.values(kinds).map((kind) => play(kind)));
    const [first] = played;
    expect(new Set(first?.answers)).toEqual(
      new Set([
        'done ledgers.charge accounts.usernameTagOf accounts.find ledgers.charge notices.owe',
      ]),
    );
    for (const { answers } of played) expect(answers).toEqual(first?.answers);
  });

  it.each(Object.entries(kinds))('texts as many as it owes: %s', async (_name, kind) => {
    const { outcomes, sent } = await play(kind);
    const known = ['sent', 'decoy', 'decoy', 'decoy', 'sent', 'decoy', 'decoy'];
    expect(outcomes).toEqual(kind.sms ? known : Array(7).fill('decoy'));
    expect(sent).toBe(2 * kind.sms);
  });

  it('would be told apart by one call more for an account that is found', async () => {
    const weakness: Weakness = (ports) => ({
      ...ports,
      accounts: {
        ...ports.accounts,
        find: async (tag) => {
          const found = await ports.accounts.find(tag);
          if (found) await ports.ledgers.counts({ scope: 'account', tag }, ports.clock());
          return found;
        },
      },
    });
    const seen = await Promise.all(
      [kinds['known pair'], kinds['unknown pair']].map((kind) => play(kind as Kind, weakness)),
    );
    expect(seen[0]?.answers).not.toEqual(seen[1]?.answers);
  });

  it('gives its unit back to the address where the table does not answer', async () => {
    const engine = openEngine(fakeStores());
    const human = await known(engine);
    const unit = { scope: 'address', tag: '' } as const;
    const failing: Ports = {
      ...engine.ports,
      notices: {
        ...engine.ports.notices,
        owe: async () => {
          throw new Problem('unavailable', { retryAfter: 1 });
        },
      },
    };
    const charged: string[] = [];
    const ledgers = new Proxy(engine.ports.ledgers, {
      get: (target, method) => {
        const original = Reflect.get(target, method) as (...inputs: unknown[]) => unknown;
        return (...inputs: [{ ledger?: { scope: string } }]) => {
          charged.push(`${String(method)} ${inputs[0].ledger?.scope ?? ''}`);
          return Reflect.apply(original, target, inputs);
        };
      },
    });
    const input = { ...human, address: randomBytes(4).join('.'), language: 'ar' } as const;
    await expect(remindUsername({ ...failing, ledgers })(input)).rejects.toThrow('unavailable');
    expect(charged).toContain(`returnUnit ${unit.scope}`);
  });
});
