import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { readChallenge } from '#core/flows/read-challenge.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import type { Charge } from '#core/model/ledger.ts';
import { Problem, problemKinds } from '#core/model/problems.ts';
import type { Ports } from '#core/ports/index.ts';
import type { Entropy } from '#core/system.ts';
import { maskPhone } from '#core/values/phone.ts';
import { challengeBody } from '../../lambdas/http/views.ts';
import { limits, nationalId, phone as newPhone } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { fakeStores } from '../support/world/stores.ts';
import { watchCalls } from '../support/world/watched-calls.ts';
import { username as newUsername } from '../support/world/world.ts';

/*
 * Whole answers of resets, compared over many requests. Every kind of pair plays the same random script at the same
 * instants, so each answer, wait and AWS call of one kind must come up exactly as often as those of every other kind.
 */

const seed = process.env['ENUMERATION_SEED'] ?? randomBytes(4).toString('hex');
const least = 20_000;

/** Repeatable random numbers: SHA-256 of a counter. */
function randomOf(text: string) {
  let counter = 0;
  const next = () => createHash('sha256').update(`${text}/${counter++}`).digest();
  const entropy: Entropy = (bytes) => {
    const parts: Buffer[] = [];
    while (parts.length * 32 < bytes) parts.push(next());
    return Buffer.concat(parts).subarray(0, bytes);
  };
  return { entropy, below: (n: number) => next().readUInt32BE(0) % n };
}

type Pair = Pick<Human, 'username' | 'nationalId'>;
type Engine = ReturnType<typeof openEngine>;

/** A weakness that is put back, to show that the comparison finds it. */
type Weakness = 'mask' | 'ledger-by-phone' | 'cap-by-answer';

/** A pair that an attacker asks about, and what makes it one of its kind. */
interface Subject {
  readonly pair: Pair;
  /** The phone behind it, where there is one. */
  readonly phone: string | undefined;
  /** What happens just before the attacker asks, in the same hour. */
  readonly atStart?: () => Promise<void>;
}

interface Kind {
  readonly name: string;
  prepare(engine: Engine): Promise<Subject>;
}

const someone = (phone = newPhone()): Human => ({
  username: newUsername(),
  nationalId: nationalId(),
  phone,
  password: 'river wolf teapot',
});

const known = async (engine: Engine): Promise<Human> => engine.register(someone());
const of = ({ username, nationalId, phone }: Human): Subject => ({
  pair: { username, nationalId },
  phone,
});

async function held(engine: Engine): Promise<{ human: Human; away: string }> {
  const human = await known(engine);
  const thief = await engine.logIn(human);
  const away = newPhone();
  engine.clock.advance(1);
  await engine.completeMove(thief, await engine.phoneTicket(thief, away, human.password));
  return { human, away };
}

const kinds: Kind[] = [
  { name: 'known pair', prepare: async (engine) => of(await known(engine)) },
  {
    name: 'known name, other ID',
    async prepare(engine) {
      const { username } = await known(engine);
      return { pair: { username, nationalId: nationalId() }, phone: undefined };
    },
  },
  {
    name: 'known ID, other name',
    async prepare(engine) {
      const { nationalId } = await known(engine);
      return { pair: { username: newUsername(), nationalId }, phone: undefined };
    },
  },
  {
    name: 'unknown pair',
    async prepare() {
      const { username, nationalId } = someone();
      return { pair: { username, nationalId }, phone: undefined };
    },
  },
  { name: 'held account', prepare: async (engine) => of((await held(engine)).human) },
  {
    name: 'account whose move was undone',
    async prepare(engine) {
      const { human } = await held(engine);
      await engine.completeReset(await engine.resetTicket(human, human.phone), 'none of it is set');
      return of(human);
    },
  },
  {
    name: 'closing account',
    async prepare(engine) {
      const human = await known(engine);
      await engine.ports.accounts.beginClosing(await engine.accountOf(human), engine.clock());
      return of(human);
    },
  },
  {
    name: 'account on a phone whose cap is full',
    async prepare(engine) {
      const human = await known(engine);
      const ledger = {
        scope: 'resets-to-phone',
        tag: engine.keys.tag('phone', human.phone),
      } as const;
      const charge: Charge = { ledger, counts: 'uses', budgets: {} };
      const atStart = async () => {
        for (let n = 0; n < limits.resetsPerPhoneAndDay; n++) {
          await engine.ports.ledgers.charge(charge, engine.clock());
        }
      };
      return { ...of(human), atStart };
    },
  },
  {
    name: 'account beside one whose resets are used up',
    async prepare(engine) {
      const human = await known(engine);
      const beside = await engine.register(someone(human.phone));
      const atStart = async () => {
        for (let n = 0; n < limits.sendsPerPhoneAndHour; n++) await engine.sendReset(beside);
      };
      return { ...of(human), atStart };
    },
  },
];

