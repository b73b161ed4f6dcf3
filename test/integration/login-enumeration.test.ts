import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seal } from '#core/crypto/seal.ts';
import { totpSecret } from '#core/crypto/totp.ts';
import { logIn } from '#core/flows/log-in.ts';
import { readChallenge } from '#core/flows/read-challenge.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { verifyChallenge } from '#core/flows/verify-challenge.ts';
import { type Account, totpContext } from '#core/model/account.ts';
import type { ChallengeView, Method } from '#core/model/challenge.ts';
import type { Charge } from '#core/model/ledger.ts';
import { Problem, problemKinds } from '#core/model/problems.ts';
import type { Ports } from '#core/ports/index.ts';
import { createRefusedDevices } from '#core/session/refused-devices.ts';
import { challengeBody } from '../../lambdas/http/views.ts';
import { limits, nationalId, phone as newPhone, origin } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { fakeStores } from '../support/world/stores.ts';
import { watchCalls } from '../support/world/watched-calls.ts';
import { username as newUsername } from '../support/world/world.ts';

/*
 * Whole answers of logins with wrong passwords, compared over many requests: up to the phone that is proved first, its sends,
 * codes and waits. Every kind of name plays the same random script at the same instants, so each answer and its AWS calls
 * must be those of every other kind.
 */

const seed = process.env['ENUMERATION_SEED'] ?? randomBytes(4).toString('hex');
const scripts = 40;

type Engine = ReturnType<typeof openEngine>;

/** Repeatable random numbers: SHA-256 of a counter. */
function randomOf(text: string) {
  let counter = 0;
  return (below: number) =>
    createHash('sha256').update(`${text}/${counter++}`).digest().readUInt32BE(0) % below;
}

const someone = (phone = newPhone()): Human => ({
  username: newUsername(),
  nationalId: nationalId(),
  phone,
  password: 'river wolf teapot',
});
const known = (engine: Engine) => engine.register(someone());

/** Shows the account of a person otherwise than it is stored. */
function shownAs(engine: Engine, human: Human, change: (account: Account) => Account): Human {
  const { accounts } = engine.ports;
  const find = accounts.find.bind(accounts);
  accounts.find = async (tag) => {
    const found = await find(tag);
    const ours = tag === engine.keys.tag('username', human.username);
    return found && ours ? change(found) : found;
  };
  return human;
}

async function withApp(engine: Engine): Promise<Human> {
  const human = await known(engine);
  const { current } = await engine.ports.sealKeys();
  const plain = totpSecret(randomBytes(20));
  return shownAs(engine, human, (account) => ({
    ...account,
    totp: {
      secret: seal(current, randomBytes, totpContext(account.usernameTag), plain),
      confirmedAt: account.createdAt,
      lastStep: 0,
    },
    recoveryCodes: ['one', 'two'],
  }));
}

async function besideOneWithoutSends(engine: Engine): Promise<Human> {
  const human = await known(engine);
  const charge: Charge = {
    ledger: { scope: 'phone-first-to-phone', tag: engine.keys.tag('phone', human.phone) },
    counts: 'uses',
    budgets: {},
  };
  for (let n = 0; n < limits.resetsPerPhoneAndDay; n += 1) {
    await engine.ports.ledgers.charge(charge, engine.clock());
  }
  return human;
}

const disabled = async (engine: Engine): Promise<Human> =>
  shownAs(
    engine,
    await known(engine),
    (account) => ({ ...account, status: 'disabled' }) as Account,
  );

type Prepare = (engine: Engine) => Promise<Human>;

const accounts: Readonly<Record<string, Prepare>> = {
  'an account': known,
  'an account with an app': withApp,
  'an account that is disabled': disabled,
  'an account whose phone got the most codes': besideOneWithoutSends,
  nobody: async () => someone(),
};

type Step =
  | { readonly kind: 'login' }
  | { readonly kind: 'read' | 'send'; readonly on: number }
  | { readonly kind: 'guess'; readonly on: number; readonly method: Method }
  | { readonly kind: 'wait'; readonly seconds: number };

/** How a stranger may ask. It reaches the tries, the sends, the lock, the expiry and the ledgers of wrong codes. */
function scriptOf(random: (below: number) => number): Step[] {
  const methods = ['sms', 'totp', 'recovery-code'] as const;
  const steps: Step[] = Array.from({ length: 4 }, () => ({ kind: 'login' }));
  for (let n = 0; n < 40; n += 1) {
    const draw = random(20);
    const on = random(3);
    if (draw < 6) steps.push({ kind: 'login' });
    else if (draw < 11) steps.push({ kind: 'send', on });
    else if (draw < 13) steps.push({ kind: 'read', on });
    else if (draw < 18) steps.push({ kind: 'guess', on, method: methods[random(3)] ?? 'sms' });
    else steps.push({ kind: 'wait', seconds: [5, 61, 300, 3600, 7200][random(5)] ?? 5 });
  }
  return steps;
}

