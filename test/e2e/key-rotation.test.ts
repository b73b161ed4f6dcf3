import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readChallengeId } from '#core/challenge/id.ts';
import { deriveCode } from '#core/crypto/derive-code.ts';
import { createKeyring, type VersionMaterial } from '#core/crypto/keyring.ts';
import { codeKey, sealKey, sessionKey, tagKey } from '#core/crypto/keys.ts';
import { noticeMessage } from '#core/delivery/notice-messages.ts';
import { readClaims } from '#core/session/open-session.ts';
import { mintSessionToken } from '#core/session/session-token.ts';
import { languages } from '#core/values/language.ts';
import { materialFrom } from '../../lambdas/adapters/secrets/keys.ts';
import { keySecrets } from '../../lib/config/key-secrets.ts';
import { local } from '../../lib/config/stages/local.ts';
import { resealTable } from '../../tools/reseal/reseal-table.ts';
import { retagTable } from '../../tools/retag/retag-table.ts';
import { rotateKey } from '../../tools/rotate-key/rotate-key.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, outcome, type Person, type World } from '../support/world/world.ts';

/*
 * The rotations of docs/key-compromise.md on the local cloud: the tool changes the secret, and the functions find out by
 * themselves.
 */

const rotated = ['codes', 'proofs', 'sessions'] as const;
const ofTags = ['tags', 'identity-tags'] as const;
const minute = 60;
const lead = 20 * minute;

let world: World;
/** A session that was opened before the rotation and not refreshed since. */
let untouched: { readonly accessToken: string; readonly refreshToken: string };
/** What an attacker copied before the rotation. */
let leaked: Record<(typeof rotated)[number], VersionMaterial>;
beforeAll(async () => {
  world = await openWorld({ config: local });
  leaked = Object.fromEntries(
    rotated.map((purpose) => [purpose, materialFrom(secretOf(purpose)).versions[0]]),
  ) as typeof leaked;
});
afterAll(() => world.close());

const ofSeals = ['phone-seals', 'username-seals', 'seals'] as const;
type Purpose = (typeof rotated)[number] | (typeof ofTags)[number] | (typeof ofSeals)[number];

const arnOf = (purpose: Purpose) =>
  world.cloud.secrets.arns.find((arn) => arn.includes(`-${keySecrets[purpose][0]}`)) ?? '';
const secretOf = (purpose: Purpose) => world.cloud.secrets.get(arnOf(purpose))?.value ?? '';

/** Runs the tool on the stored secret, as the operator's pipe does. */
function runTool(purpose: Purpose, ...args: string[]): void {
  const answer = {
    Name: arnOf(purpose).split(':').at(-1),
    SecretString: secretOf(purpose),
    VersionStages: ['AWSCURRENT'],
  };
  const { secret } = rotateKey(args, JSON.stringify(answer), world.clock.now() / 1000);
  world.cloud.secrets.put(arnOf(purpose), secret);
}

/** The table, as an operator's job reaches it. */
function tableOfWorld() {
  const client = new DynamoDBClient({
    endpoint: world.cloud.endpoints.dynamodb,
    region: 'me-south-1',
    credentials: { accessKeyId: world.cloud.dynamodbAccessKey, secretAccessKey: 'test' },
  });
  return { client, name: Object.values(world.cloud.tables)[0] ?? '' };
}

/** The keys that the jobs read. */
function retagKeys() {
  const ringOf = <Key>(purpose: Purpose, derive: (material: VersionMaterial) => Key) =>
    createKeyring(materialFrom(secretOf(purpose)), derive, world.clock.now() / 1000);
  return {
    tags: ringOf('tags', tagKey),
    identityTags: ringOf('identity-tags', tagKey),
    phoneSeals: ringOf('phone-seals', sealKey),
    usernameSeals: ringOf('username-seals', sealKey),
    seals: ringOf('seals', sealKey),
  };
}