/** One step of a script. `on`: which of the challenges it started so far. */
type Step =
  | { readonly kind: 'start' }
  | { readonly kind: 'read' | 'send' | 'guess'; readonly on: number }
  | { readonly kind: 'wait'; readonly seconds: number };

/** A random script: how an attacker may ask. It reaches the cool-down, every budget, the lock and the expiry. */
function scriptOf({ below }: ReturnType<typeof randomOf>): Step[] {
  if (below(5) === 0) return guessingScript(below(limits.attemptsPerChallenge));
  const steps: Step[] = [{ kind: 'start' }];
  let started = 1;
  for (let n = 0; n < 30; n++) {
    const on = below(3) === 0 ? below(started) : started - 1;
    const draw = below(20);
    if (draw < 3) {
      steps.push({ kind: 'start' });
      started += 1;
    } else if (draw < 10) steps.push({ kind: 'send', on });
    else if (draw < 14) steps.push({ kind: 'read', on });
    else if (draw < 18) steps.push({ kind: 'guess', on });
    else {
      const waits = [5, 11, limits.resendSeconds, 240, 1800] as const;
      steps.push({ kind: 'wait', seconds: waits[below(waits.length)] ?? 5 });
    }
  }
  return steps;
}

/** Guesses at one challenge after the other, until a start is refused. @param spared guesses at the first one */
function guessingScript(spared: number): Step[] {
  return [0, 1, 2, 3, 4, 5].flatMap((on): Step[] => [
    { kind: 'start' },
    { kind: 'send', on },
    ...Array.from(
      { length: limits.attemptsPerChallenge - (on === 0 ? spared : 0) },
      (): Step => ({
        kind: 'guess',
        on,
      }),
    ),
    { kind: 'wait', seconds: 1800 },
  ]);
}

interface Played {
  /** Each answer as a client sees it, with the AWS calls it took. */
  readonly answers: string[];
  readonly requests: number;
}