/** A weakness that is put back, to show that the comparison finds it. */
type Weakness = (ports: Ports) => Ports;

/** Plays a script for one kind of name. @returns each answer as a client sees it, with the calls behind it */
async function play(
  prepare: Prepare,
  field: 'username' | 'nationalId',
  steps: readonly Step[],
  weakness: Weakness = (ports) => ports,
): Promise<string[]> {
  const engine = openEngine(fakeStores());
  const name = (await prepare(engine))[field];
  // To the beginning of a day, so that all kinds ask at the same instants of it.
  engine.clock.advance(86_400 - (engine.clock() % 86_400));
  const startsAt = engine.clock();
  const watched = watchCalls(engine.ports);
  const ports = weakness(watched.ports);
  const ids: string[] = [];
  const answers: string[] = [];

  async function ask(what: string, run: () => Promise<unknown>): Promise<void> {
    watched.calls.length = 0;
    let seen: unknown;
    try {
      seen = { status: 200, body: await run() };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      seen = { status: problemKinds[error.code].status, code: error.code, ...error.extras };
    }
    answers.push(JSON.stringify([what, engine.clock() - startsAt, seen, watched.calls.toSorted()]));
  }

  /** The view without what differs between any two: the id. Instants count from the script's start. */
  function normal(view: ChallengeView): unknown {
    const { id: _, ...body } = challengeBody(view, limits).challenge;
    const since = (instant: string) => Date.parse(instant) / 1000 - startsAt;
    return { ...body, sendAgainAt: since(body.sendAgainAt), expiresAt: since(body.expiresAt) };
  }

  async function typed(): Promise<unknown> {
    const login = await logIn({
      ...ports,
      secondFactor: 'new-device',
      refusedDevices: createRefusedDevices(engine.clock),
    })({
      username: name,
      password: 'not the right one',
      tokensIn: 'body',
      address: engine.someAddress(),
      origin,
      language: 'en',
    });
    if (login.kind !== 'phone-first') return login.kind;
    ids.unshift(login.challenge.id);
    return normal(login.challenge);
  }

  const address = async () => engine.someAddress();
  for (const step of steps) {
    if (step.kind === 'wait') engine.clock.advance(step.seconds);
    else if (step.kind === 'login') await ask('login', typed);
    else {
      // The newest, or one before. There is none while the tries last.
      const id = ids[step.on] ?? ids[0];
      if (id === undefined) continue;
      if (step.kind === 'read') {
        await ask('read', async () => normal(await readChallenge(ports)({ id })));
      } else if (step.kind === 'send') {
        await ask('send', async () => normal(await sendChallenge(ports)({ id, address })));
        await engine.deliver(id);
      } else if (step.kind === 'guess') {
        const { method } = step;
        const code = method === 'recovery-code' ? 'ABCDEFGHJKMNPQRS' : '000000';
        const guess = { id, code, method, address, origin: async () => origin };
        await ask(`guess ${method}`, () => verifyChallenge(ports)(guess));
      }
    }
  }
  return answers;
}

describe(`logins with wrong passwords (ENUMERATION_SEED=${seed})`, () => {
  it.each(['username', 'nationalId'] as const)(
    'have the same answers, waits and calls for every kind of name, by %s',
    async (field) => {
      const outcomes = new Set<unknown>();
      for (let n = 0; n < scripts; n += 1) {
        const steps = scriptOf(randomOf(`${seed}/${n}`));
        const [first = [], ...others] = await Promise.all(
          Object.values(accounts).map((prepare) => play(prepare, field, steps)),
        );
        for (const answers of others) expect(answers).toEqual(first);
        for (const answer of first) {
          const [what, , { code, status }] = JSON.parse(answer);
          outcomes.add(`${what} ${code ?? status}`);
        }
      }
      // What the scripts must have reached, for the comparison to mean anything.
      expect([...outcomes]).toEqual(
        expect.arrayContaining([
          'login credentials_incorrect',
          'login 200',
          'login too_many_requests',
          'send 200',
          'send too_many_requests',
          'read 200',
          'guess sms code_incorrect',
          'guess totp code_incorrect',
          'guess recovery-code code_incorrect',
          'guess sms challenge_locked',
        ]),
      );
    },
  );

  it('would be told apart by one call more for a name that somebody has', async () => {
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
    const steps = scriptOf(randomOf(seed));
    const [some, none] = await Promise.all(
      [known, async () => someone()].map((prepare) => play(prepare, 'username', steps, weakness)),
    );
    expect(some).not.toEqual(none);
  });
});
