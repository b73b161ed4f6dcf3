import { beforeEach, describe, expect, it } from 'vitest';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { completeLogin } from '#core/flows/complete-login.ts';
import { logIn } from '#core/flows/log-in.ts';
import { Problem } from '#core/model/problems.ts';
import type { Ports } from '#core/ports/index.ts';
import { createRefusedDevices, type RefusedDevices } from '#core/session/refused-devices.ts';
import { readUsername } from '#core/values/username.ts';
import { accountClaim, nationalId, phone as newPhone, origin } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { fakeStores } from '../support/world/stores.ts';
import { watchCalls } from '../support/world/watched-calls.ts';
import { username as newUsername } from '../support/world/world.ts';

const password = 'river wolf teapot';
const wrong = 'river wolf coffee pot';

let engine: ReturnType<typeof openEngine>;
let calls: string[];
let ports: Ports;
let refusedDevices: RefusedDevices;
/** The names for which the directory was asked. */
let asked: string[];
beforeEach(() => {
  engine = openEngine(fakeStores());
  refusedDevices = createRefusedDevices(engine.clock);
  asked = [];
  const { directoryTokens, limits } = engine.ports;
  const watched = watchCalls({
    ...engine.ports,
    limits: { ...limits, failedNationalIdLoginsPerHour: 6, failedNationalIdLoginsPerDay: 60 },
    directoryTokens: {
      ...directoryTokens,
      authenticate: (name, typed) => {
        asked.push(name);
        return directoryTokens.authenticate(name, typed);
      },
    },
  });
  ({ ports, calls } = watched);
});

const someone = (): Human => ({
  username: newUsername(),
  nationalId: nationalId(),
  phone: newPhone(),
  password,
});
const known = () => engine.register(someone());

interface Typed {
  readonly password?: string;
  readonly device?: string;
  readonly recognition?: string;
  readonly address?: string;
}

/** Types a name and a password. @returns the kind of the login, or the problem with its limit */
async function type(name: string, typed: Typed = {}) {
  const { address = engine.someAddress(), device, ...rest } = typed;
  const devices = device === undefined ? [] : [device];
  calls.length = 0;
  const input = { username: name, password, ...rest, devices, address, origin } as const;
  const way = { secondFactor: 'new-device', refusedDevices } as const;
  try {
    return await logIn({ ...ports, ...way })({ ...input, tokensIn: 'body', language: 'en' });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: [error.code, error.extras.limit].filter(Boolean).join(' ') } as const;
  }
}

/** Logs in on a new device. @returns what the client keeps */
async function enter(name: string, ownDevice = true) {
  const login = await type(name);
  if (!('challenge' in login)) throw new Error(`No code was due: ${login.kind}`);
  const { id } = login.challenge;
  await deliverChallenge(ports)({ idHash: engine.hashOf(id), sendNumber: 1, round: 0 });
  const { ticket } = await engine.verify(id, engine.codeOf(id));
  const opened = await completeLogin(ports)({ ticket, ownDevice, tokensIn: 'body', origin });
  return { device: opened.device?.secret ?? '', recognition: opened.recognition.secret };
}

/** Fails logins with IDs that nobody has, until their budget of the hour is full. */
async function spray(): Promise<void> {
  for (let n = 0; n < 6; n++) await type(nationalId());
  engine.clock.advance(1);
}

describe('a login with a national ID', () => {
  it('opens the account as its username does', async () => {
    const human = await known();
    expect((await type(human.nationalId)).kind).toBe('second-factor-due');
    expect(asked).toEqual([human.username]);
    const { device } = await enter(human.nationalId);
    expect((await type(human.nationalId, { device })).kind).toBe('opened');
    expect((await type(human.username, { device })).kind).toBe('opened');
  });

  it('has tries of its own: used-up tries tell nobody which username has which ID', async () => {
    const [human, stranger] = [await known(), await known()];
    for (let n = 0; n < 3; n++) {
      expect((await type(human.username, { password: wrong })).kind).toBe('credentials_incorrect');
    }
    expect((await type(human.username)).kind).toBe('phone-first');
    for (const { nationalId } of [human, stranger]) {
      expect((await type(nationalId, { password: wrong })).kind).toBe('credentials_incorrect');
      expect((await type(nationalId)).kind).toBe('phone-first');
    }
    expect((await type(stranger.username, { password: wrong })).kind).toBe('credentials_incorrect');
  });

  it('has one try an hour and six a day', async () => {
    const human = await known();
    const kinds: string[] = [];
    engine.clock.advance(86_400 - (engine.clock() % 86_400));
    for (let hour = 0; hour < 8; hour++) {
      kinds.push((await type(human.nationalId, { password: wrong })).kind);
      kinds.push((await type(human.nationalId, { password: wrong })).kind);
      engine.clock.advance(3600);
    }
    const tried = ['credentials_incorrect', 'phone-first'];
    expect(kinds).toEqual([...Array(6).fill(tried).flat(), ...Array(4).fill('phone-first')]);
  });

  it('proves the phone first as the username does, and its ticket opens the account by the ID', async () => {
    const human = await known();
    for (let n = 0; n < 3; n++) await type(human.nationalId, { password: wrong });
    const login = await type(human.nationalId);
    if (!('challenge' in login)) throw new Error(login.kind);
    expect(login.kind).toBe('phone-first');
    const account = await engine.accountOf(human);
    const stored = await ports.challenges.find(engine.hashOf(login.challenge.id));
    expect(stored).toMatchObject({ phoneTag: account.phoneTag, accountTag: account.usernameTag });
  });

  it('asks the directory for a name that no registration can have, where nobody has the ID', async () => {
    const id = nationalId();
    for (let n = 0; n < 2; n++) {
      expect((await type(id)).kind).toBe('credentials_incorrect');
      engine.clock.advance(3600);
    }
    expect(new Set(asked).size).toBe(1);
    expect(readUsername(asked[0] ?? '')).toBeUndefined();
  });

  it('knows no person by a username that another function sealed into the account', async () => {
    const [human, other] = [await known(), await known()];
    const [account, theirs] = [await engine.accountOf(human), await engine.accountOf(other)];
    const forged = { ...account, username: theirs.username ?? '' };
    ports = { ...ports, accounts: { ...ports.accounts, find: async () => forged } };
    await expect(type(human.nationalId)).rejects.toThrow();
    const { seal } = engine.keys;
    const named = seal(`account-username:${account.usernameTag}`, other.username);
    ports = {
      ...ports,
      accounts: { ...ports.accounts, find: async () => ({ ...account, username: named }) },
    };
    expect((await type(human.nationalId)).kind).toBe('credentials_incorrect');
    expect(asked).not.toContain(other.username);
  });
});