/** Plays one script against one subject, at instants that are the same for every subject. */
async function play(
  engine: Engine,
  { pair, phone }: Subject,
  steps: readonly Step[],
  weakness?: Weakness,
): Promise<Played> {
  const startsAt = engine.clock();
  const ids: string[] = [];
  const answers: string[] = [];
  let requests = 0;

  async function ask(name: string, run: (ports: Ports) => Promise<unknown>): Promise<void> {
    requests += 1;
    const { ports, calls } = watchCalls(weakened(engine.ports, weakness));
    let seen: unknown;
    try {
      seen = { status: 200, body: normal(await run(ports)) };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      seen = { status: problemKinds[error.code].status, code: error.code, ...error.extras };
    }
    answers.push(JSON.stringify([name, engine.clock() - startsAt, seen, calls.toSorted()]));
  }

  /** The body without what differs between any two answers: the id. Instants count from the script's start. */
  function normal(view: unknown): unknown {
    const challenge = view as Parameters<typeof challengeBody>[0];
    const { id: _, ...body } = challengeBody(challenge, limits).challenge;
    const since = (instant: string) => Date.parse(instant) / 1000 - startsAt;
    const shown = weakness === 'mask' && phone ? { destination: maskPhone(phone) } : {};
    return {
      ...body,
      ...shown,
      sendAgainAt: since(body.sendAgainAt),
      expiresAt: since(body.expiresAt),
    };
  }

  for (const step of steps) {
    switch (step.kind) {
      case 'wait':
        engine.clock.advance(step.seconds);
        break;
      case 'start':
        await ask('start', async (ports) => {
          const from = { address: engine.someAddress(), language: 'en' as const };
          const view = await startPasswordReset(ports)({ ...pair, ...from });
          ids.push(view.id);
          return view;
        });
        break;
      default: {
        const id = ids[step.on];
        // Its start was refused.
        if (id === undefined) break;
        if (step.kind === 'read') await ask('read', (ports) => readChallenge(ports)({ id }));
        if (step.kind === 'guess') {
          const code = await wrongCode(engine, id);
          const address = engine.someAddress();
          await ask('guess', (ports) => verifySmsCode(ports)({ id, code, address }));
        }
        if (step.kind === 'send') {
          const address = async () => engine.someAddress();
          await ask('send', (ports) => sendChallenge(ports)({ id, address }));
          await engine.deliver(id);
        }
      }
    }
  }
  return { answers, requests };
}

/** Never the right one, which only the phone's holder reads. */
async function wrongCode(engine: Engine, id: string): Promise<string> {
  return String((Number(engine.codeOf(id)) + 1) % 10 ** 6).padStart(6, '0');
}

function weakened(ports: Ports, weakness: Weakness | undefined): Ports {
  if (weakness === undefined || weakness === 'mask') return ports;
  const { challenges } = ports;
  const send: typeof challenges.send = async (read, next, charges, now) => {
    if (weakness === 'cap-by-answer') {
      const cap = { scope: 'resets-to-phone', tag: read.phoneTag } as const;
      const budgets = {
        usesPerPart: limits.resetsPerPhoneAndHour,
        usesPerWindow: limits.resetsPerPhoneAndDay,
      };
      return challenges.send(read, next, [...charges, { ledger: cap, budgets }], now);
    }
    const byPhone = charges.map((charge) =>
      charge.counts ? { ...charge, ledger: { ...charge.ledger, tag: read.phoneTag } } : charge,
    );
    return challenges.send(read, next, byPhone, now);
  };
  return { ...ports, challenges: { ...challenges, send } };
}

/** How often each answer came. */
function tally(answers: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return counts;
}

/**
 * Plays scripts against all kinds until there were enough requests.
 * @returns for each kind, the answers that came up more or less often than for an unknown pair
 */
async function compare(requests: number, which: readonly Kind[], weakness?: Weakness) {
  const all = new Map(which.map(({ name }) => [name, [] as string[]]));
  let asked = 0;
  for (let round = 0; asked < requests; round++) {
    const script = scriptOf(randomOf(`${seed}/script/${round}`));
    for (const { name, prepare } of which) {
      const { entropy } = randomOf(`${seed}/${round}/${name}`);
      const engine = openEngine(fakeStores(), entropy);
      // Every script begins with a day, whose budgets nothing has touched.
      engine.clock.advance(secondsToMidnight(engine) - 3600);
      const subject = await prepare(engine);
      engine.clock.advance(secondsToMidnight(engine));
      await subject.atStart?.();
      const played = await play(engine, subject, script, weakness);
      asked += played.requests;
      all.get(name)?.push(...played.answers);
    }
  }
  const unknown = tally(all.get('unknown pair') ?? []);
  const differences = which.map(({ name }) => {
    const mine = tally(all.get(name) ?? []);
    const answers = new Set([...mine.keys(), ...unknown.keys()]);
    const differing = [...answers].filter((answer) => mine.get(answer) !== unknown.get(answer));
    return { name, differing };
  });
  return {
    asked,
    answers: unknown,
    differences: differences.filter(({ differing }) => differing.length > 0),
  };
}

