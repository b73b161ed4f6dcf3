import { setTimeout as sleep } from 'node:timers/promises';
import { readChallengeId } from '#core/challenge/id.ts';
import { mintTicket } from '#core/challenge/ticket.ts';
import { deriveCode } from '#core/crypto/derive-code.ts';
import { derivedKeys } from '#core/crypto/keyring.ts';
import { codeKey, proofKey, sealKey, sessionKey, taggerWith, tagKey } from '#core/crypto/keys.ts';
import { unseal } from '#core/crypto/seal.ts';
import { publicKeyOf } from '#core/crypto/signature.ts';
import { markOf, securityEventTypes } from '#core/model/records.ts';
import { openPhone, sealPhone } from '#core/model/sealed-phone.ts';
import { openUsername } from '#core/model/sealed-username.ts';
import { directoryTokenContext } from '#core/model/session.ts';
import { mintSessionToken } from '#core/session/session-token.ts';
import { limits } from '../fakes/builders.ts';
import { waitUntil } from '../wait-until.ts';
import type { Person, World } from '../world/world.ts';
import type { Intruder, Item } from './intruder.ts';

/** A person whom the intruder attacks. The intruder knows the tags and ids: they are no secrets inside. */
export interface Victim extends Person {
  readonly account: Item;
  readonly usernameTag: string;
  readonly phoneTag: string;
  readonly userId: string;
  readonly sessionId: string;
}

export interface Scene {
  readonly world: World;
  readonly intruder: Intruder;
  /** A phone in the attacker's hands. */
  readonly phone: string;
  /** A person of its own for each attack. */
  victim(): Promise<Victim>;
}

/** @returns whether the attack succeeded */
type Attack = (scene: Scene) => Promise<boolean>;

const newPassword = 'the password of an attacker';

/** Starts a reset of the victim, as any caller can who knows username and national ID. */
async function startReset({ world }: Scene, { username, nationalId }: Victim) {
  const started = await world.post('/password-resets', { username, nationalId });
  const challengeId = readChallengeId(started.body.challenge.id);
  if (!challengeId) throw new Error('The reset has no id');
  return challengeId;
}

async function completes({ world }: Scene, ticket: string): Promise<boolean> {
  const body = { ticket, newPassword, confirmPassword: newPassword };
  const { status } = await world.post('/password-resets/complete', body);
  return status >= 200 && status < 300;
}

const taggerOf = ({ intruder }: Scene) => {
  const keys = intruder.keys('tags', tagKey);
  return keys && taggerWith(keys);
};

/** An SMS that is to come within seconds, or not at all. */
async function arrives({ world, phone }: Scene, before: number): Promise<boolean> {
  const came = () => world.inbox.messages(phone).length > before;
  for (let n = 0; n < 20 && !came(); n++) await sleep(100);
  return came();
}

const now = ({ world }: Scene) => Math.floor(world.clock.now() / 1000);
const number = (value: number) => ({ N: String(value) });

/** Marks a challenge in the table as verified, as far as the role may. */
const markVerified = (scene: Scene, hash: string) =>
  scene.intruder.set(
    `challenge#${hash}`,
    {
      status: { S: 'verified' },
      ticketExpiresAt: number(now(scene) + 600),
      verifiedBy: { S: 'forged' },
      decoy: { BOOL: false },
    },
    'challenge',
  );