const kinds: Record<string, () => Promise<string>> = {
  'an ID that nobody has': async () => nationalId(),
  'an ID with an account': async () => (await known()).nationalId,
  'an ID whose account is closing': async () => {
    const human = await known();
    await engine.ports.accounts.beginClosing(await engine.accountOf(human), engine.clock());
    return human.nationalId;
  },
  'an ID whose registration is unfinished': async () => {
    const id = nationalId();
    const identityTag = await engine.keys.identityTag(id);
    const claim = accountClaim({ lapsesAt: engine.clock() + 600 }, { identityTag });
    await engine.ports.accounts.openSlots(claim.account.phoneTag);
    await engine.ports.accounts.claim(
      { ...claim, account: { ...claim.account, username: undefined as never } },
      engine.clock(),
    );
    return id;
  },
};

describe('a wrong password with a national ID', () => {
  it.each([
    ['no device', async () => ({})],
    [
      'the device of another person',
      async () => ({ device: (await enter((await known()).username)).device }),
    ],
    ['a device that is forged', async () => ({ device: 'A'.repeat(82) })],
  ] as const)(
    'has the same answers and the same calls whoever has the ID, with %s',
    async (_name, typedOf) => {
      const seen: string[][] = [];
      for (const kind of Object.values(kinds)) {
        const [id, typed] = [await kind(), await typedOf()];
        const answers: string[] = [];
        ports = { ...ports, limits: { ...ports.limits, failedNationalIdLoginsPerHour: 5 } };
        for (let n = 0; n < 4; n++) {
          const { kind: answer } = await type(id, { ...typed, password: wrong });
          answers.push([answer, ...calls.toSorted()].join(' '));
        }
        seen.push(answers);
        // To the next hour, whose budgets nobody has touched.
        engine.clock.advance(3600);
      }
      for (const answers of seen) expect(answers).toEqual(seen[0]);
      expect(seen[0]?.[0]).toMatch(/^credentials_incorrect /);
      expect(seen[0]?.[3]).toMatch(/^phone-first /);
    },
  );
});

describe('when too many logins with national IDs fail', () => {
  it('an ID is refused on unknown browsers with a limit of its own, whoever has it, and costs no try', async () => {
    const human = await known();
    await spray();
    const answers: string[] = [];
    for (const id of [human.nationalId, nationalId()]) {
      const { kind } = await type(id);
      answers.push([kind, ...calls.toSorted()].join(' '));
    }
    expect(answers[0]).toMatch(/^too_many_requests national-id /);
    expect(answers[1]).toBe(answers[0]);
    expect(asked).not.toContain(human.username);
    for (let n = 0; n < 3; n++) await type(human.nationalId);
    expect((await type(human.username)).kind).toBe('second-factor-due');
  });

  it('the username, a recognised browser and a remembered device log in as ever', async () => {
    const human = await known();
    const { device, recognition } = await enter(human.username);
    await spray();
    expect((await type(human.username)).kind).toBe('second-factor-due');
    expect((await type(human.nationalId, { recognition })).kind).toBe('second-factor-due');
    expect((await type(human.nationalId, { device })).kind).toBe('opened');
  });

  it('the recognition of another person lets nobody in, and is no answer about the ID', async () => {
    const [human, other] = [await known(), await known()];
    const { recognition } = await enter(other.username);
    await spray();
    for (const id of [human.nationalId, nationalId()]) {
      expect((await type(id, { recognition })).kind).toBe('too_many_requests national-id');
    }
  });

  it('is over with the hour, and wrong passwords of usernames do not count', async () => {
    const human = await known();
    for (let n = 0; n < 10; n++) await type(newUsername());
    expect((await type(human.nationalId)).kind).toBe('second-factor-due');
    await spray();
    engine.clock.advance(3600);
    expect((await type(human.nationalId)).kind).toBe('second-factor-due');
  });
});
