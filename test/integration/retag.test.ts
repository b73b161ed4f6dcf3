import { randomBytes } from 'node:crypto';
import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { findByTag, findByUsername } from '#core/account/find-account.ts';
import { createKeyring, type KeyMaterial } from '#core/crypto/keyring.ts';
import { identityTagsOf, levelOf, sealKey, taggerOf, tagKey } from '#core/crypto/keys.ts';
import { seal, unseal } from '#core/crypto/seal.ts';
import { type Account, identityContext, totpContext } from '#core/model/account.ts';
import { openPhone, sealPhone } from '#core/model/sealed-phone.ts';
import { openUsername, sealUsername } from '#core/model/sealed-username.ts';
import { findRecoveryCode, recoveryCodeTag } from '#core/model/second-factor.ts';
import { stampOf } from '../../lambdas/adapters/dynamodb/account-stamp.ts';
import { createAccountStore } from '../../lambdas/adapters/dynamodb/account-store.ts';
import { createChallengeStore } from '../../lambdas/adapters/dynamodb/challenge-store.ts';
import { keyOf, type Table, toAttributes } from '../../lambdas/adapters/dynamodb/table.ts';
import { conclusion, requireSettled } from '../../tools/retag/retag.ts';
import type { RetagKeys } from '../../tools/retag/retag-account.ts';
import { retagTable } from '../../tools/retag/retag-table.ts';
import { accountClaim, challenge, now, unique } from '../support/fakes/builders.ts';
import { freshMaterial, rotated } from '../support/fakes/keys.ts';
import { runTableJob, textsOf } from '../support/tools/table-job.ts';
import { hasDynamoDb, newTable } from '../support/world/table.ts';

const [phone, formerPhone, mask, appSecret] = [
  '+966551234567',
  '+966557654321',
  '1•••••• 12',
  'MFRGGZDFMZTWQ2LK',
];
const codes = ['first-code', 'second-code'];

interface Materials {
  readonly tags: KeyMaterial;
  readonly identityTags: KeyMaterial;
  readonly phoneSeals: KeyMaterial;
  readonly usernameSeals: KeyMaterial;
  readonly seals: KeyMaterial;
}