/** What an attacker tries from inside a function, by the name of what it would gain. */
export const attacks = {
  'sign a proof and set a password with its ticket': async (scene) => {
    const victim = await scene.victim();
    const challengeId = await startReset(scene, victim);
    await markVerified(scene, challengeId.hash);
    const keys = scene.intruder.keys('proofs', proofKey);
    if (!keys) return false;
    const verification = { method: 'sms', at: now(scene) } as const;
    return completes(scene, await mintTicket(async () => keys)(challengeId, verification));
  },

  'publish a key of its own and set a password with its ticket': async (scene) => {
    const victim = await scene.victim();
    const challengeId = await startReset(scene, victim);
    await markVerified(scene, challengeId.hash);
    const own = proofKey({ version: 9, secret: 's'.repeat(64), from: 0 });
    const key = { publicKey: { S: publicKeyOf(own.privateKey) }, from: number(0) };
    const published = await scene.intruder.set('public-key#verification', { v9: { M: key } });
    const ring = {
      current: own,
      oldest: own,
      all: [own],
      withRetired: [own],
      version: () => own,
    };
    const verification = { method: 'sms', at: now(scene) } as const;
    const ticket = await mintTicket(async () => ring)(challengeId, verification);
    return (await completes(scene, ticket)) || published;
  },

  'have the code of a reset sent to its own phone': async (scene) => {
    const { intruder, phone } = scene;
    const victim = await scene.victim();
    const key = intruder.keys('phone-seals', sealKey)?.current;
    const tagger = taggerOf(scene);
    if (!key || !tagger) return false;
    const tags = [victim.phoneTag, tagger.tag('phone', phone)];
    for (const phoneTag of tags) {
      const before = scene.world.inbox.messages(phone).length;
      const challengeId = await startReset(scene, victim);
      const sealed = sealPhone(key, intruder.random, phoneTag, phone);
      await intruder.set(
        `challenge#${challengeId.hash}`,
        { phone: { S: sealed.phone }, phoneTag: { S: sealed.phoneTag } },
        'challenge',
      );
      await scene.world.post(`/challenges/${challengeId.id}/send`, {});
      if (!(await arrives(scene, before))) continue;
      const code = await scene.world.code(phone, before + 1);
      const { body } = await scene.world.post(`/challenges/${challengeId.id}/verify`, { code });
      if (body?.ticket && (await completes(scene, body.ticket))) return true;
    }
    return false;
  },

  'know the code of a reset': async (scene) => {
    const victim = await scene.victim();
    const challengeId = await startReset(scene, victim);
    const before = scene.world.inbox.messages(victim.phone).length;
    await scene.world.post(`/challenges/${challengeId.id}/send`, {});
    await waitUntil(
      () => scene.world.inbox.messages(victim.phone).length > before || undefined,
      'No code came',
    );
    const keys = scene.intruder.keys('codes', codeKey);
    if (!keys) return false;
    const code = deriveCode(keys.current, challengeId.hash, limits.codeLength);
    const { body } = await scene.world.post(`/challenges/${challengeId.id}/verify`, { code });
    return body?.ticket !== undefined && completes(scene, body.ticket);
  },

  'give back the attempts at a reset’s code': async (scene) => {
    const challengeId = await startReset(scene, await scene.victim());
    return scene.intruder.set(
      `challenge#${challengeId.hash}`,
      { attempts: number(-1000) },
      'challenge',
    );
  },

  'skip the second factor of a reset': async (scene) => {
    const challengeId = await startReset(scene, await scene.victim());
    return scene.intruder.set(
      `challenge#${challengeId.hash}`,
      { secondFactor: { S: 'totp' } },
      'challenge',
    );
  },

  'set a password at the directory': async (scene) => {
    const victim = await scene.victim();
    return scene.intruder.setPassword(victim.userId, newPassword);
  },

  'move the account to its own phone': async (scene) => {
    const { phone, usernameTag } = await scene.victim();
    return scene.intruder.set(`account#${usernameTag}`, {
      phone: { S: phone },
      phoneTag: { S: 'another' },
    });
  },

  'replace the account by one of its own': async ({ intruder, victim }) => {
    const { account } = await victim();
    const whole = await intruder.put({ ...account, phoneTag: { S: 'another' } });
    // A claim of a registration, which has no user yet.
    const { userId: _, stamp: __, ...claim } = account;
    return whole || intruder.put({ ...claim, phoneTag: { S: 'another' } });
  },

  'end the account': async ({ intruder, victim }) => {
    const one = await victim();
    const pk = `account#${one.usernameTag}`;
    const marked = await intruder.set(pk, { status: { S: 'closing' } });
    const deleted = await intruder.remove(pk);
    return (await intruder.deleteUser(one.userId)) || marked || deleted;
  },

  'replace the second factors': async ({ intruder, victim }) => {
    const { usernameTag } = await victim();
    return intruder.set(`account#${usernameTag}`, { totp: { M: { secret: { S: 'own' } } } });
  },

  'use a session': async ({ world, intruder, victim }) => {
    const { userId, sessionId } = await victim();
    const keys = intruder.keys('sessions', sessionKey);
    if (!keys) return false;
    const refreshToken = mintSessionToken(keys.current, { userId, sessionId, generation: 1 });
    return (await world.post('/sessions/refresh', { refreshToken })).status === 201;
  },

  'use the directory’s token of a session': async ({ intruder, victim }) => {
    const { userId, sessionId } = await victim();
    const item = await intruder.read(`session#${userId}`, sessionId);
    const sealed = item?.['directoryToken']?.S;
    const sessions = intruder.keys('sessions', sessionKey);
    const seals = intruder.keys('seals', sealKey);
    const rings = [
      ...(sessions
        ? [
            derivedKeys(
              async () => sessions,
              (key) => key.seal,
            ),
          ]
        : []),
      ...(seals ? [async () => seals] : []),
    ];
    for (const keys of sealed === undefined ? [] : rings) {
      const token = await unseal(keys, directoryTokenContext(sessionId), sealed ?? '', 0).catch(
        () => undefined,
      );
      if (token !== undefined && (await intruder.useDirectoryToken(token))) return true;
    }
    return false;
  },

  'end a session': async ({ intruder, victim }) => {
    const { userId, sessionId, usernameTag } = await victim();
    const deleted = await intruder.remove(`session#${userId}`, sessionId);
    const ended = await intruder.put({
      pk: { S: `session#${userId}` },
      sk: { S: sessionId },
      ended: { S: 'log-out' },
      rotatedAt: number(0),
      ttl: number(4_000_000_000),
    });
    const invalidated = await intruder.set(`account#${usernameTag}`, {
      sessionsValidFrom: number(4_000_000_000),
    });
    return deleted || ended || invalidated;
  },

  'write an event': async ({ intruder, victim }) => {
    const { userId } = await victim();
    const written = await Promise.all(
      securityEventTypes.map((type) =>
        intruder.put({
          pk: { S: `event#${userId}` },
          sk: { S: `forged#${type}` },
          [markOf(type)]: { BOOL: true },
        }),
      ),
    );
    return written.includes(true);
  },

  'text any phone': async (scene) => {
    const { intruder, phone } = scene;
    if (await intruder.text(phone)) return true;
    const key = intruder.keys('phone-seals', sealKey)?.current;
    const tagger = taggerOf(scene);
    if (!key || !tagger) return false;
    const before = scene.world.inbox.messages(phone).length;
    const sealed = sealPhone(key, intruder.random, tagger.tag('phone', phone), phone);
    const id = intruder.random(16).toString('base64url');
    const at = now(scene);
    await intruder.put({
      pk: { S: `notice#${id}` },
      sk: { S: 'notice' },
      kind: { S: 'new-device' },
      language: { S: 'en' },
      phone: { S: sealed.phone },
      phoneTag: { S: sealed.phoneTag },
      createdAt: number(at),
      expiresAt: number(at + 600),
      outbox: number(1),
      sends: number(1),
      status: { S: 'pending' },
      ttl: number(at + 600),
    });
    return arrives(scene, before);
  },

  'read a phone': async ({ intruder, victim }) => {
    const { usernameTag, phone } = await victim();
    const item = await intruder.read(`account#${usernameTag}`);
    const keys = intruder.keys('phone-seals', sealKey);
    if (!item || !keys) return false;
    const sealed = { phone: item['phone']?.S ?? '', phoneTag: item['phoneTag']?.S ?? '' };
    return (await openPhone(async () => keys, sealed, 0)) === phone;
  },

  'read a username': async (scene) => {
    const { usernameTag, username } = await scene.victim();
    const item = await scene.intruder.read(`account#${usernameTag}`);
    const keys = scene.intruder.keys('username-seals', sealKey);
    const tagger = taggerOf(scene);
    const sealed = item?.['username']?.S;
    if (!keys || !tagger || sealed === undefined) return false;
    const account = { username: sealed, usernameTag, createdAt: 0 };
    return (await openUsername(async () => keys, tagger, account)) === username;
  },

  'use up an account’s budgets': async ({ intruder, victim }) => {
    const { usernameTag } = await victim();
    const window = new Date().toISOString().slice(0, 10);
    return intruder.set(`ledger#account#${usernameTag}`, { failures: number(100) }, window);
  },
} satisfies Readonly<Record<string, Attack>>;

export type AttackName = keyof typeof attacks;