/** The versions of the proofs' public keys in the table. */
async function publishedVersions(): Promise<string[]> {
  const items = await openTable(world).scan();
  const item = items.find(({ pk }) => pk?.S === 'public-key#verification') ?? {};
  return Object.keys(item).filter((name) => name.startsWith('v'));
}

const refresh = (refreshToken: string) => world.post('/sessions/refresh', { refreshToken });
const versionOf = (token: string) => Buffer.from(token, 'base64url').readUInt8(0);

/** A refresh token for a session's generation, made with the leaked key. */
function forgedToken(accessToken: string, generation: number): string {
  const { sub: userId, origin_jti: sessionId } = readClaims(accessToken);
  return mintSessionToken(sessionKey(leaked.sessions), { userId, sessionId, generation });
}

async function sentRegistration(person: Person) {
  const { challenge } = (await world.post('/registrations', { phone: person.phone })).body;
  await world.sms(person.phone);
  return challenge.id as string;
}

const verify = (id: string, code: string) => world.post(`/challenges/${id}/verify`, { code });

describe('a rotation of the seals', () => {
  it('ends with accounts that are sealed anew, whose owners notice nothing', async () => {
    const owner = await world.subscriber();
    for (const purpose of ofSeals) runTool(purpose, 'begin', '--in', '20');
    world.clock.advance(lead + minute);
    const { tokens } = (await world.logIn(owner)).body;
    const account = () => world.get('/account', { token: tokens.accessToken });
    const before = (await account()).body;

    const result = await resealTable(tableOfWorld(), retagKeys(), { entropy: randomBytes });
    expect(result).toMatchObject({ unreadable: 0, left: 0 });
    expect(result.resealed).toBeGreaterThan(0);
    for (const purpose of ofSeals) {
      runTool(purpose, 'retire', '--resealed', '--force');
    }
    // As docs/key-compromise.md asks where a version begins at once.
    await Promise.all(world.cloud.functions.map(({ name }) => world.cloud.restart(name)));
    expect((await account()).body).toEqual(before);
    expect(outcome(await world.logIn(owner))).toBe(201);
  });
});

describe('a rotation of the keys of tags', () => {
  it('moves accounts whose owners notice nothing, while they use them', async () => {
    const [owner, other] = [await world.subscriber(), await world.subscriber()];
    const completed = await world.post('/sessions/complete', {
      ticket: await world.loginTicket(await world.typePassword(owner), owner),
      ownDevice: true,
    });
    const { tokens, device } = completed.body;
    for (const purpose of ofTags) runTool(purpose, 'begin', '--in', '20');
    world.clock.advance(lead + minute);

    // Names are looked up on both levels by every role that needs it.
    const taken = world.registration(await world.registrationTicket(world.someone().phone), {
      ...world.someone(),
      username: owner.username,
    });
    expect(outcome(await world.post('/registrations/complete', taken))).toBe('username_taken');
    const younger = await world.subscriber();
    expect(outcome(await world.logIn(owner))).toBe(201);

    world.clock.advance(30 * minute);
    const result = await retagTable(tableOfWorld(), retagKeys(), {
      entropy: randomBytes,
      now: world.clock.now() / 1000,
    });
    expect(result).toMatchObject({ unreadable: 0, left: 0 });
    expect(result.moved).toBeGreaterThan(1);
    for (const purpose of ofTags) runTool(purpose, 'retire', '--retagged');
    await Promise.all(world.cloud.functions.map(({ name }) => world.cloud.restart(name)));

    expect(outcome(await refresh(tokens.refreshToken))).toBe(201);
    expect((await world.typePassword(owner, { device: device.secret })).status).toBe(201);
    for (const person of [owner, other, younger]) {
      expect(outcome(await world.logIn(person))).toBe(201);
      // The code of that login came out of the stream behind the deletion of the former item.
      const bodies = world.inbox.messages(person.phone).map(({ body }) => body);
      for (const language of languages) {
        expect(bodies).not.toContain(noticeMessage('account-closed', language));
      }
    }
    const again = world.registration(await world.registrationTicket(world.someone().phone), {
      ...world.someone(),
      username: owner.username,
    });
    expect(outcome(await world.post('/registrations/complete', again))).toBe('username_taken');
  });
});