describe.runIf(hasDynamoDb)('npm run retag', () => {
  let table: Table;
  /** The secrets before the rotation, while both levels are accepted, and after the former is retired. */
  let first: Materials;
  let during: Materials;
  let after: Materials;

  beforeEach(async () => {
    table = await newTable();
    first = {
      tags: freshMaterial(),
      identityTags: freshMaterial(),
      phoneSeals: freshMaterial(),
      usernameSeals: freshMaterial(),
      seals: freshMaterial(),
    };
    during = {
      ...first,
      tags: rotated(first.tags, now + 100),
      identityTags: rotated(first.identityTags, now + 100),
    };
    after = {
      ...during,
      tags: { ...during.tags, minimum: 2 },
      identityTags: { ...during.identityTags, minimum: 2 },
    };
  });

  const keysOf = ({ tags, identityTags, phoneSeals, usernameSeals, seals }: Materials) => ({
    tags: createKeyring(tags, tagKey, now + 200),
    identityTags: createKeyring(identityTags, tagKey, now + 200),
    phoneSeals: createKeyring(phoneSeals, sealKey, now + 200),
    usernameSeals: createKeyring(usernameSeals, sealKey, now + 200),
    seals: createKeyring(seals, sealKey, now + 200),
  });
  const portsOf = (materials: Materials) => {
    const keys = keysOf(materials);
    return {
      accounts: createAccountStore(table),
      tags: taggerOf(async () => keys.tags),
      identityTags: identityTagsOf(async () => keys.identityTags),
      phoneSealKeys: async () => keys.phoneSeals,
      usernameSealKeys: async () => keys.usernameSeals,
      sealKeys: async () => keys.seals,
    };
  };
  const run = (on = table, keys: RetagKeys = keysOf(during)) =>
    retagTable(on, keys, { entropy: randomBytes, now: now + 5000 });
  const moved = (accounts: number) => ({ accounts, moved: accounts, unreadable: 0, left: 0 });

  interface Person {
    readonly username: string;
    readonly nationalId: string;
    readonly account: Account & { readonly userId: string; readonly holder: string };
  }

  /** An active account with every tag and seal there is, and a session. */
  async function openAccount(partial: Partial<Account> = {}): Promise<Person> {
    const ports = portsOf(first);
    const [tagger, keys] = [await ports.tags(), keysOf(first)];
    const [username, nationalId] = [unique(), unique()];
    const usernameTag = tagger.tag('username', username);
    const { newest: identityTag } = await ports.identityTags(nationalId);
    const sealed = (number: string) =>
      sealPhone(keys.phoneSeals.current, randomBytes, tagger.tag('phone', number), number);
    const former = sealed(formerPhone);
    const holder = unique();
    const claim = accountClaim(
      { lapsesAt: now + 600, holder, accountsPerPhone: 50 },
      {
        usernameTag,
        identityTag,
        createdAt: now,
        ...sealed(phone),
        nationalId: seal(keys.seals.current, randomBytes, identityContext(identityTag), mask),
        username: sealUsername(keys.usernameSeals.current, randomBytes, usernameTag, username),
        formerPhone: former.phone,
        formerPhoneTag: former.phoneTag,
        phoneHeldUntil: now + 9000,
        resetFrom: tagger.tag('address', '192.0.2.0/24'),
        totp: {
          secret: seal(keys.seals.current, randomBytes, totpContext(usernameTag), appSecret),
          confirmedAt: now,
          lastStep: 1,
        },
        recoveryCodes: new Set(
          codes.map((code) => recoveryCodeTag(tagger, { holder }, code)),
        ) as unknown as string[],
        ...partial,
      },
    );
    const { accounts } = ports;
    const used = challenge({ status: 'in-use', usedBy: 'a', idHash: holder });
    await createChallengeStore(table).start(used, [], now);
    await accounts.openSlots(claim.account.phoneTag);
    await accounts.claim(claim, now);
    const userId = unique();
    expect((await accounts.activate(claim, { usedBy: 'a', userId }, {})).kind).toBe('activated');
    await accounts.openSlots(former.phoneTag);
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: keyOf.phone(former.phoneTag),
        UpdateExpression: 'SET places.#h = :until',
        ExpressionAttributeNames: { '#h': holder },
        ExpressionAttributeValues: toAttributes({ ':until': now + 9000 }),
      }),
    );
    const session = {
      userId,
      sessionId: unique(),
      usernameTag,
      createdAt: now,
      expiresAt: now + 9,
    };
    await table.client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: { ...keyOf.session(userId, session.sessionId), ...toAttributes(session) },
      }),
    );
    const found = await findByUsername(ports)(username);
    if (!found?.holder) throw new Error('There is no account');
    return { username, nationalId, account: { ...found, userId, holder: found.holder } };
  }
  const openAccounts = (count: number) =>
    Promise.all(Array.from({ length: count }, () => openAccount()));

  async function itemsOf(kind: string): Promise<Record<string, AttributeValue>[]> {
    const { Items = [] } = await table.client.send(
      new ScanCommand({ TableName: table.name, ConsistentRead: true }),
    );
    return Items.filter(({ pk }) => pk?.S?.startsWith(`${kind}#`));
  }
  const tagsOf = async (kind: string) =>
    (await itemsOf(kind)).map(({ pk }) => pk?.S?.split('#')[1] ?? '');

  /** What a person finds in their account, read as the functions read it. */
  async function usable({ username, nationalId, account }: Person, materials: Materials) {
    const ports = portsOf(materials);
    const tagger = await ports.tags();
    const found = await findByUsername(ports)(username);
    const bySession = await findByTag(ports)(account.usernameTag);
    if (!found || !bySession) throw new Error('The account is not found');
    const { totp, createdAt, usernameTag, identityTag } = found;
    const former = { phone: found.formerPhone ?? '', phoneTag: found.formerPhoneTag ?? '' };
    const { every } = await ports.identityTags(nationalId);
    return {
      userId: [found.userId, bySession.userId],
      phones: [
        await openPhone(ports.phoneSealKeys, found, createdAt),
        await openPhone(ports.phoneSealKeys, former, createdAt),
      ],
      isOnPhone: tagger.isSame(found.phoneTag, tagger.tag('phone', phone)),
      mask: await unseal(ports.sealKeys, identityContext(identityTag), found.nationalId, createdAt),
      app: await unseal(ports.sealKeys, totpContext(usernameTag), totp?.secret ?? '', now),
      codes: codes.map((code) => findRecoveryCode(tagger, found, code) !== undefined),
      isTheirId: every.includes(identityTag),
      username: await openUsername(ports.usernameSealKeys, tagger, found),
      isTheirNetwork: tagger.isSame(found.resetFrom ?? '', tagger.tag('address', '192.0.2.0/24')),
    };
  }
  const everythingOf = ({ username, account: { userId } }: Person) => ({
    username,
    userId: [userId, userId],
    phones: [phone, formerPhone],
    isOnPhone: true,
    mask,
    app: appSecret,
    codes: [true, true],
    isTheirId: true,
    isTheirNetwork: true,
  });

  it('moves accounts, national IDs, slots and sessions, and changes nothing else', async () => {
    const people = await openAccounts(12);
    for (const person of people) expect(await usable(person, during)).toEqual(everythingOf(person));
    expect(await run()).toEqual({ ...moved(12), sessions: 12, phones: 2 });
    for (const person of people) {
      expect(await usable(person, after)).toEqual(everythingOf(person));
      const found = await findByUsername(portsOf(after))(person.username);
      const { usernameTag, identityTag, phoneTag, formerPhoneTag, resetFrom } = found ?? {};
      const tags = [usernameTag, identityTag, phoneTag, formerPhoneTag, resetFrom];
      expect(tags.map((tag) => levelOf(tag ?? ''))).toEqual([2, 2, 2, 2, 2]);
      const { totp, ...kept } = person.account;
      const { phone, formerPhone, nationalId, username, recoveryCodes } = found ?? {};
      const changed = { phone, formerPhone, nationalId, username, recoveryCodes };
      expect(found).toEqual({
        ...kept,
        ...changed,
        pk: `account#${usernameTag}`,
        usernameTag,
        identityTag,
        phoneTag,
        formerPhoneTag,
        resetFrom,
        totp: { ...totp, secret: found?.totp?.secret },
      });
    }
    const slots = (await itemsOf('phone')).map(({ places }) => Object.values(places?.M ?? {}));
    const instants = slots.map((of) => [of.length, ...new Set(of.map(({ N }) => Number(N)))]);
    expect(instants.toSorted()).toEqual(
      [
        [12, 0],
        [12, now + 9000],
      ].toSorted(),
    );
  });

  it('leaves nothing that the former keys find', async () => {
    const [person] = await openAccounts(3);
    if (!person) throw new Error('There is nobody');
    await run();
    const stolen = portsOf(first);
    const tagger = await stolen.tags();
    const { newest } = await stolen.identityTags(person.nationalId);
    const found = [
      tagger.tag('username', person.username),
      tagger.tag('phone', phone),
      tagger.tag('phone', formerPhone),
      tagger.tag('address', '192.0.2.0/24'),
      ...codes.map((code) => recoveryCodeTag(tagger, person.account, code)),
      newest,
    ];
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
    const whole = JSON.stringify(Items, (_, value) => (value instanceof Set ? [...value] : value));
    expect(found.filter((tag) => whole.includes(tag))).toEqual([]);
    const tags = (await Promise.all(['account', 'identity', 'phone'].map(tagsOf))).flat();
    expect(tags.map(levelOf)).toEqual(tags.map(() => 2));
  });

  it('finds nothing to do the second time, nor before a rotation', async () => {
    await openAccounts(2);
    const idle = { accounts: 2, moved: 0, unreadable: 0, sessions: 0, phones: 0, left: 0 };
    expect(await run(table, keysOf(first))).toEqual(idle);
    await run();
    expect(await run()).toEqual(idle);
  });

  it('moves the rest where only one of the two secrets rotates', async () => {
    const person = await openAccount();
    const onlyIds = { ...during, tags: first.tags };
    expect(await run(table, keysOf(onlyIds))).toMatchObject({ ...moved(1), sessions: 0 });
    const retired = { ...after, tags: first.tags };
    expect(await usable(person, retired)).toEqual(everythingOf(person));
    expect(await run()).toMatchObject({ ...moved(1), sessions: 1 });
    expect(await usable(person, after)).toEqual(everythingOf(person));
  });

  it('leaves the national IDs where KMS tags them, and moves the rest', async () => {
    const person = await openAccount();
    const keys = { ...keysOf(during), identityTags: undefined };
    expect(await run(table, keys)).toMatchObject({ ...moved(1), sessions: 1 });
    const inKms = { ...after, identityTags: first.identityTags };
    expect(await usable(person, inKms)).toEqual(everythingOf(person));
  });

  it.each(Array.from({ length: 14 }, (_, writes) => writes))(
    'continues after a crash past %i writes, and every account stays usable meanwhile',
    async (survived) => {
      const people = await openAccounts(3);
      await crashAfter(survived);
      for (const person of people) {
        expect(await usable(person, during)).toEqual(everythingOf(person));
      }
      expect(await run()).toMatchObject({ accounts: 3, unreadable: 0, left: 0 });
      for (const person of people)
        expect(await usable(person, after)).toEqual(everythingOf(person));
      expect(await tagsOf('account')).toHaveLength(3);
      expect(await tagsOf('identity')).toHaveLength(3);
      expect(await tagsOf('phone')).toHaveLength(2);
    },
  );

  const isWrite = (command: object) =>
    [TransactWriteItemsCommand, UpdateItemCommand, DeleteItemCommand].some(
      (kind) => command instanceof kind,
    );

  /** A run whose process dies: after some writes, no further call leaves it. */
  async function crashAfter(survived: number): Promise<void> {
    const calls: Promise<unknown>[] = [];
    let writes = 0;
    const send = async (command: never) => {
      if (writes > survived || (isWrite(command) && ++writes > survived))
        throw new Error('crashed');
      const call = table.client.send(command);
      calls.push(call);
      return call;
    };
    const dying = { ...table, client: { send } as unknown as Table['client'] };
    await expect(run(dying)).rejects.toThrow('crashed');
    await Promise.allSettled(calls);
  }

  /** Runs the job, and something else just before its first move. */
  async function whileMoving(act: () => Promise<unknown>): Promise<unknown> {
    const send = table.client.send.bind(table.client);
    let acted = false;
    const slow = vi.spyOn(table.client, 'send').mockImplementation((async (command: never) => {
      const isMove =
        (command as object) instanceof TransactWriteItemsCommand &&
        JSON.stringify((command as TransactWriteItemsCommand).input).includes('"Delete"');
      if (isMove && !acted) {
        acted = true;
        await act();
      }
      return send(command);
    }) as never);
    const result = await run();
    slow.mockRestore();
    expect(acted).toBe(true);
    return result;
  }

  it('never undoes what a person changes between its read and its write', async () => {
    const person = await openAccount();
    const { account } = person;
    const change = { sessionsValidFrom: now + 150, remove: ['totp'] as const };
    const result = await whileMoving(async () => {
      const accounts = createAccountStore(table);
      expect((await accounts.change(account, change, {})).kind).toBe('changed');
    });
    expect(result).toMatchObject(moved(1));
    const found = await findByUsername(portsOf(after))(person.username);
    expect(found).toMatchObject({ sessionsValidFrom: now + 150 });
    expect(found?.totp).toBeUndefined();
  });

  it('never brings back a closed account, nor a slot that was left', async () => {
    const { account, username } = await openAccount({ phoneHeldUntil: now - 1 });
    const result = await whileMoving(async () => {
      const accounts = createAccountStore(table);
      const ticket = { idHash: unique(), usedBy: 'b' };
      const used = challenge({ status: 'in-use', usedBy: 'b', idHash: ticket.idHash });
      await createChallengeStore(table).start(used, [], now);
      expect((await accounts.beginClosing(account, now)).kind).toBe('closing');
      expect((await accounts.close(account, unique(), {}, ticket)).kind).toBe('closed');
    });
    expect(result).toMatchObject({ moved: 0 });
    expect(await findByUsername(portsOf(during))(username)).toBeUndefined();
    expect(await tagsOf('account')).toEqual([]);
    expect(await tagsOf('identity')).toEqual([]);
  });

  it('refuses a write that read the account before its move: the next try finds it', async () => {
    const person = await openAccount();
    await run();
    const accounts = createAccountStore(table);
    const change = { termsVersion: '2027' };
    expect((await accounts.change(person.account, change, {})).kind).toBe('gone');
    const found = await findByTag(portsOf(during))(person.account.usernameTag);
    if (!found) throw new Error('There is no account');
    expect((await accounts.change(found, change, {})).kind).toBe('changed');
    expect(await tagsOf('account')).toEqual([found.usernameTag]);
    expect(await usable(person, after)).toEqual(everythingOf(person));
  });

  it('keeps one slot where both phones of an account are the same phone on two levels', async () => {
    const tagger = await portsOf(during).tags();
    const person = await openAccount();
    const { holder, usernameTag, userId } = person.account;
    // The owner moved back to the former phone by themselves, after the rotation began.
    const back = tagger.tag('phone', formerPhone);
    await createAccountStore(table).openSlots(back);
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: keyOf.phone(back),
        UpdateExpression: 'SET places.#h = :zero',
        ExpressionAttributeNames: { '#h': holder },
        ExpressionAttributeValues: toAttributes({ ':zero': 0 }),
      }),
    );
    const sealed = sealPhone(keysOf(during).phoneSeals.current, randomBytes, back, formerPhone);
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: keyOf.account(usernameTag),
        UpdateExpression: 'SET phone = :phone, phoneTag = :tag, stamp = :stamp',
        ExpressionAttributeValues: toAttributes({
          ':phone': sealed.phone,
          ':tag': back,
          ':stamp': stampOf({ status: 'active', userId }),
        }),
      }),
    );
    expect(await run()).toMatchObject({ moved: 1, unreadable: 0 });
    const item = (await itemsOf('phone')).find(({ pk }) => pk?.S === `phone#${back}`);
    expect(item?.['places']?.M).toEqual({ [holder]: { N: '0' } });
  });

  it('leaves unfinished registrations alone, which lapse', async () => {
    const tagger = await portsOf(first).tags();
    const [usernameTag, phoneTag] = [tagger.tag('username', 'late'), tagger.tag('phone', phone)];
    const claim = accountClaim({ lapsesAt: now + 600 }, { usernameTag, phoneTag });
    await createAccountStore(table).openSlots(phoneTag);
    await createAccountStore(table).claim(claim, now);
    expect(await run()).toMatchObject({ accounts: 1, moved: 0, phones: 1, left: 0 });
  });

  it('reports an account with a seal that does not open, and does not move it', async () => {
    const { username } = await openAccount({ nationalId: 'broken' });
    const result = await run();
    expect(result).toMatchObject({ moved: 0, unreadable: 1 });
    expect(result.left).toBeGreaterThan(0);
    expect(conclusion(result)).toContain('Retire nothing');
    expect(await findByUsername(portsOf(during))(username)).toBeDefined();
  });

  it('runs as a command with the credentials of the environment, and prints no name', async () => {
    const person = await openAccount();
    const secrets = textsOf({ ...during });
    const args = [
      '--table',
      table.name,
      '--tags',
      'tags',
      '--identity-tags',
      'identityTags',
      '--phone-seals',
      'phoneSeals',
      '--username-seals',
      'usernameSeals',
      '--seals',
      'seals',
    ];
    const { printed, errors, exitCode } = await runTableJob('tools/retag/retag.ts', args, secrets);
    expect(errors).toContain('1 accounts read, 1 moved to their newest tags; 1 sessions follow');
    expect(errors).toContain('Nothing of a former level is left');
    expect(exitCode).toBe(0);
    for (const hidden of [person.username, person.account.usernameTag, ...secrets.values()]) {
      expect(printed).not.toContain(hidden);
    }
    expect(await usable(person, after)).toEqual(everythingOf(person));
  });

  it('waits until what people began before the rotation is over', () => {
    const materials = [during.tags, first.identityTags];
    expect(() => requireSettled(materials, now + 100 + 1799)).toThrow('Run this after');
    expect(() => requireSettled(materials, now + 100 + 1800)).not.toThrow();
    expect(() => requireSettled([first.tags], now)).not.toThrow();
  });

  it('says what comes next', () => {
    const result = { ...moved(3), sessions: 1, phones: 1 };
    expect(conclusion(result)).toContain('may retire --retagged');
    expect(conclusion({ ...result, left: 1 })).toContain('Run this again');
  });
});