const secondsToMidnight = ({ clock }: Engine): number => 86_400 - (clock() % 86_400);

describe(`the answers of resets (ENUMERATION_SEED=${seed} repeats them)`, () => {
  it('are the same for every kind of pair in 20,000 requests: statuses, bodies, waits, deliveries, AWS calls', async () => {
    const { asked, answers, differences } = await compare(least, kinds);
    console.log(
      `${asked} requests, ${kinds.length} kinds of pairs, ${answers.size} different answers each, ENUMERATION_SEED=${seed}`,
    );
    expect(asked).toBeGreaterThanOrEqual(least);
    expect(differences).toEqual([]);
    // The scripts reach what an answer could tell by.
    const all = [...answers.keys()];
    for (const reached of [
      /^\["start".*"destination":null/,
      /^\["start".*too_many_requests/,
      /^\["send".*too_many_requests/,
      /^\["send".*challenge_expired/,
      /^\["send".*challenge_locked/,
      /^\["read".*"delivery":"queued"/,
      /^\["read".*"delivery":"sent"/,
      /^\["read".*"delivery":"failed"/,
      /^\["guess".*code_incorrect/,
      /^\["guess".*challenge_locked/,
    ]) {
      expect(
        all.some((answer) => reached.test(answer)),
        String(reached),
      ).toBe(true);
    }
  });

  it.each([
    ['mask', 'known pair'],
    ['ledger-by-phone', 'account beside one whose resets are used up'],
    ['cap-by-answer', 'account on a phone whose cap is full'],
  ] as const)('would tell a pair with this weakness: %s', async (weakness, told) => {
    const which = kinds.filter(({ name }) => name === told || name === 'unknown pair');
    const { differences } = await compare(1000, which, weakness);
    expect(differences.map(({ name }) => name)).toContain(told);
  });
});

describe('the left-over tickets of a full phone', () => {
  it('answer alike whether a national ID and a username have accounts or not, and open nothing', async () => {
    const { entropy } = randomOf(`${seed}/ids`);
    const engine = openEngine(fakeStores(), entropy);
    const phone = newPhone();
    const others = [];
    for (let n = 0; n < 5; n++) others.push(await engine.register(someone()));
    for (let n = 0; n < limits.accountsPerPhone - 1; n++) {
      await engine.register(someone(phone));
      engine.clock.advance(3600);
    }
    engine.clock.advance(secondsToMidnight(engine));
    const tickets: string[] = [];
    for (let n = 0; n < 3; n++) tickets.push(await engine.registrationTicket(phone));
    const [last = '', ...left] = tickets;
    await engine.open(last, someone(phone));

    const seen = new Map<string, Set<string>>();
    for (const [n, ticket] of left.entries()) {
      for (const { username, nationalId } of others) {
        const stranger = someone(phone);
        const asked = {
          'both unknown': stranger,
          'a taken ID': { ...stranger, nationalId },
          'a taken name': { ...stranger, username },
          'both taken': { ...stranger, username, nationalId },
        };
        for (const [kind, human] of Object.entries(asked)) {
          const { ports, calls } = watchCalls(engine.ports);
          const refusal = await engine.open(ticket, human, ports).then(
            () => 'opened',
            (error: unknown) =>
              error instanceof Problem ? JSON.stringify([error.code, error.extras]) : String(error),
          );
          const answers = seen.get(kind) ?? new Set();
          seen.set(kind, answers.add(`${n} ${refusal} ${calls.join()}`));
        }
      }
    }
    const kindsSeen = [...seen.values()].map((answers) => [...answers].toSorted());
    for (const answers of kindsSeen) expect(answers).toEqual(kindsSeen[0]);
    expect(kindsSeen[0]?.every((answer) => answer.includes('phone_full'))).toBe(true);
  });
});