describe('a rotation of the keys of codes, proofs and sessions', () => {
  it('is noticed by every function, and each flow that it falls into ends well', async () => {
    const owner = await world.subscriber();
    for (const purpose of rotated) runTool(purpose, 'begin', '--in', '20');
    world.clock.advance(lead - minute);

    const [typing, completing] = [world.someone(), world.someone()];
    const id = await sentRegistration(typing);
    const ticket = await world.registrationTicket(completing.phone);
    const loginTicket = await world.loginTicket(await world.typePassword(owner), owner);
    const opened = await world.logIn(await world.subscriber());
    untouched = (await world.logIn(await world.subscriber())).body.tokens;
    const { refreshToken } = opened.body.tokens;
    expect([versionOf(refreshToken), versionOf(untouched.refreshToken)]).toEqual([1, 1]);

    // Two clocks may differ by half a minute.
    world.clock.advance(minute + 40);
    const verified = await verify(id, await world.code(typing.phone));
    expect(verified.status).toBe(200);
    for (const [person, proof] of [
      [typing, verified.body.ticket],
      [completing, ticket],
    ] as const) {
      const body = world.registration(proof, person);
      expect(outcome(await world.post('/registrations/complete', body))).toBe(201);
    }
    const remembered = { ticket: loginTicket, ownDevice: true };
    const login = await world.post('/sessions/complete', remembered);
    expect(outcome(login)).toBe(201);
    const { secret: device } = login.body.device;
    expect([versionOf(login.body.tokens.refreshToken), versionOf(device)]).toEqual([2, 2]);
    expect((await world.typePassword(owner, { device })).status).toBe(201);

    const refreshed = await refresh(refreshToken);
    expect(outcome(refreshed)).toBe(201);
    expect(versionOf(refreshed.body.tokens.refreshToken)).toBe(2);
  });

  it('leaves a copy of the former keys without use for what is created later', async () => {
    const person = world.someone();
    const id = await sentRegistration(person);
    const { hash = '' } = readChallengeId(id) ?? {};
    const forged = deriveCode(codeKey(leaked.codes), hash, 6);
    expect(outcome(await verify(id, forged))).toBe('code_incorrect');
    expect(outcome(await verify(id, await world.code(person.phone)))).toBe(200);

    const { tokens } = (await world.logIn(await world.subscriber())).body;
    expect(outcome(await refresh(forgedToken(tokens.accessToken, 1)))).toBe('unauthenticated');
    // The forgery has not ended the session either.
    expect(outcome(await refresh(tokens.refreshToken))).toBe(201);
  });

  it('ends what is left of the former version once that is retired', async () => {
    const subscriber = await world.subscriber();
    const { tokens } = (await world.logIn(subscriber)).body;
    expect((await publishedVersions()).toSorted()).toEqual(['v1', 'v2']);
    world.clock.advance(20 * minute);
    runTool('codes', 'retire');
    runTool('proofs', 'retire');
    expect(() => runTool('sessions', 'retire', '--stage', 'local')).toThrow('Wait until then');
    runTool('sessions', 'retire', '--stage', 'local', '--force');
    world.clock.advance(15 * minute);

    for (const token of [forgedToken(untouched.accessToken, 1), untouched.refreshToken]) {
      expect(outcome(await refresh(token))).toBe('unauthenticated');
    }
    expect(outcome(await refresh(tokens.refreshToken))).toBe(201);
    expect(outcome(await world.logIn(await world.subscriber()))).toBe(201);
    await vi.waitFor(async () => expect(await publishedVersions()).toEqual(['v2']));
  });
});
