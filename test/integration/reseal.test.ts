import { randomBytes } from 'node:crypto';
import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createKeyring, type KeyMaterial, type Keyring } from '#core/crypto/keyring.ts';
import { type SealKey, sealKey } from '#core/crypto/keys.ts';
import { seal, unseal } from '#core/crypto/seal.ts';
import { type Account, identityContext, totpContext } from '#core/model/account.ts';
import { openPhone, sealPhone } from '#core/model/sealed-phone.ts';
import { accountUsernameContext } from '#core/model/sealed-username.ts';
import { createAccountStore } from '../../lambdas/adapters/dynamodb/account-store.ts';
import { createChallengeStore } from '../../lambdas/adapters/dynamodb/challenge-store.ts';
import type { Table } from '../../lambdas/adapters/dynamodb/table.ts';
import { conclusion } from '../../tools/reseal/reseal.ts';
import { resealTable } from '../../tools/reseal/reseal-table.ts';
import { accountClaim, challenge, now, unique } from '../support/fakes/builders.ts';
import { freshMaterial, rotated } from '../support/fakes/keys.ts';
import { runTableJob, textsOf } from '../support/tools/table-job.ts';
import { hasDynamoDb, newTable } from '../support/world/table.ts';

const username = 'sara.q';
const [phone, formerPhone, mask, appSecret] = [
  '+966551234567',
  '+966557654321',
  '1•••••• 12',
  'MFRGGZDFMZTWQ2LK',
];

describe.runIf(hasDynamoDb)('npm run reseal', () => {
  let table: Table;
  let first: { phoneSeals: KeyMaterial; usernameSeals: KeyMaterial; seals: KeyMaterial };
  let second: typeof first;

  beforeEach(async () => {
    table = await newTable();
    first = {
      phoneSeals: freshMaterial(),
      usernameSeals: freshMaterial(),
      seals: freshMaterial(),
    };
    second = {
      phoneSeals: rotated(first.phoneSeals, now + 100),
      usernameSeals: rotated(first.usernameSeals, now + 100),
      seals: rotated(first.seals, now + 100),
    };
  });

  const ringOf = (material: KeyMaterial) => createKeyring(material, sealKey, now + 200);
  const keysOf = ({ phoneSeals, usernameSeals, seals }: typeof first) => ({
    phoneSeals: ringOf(phoneSeals),
    usernameSeals: ringOf(usernameSeals),
    seals: ringOf(seals),
  });
  /** The keys with which the functions read once the older version is retired. */
  const retired = () =>
    keysOf({
      phoneSeals: { ...second.phoneSeals, minimum: 2 },
      usernameSeals: { ...second.usernameSeals, minimum: 2 },
      seals: { ...second.seals, minimum: 2 },
    });
  const run = (onPage?: (accounts: number) => void) =>
    resealTable(table, keysOf(second), { entropy: randomBytes, ...(onPage && { onPage }) });

  /** An active account with every seal there is. */
  async function openAccount(
    keys = keysOf(first),
    createdAt = now,
  ): Promise<Account & { userId: string }> {
    const accounts = createAccountStore(table);
    const [usernameTag, identityTag, phoneTag, formerTag] = [
      unique(),
      unique(),
      unique(),
      unique(),
    ];
    const former = sealPhone(keys.phoneSeals.current, randomBytes, formerTag, formerPhone);
    const claim = accountClaim(
      { lapsesAt: now + 600 },
      {
        usernameTag,
        identityTag,
        createdAt,
        ...sealPhone(keys.phoneSeals.current, randomBytes, phoneTag, phone),
        nationalId: seal(keys.seals.current, randomBytes, identityContext(identityTag), mask),
        username: seal(
          keys.usernameSeals.current,
          randomBytes,
          accountUsernameContext(usernameTag),
          username,
        ),
        formerPhone: former.phone,
        formerPhoneTag: former.phoneTag,
        totp: {
          secret: seal(keys.seals.current, randomBytes, totpContext(usernameTag), appSecret),
          confirmedAt: createdAt,
          lastStep: 1,
        },
      },
    );
    const holder = challenge({ status: 'in-use', usedBy: 'a', idHash: claim.holder });
    await createChallengeStore(table).start(holder, [], now);
    await accounts.openSlots(phoneTag);
    await accounts.claim(claim, now);
    const userId = unique();
    await accounts.activate(claim, { usedBy: 'a', userId }, {});
    return { ...(await found(usernameTag)), userId };
  }

  async function found(usernameTag: string): Promise<Account> {
    const account = await createAccountStore(table).find(usernameTag);
    if (!account) throw new Error('There is no account');
    return account;
  }

  /** What an account's seals hold, as the functions read them. */
  async function opened(account: Account, keys: Record<keyof typeof first, Keyring<SealKey>>) {
    const [phoneSeals, seals] = [async () => keys.phoneSeals, async () => keys.seals];
    const usernameSeals = async () => keys.usernameSeals;
    const name = accountUsernameContext(account.usernameTag);
    const { createdAt, totp, usernameTag, identityTag, nationalId } = account;
    const former = { phone: account.formerPhone ?? '', phoneTag: account.formerPhoneTag ?? '' };
    return [
      await openPhone(phoneSeals, account, createdAt),
      await openPhone(phoneSeals, former, createdAt),
      await unseal(seals, identityContext(identityTag), nationalId, createdAt),
      await unseal(seals, totpContext(usernameTag), totp?.secret ?? '', totp?.confirmedAt ?? 0),
      await unseal(usernameSeals, name, account.username ?? '', createdAt),
    ];
  }
  const everything = [phone, formerPhone, mask, appSecret, username];

  it('seals all that accounts hold with the current keys, and changes nothing else', async () => {
    const before = await Promise.all(Array.from({ length: 20 }, () => openAccount()));
    await expect(opened(before[0] as Account, retired())).rejects.toThrow('not accepted');
    expect(await run()).toEqual({ accounts: 20, resealed: 20, unreadable: 0, left: 0 });
    for (const account of before) {
      const after = await found(account.usernameTag);
      expect(await opened(after, retired())).toEqual(everything);
      const { phone, formerPhone, nationalId, username } = account;
      const totp = { ...after.totp, secret: account.totp?.secret };
      expect({ ...after, phone, formerPhone, nationalId, username, totp }).toEqual(account);
    }
  });

  it('finds nothing to do the second time, nor before a rotation', async () => {
    await openAccount();
    const idle = { accounts: 1, resealed: 0, unreadable: 0, left: 0 };
    expect(await resealTable(table, keysOf(first), { entropy: randomBytes })).toEqual(idle);
    await run();
    expect(await run()).toEqual(idle);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'continues after a crash past %i writes, and every account stays readable meanwhile',
    async (survived) => {
      const accounts = await Promise.all(Array.from({ length: 6 }, () => openAccount()));
      await crashAfter(survived);
      for (const { usernameTag } of accounts) {
        expect(await opened(await found(usernameTag), keysOf(second))).toEqual(everything);
      }
      const left = 6 - survived;
      expect(await run()).toEqual({ accounts: 6, resealed: left, unreadable: 0, left: 0 });
      for (const { usernameTag } of accounts) {
        expect(await opened(await found(usernameTag), retired())).toEqual(everything);
      }
    },
  );

  /** A run whose process dies: after some writes, no further call leaves it. */
  async function crashAfter(survived: number): Promise<void> {
    const calls: Promise<unknown>[] = [];
    let writes = 0;
    const send = async (command: never) => {
      const isWrite = (command as object) instanceof UpdateItemCommand;
      if (writes > survived || (isWrite && ++writes > survived)) throw new Error('crashed');
      const call = table.client.send(command);
      calls.push(call);
      return call;
    };
    const dying = { ...table, client: { send } as unknown as Table['client'] };
    const crashed = resealTable(dying, keysOf(second), { entropy: randomBytes });
    await expect(crashed).rejects.toThrow('crashed');
    await Promise.allSettled(calls);
  }

  it('never undoes what a person changes between its read and its write', async () => {
    const account = await openAccount();
    const { usernameTag } = account;
    const newer = seal(
      ringOf(second.seals).current,
      randomBytes,
      totpContext(usernameTag),
      'NEWSECRET',
    );
    const send = table.client.send.bind(table.client);
    let changed = false;
    const slow = vi.spyOn(table.client, 'send').mockImplementation((async (command: never) => {
      if ((command as object) instanceof UpdateItemCommand && !changed) {
        changed = true;
        await createAccountStore(table).enrolTotp(
          account,
          {
            totp: { secret: newer, confirmedAt: now + 150, lastStep: 2 },
            recoveryCodes: ['tag'],
            offeredAt: now + 140,
          },
          {},
        );
      }
      return send(command);
    }) as never);
    expect(await run()).toEqual({ accounts: 1, resealed: 1, unreadable: 0, left: 0 });
    slow.mockRestore();
    const after = await found(usernameTag);
    expect(after.totp).toEqual({ secret: newer, confirmedAt: now + 150, lastStep: 2 });
    expect(await openPhone(async () => retired().phoneSeals, after, now)).toBe(phone);
  });

  it('does not create an account again that is deleted meanwhile', async () => {
    const { usernameTag } = await openAccount();
    const send = table.client.send.bind(table.client);
    const slow = vi.spyOn(table.client, 'send').mockImplementation((async (command: never) => {
      if ((command as object) instanceof UpdateItemCommand) {
        const { Key, TableName } = (command as UpdateItemCommand).input;
        await send(new DeleteItemCommand({ Key, TableName }));
      }
      return send(command);
    }) as never);
    expect(await run()).toMatchObject({ resealed: 0, left: 0 });
    slow.mockRestore();
    expect(await createAccountStore(table).find(usernameTag)).toBeUndefined();
  });

  it('leaves a forgery a forgery: what an old key sealed for a younger account is reported, not sealed anew', async () => {
    const forged = await openAccount(keysOf(first), now + 5000);
    const result = await run();
    expect(result).toMatchObject({ accounts: 1, resealed: 0, unreadable: 1 });
    expect(await found(forged.usernameTag)).toMatchObject({ phone: forged.phone });
    expect(conclusion(result)).toContain('Retire nothing');
  });

  it('runs as a command with the credentials of the environment, and prints no name', async () => {
    const { usernameTag } = await openAccount();
    const secrets = textsOf(second);
    const args = [
      '--table',
      table.name,
      '--phone-seals',
      'phoneSeals',
      '--username-seals',
      'usernameSeals',
      '--seals',
      'seals',
    ];
    const { printed, errors, exitCode } = await runTableJob(
      'tools/reseal/reseal.ts',
      args,
      secrets,
    );
    expect(errors).toContain(
      '1 accounts read, 1 sealed anew.\nNothing of an older version is left.',
    );
    expect(exitCode).toBe(0);
    expect(printed).not.toContain(usernameTag);
    for (const secret of secrets.values()) expect(printed).not.toContain(secret);
    expect(await opened(await found(usernameTag), retired())).toEqual(everything);
  });

  it('says what comes next', () => {
    const result = { accounts: 3, resealed: 2, unreadable: 0, left: 0 };
    expect(conclusion(result)).toMatch(/Nothing of an older version is left/);
    expect(conclusion({ ...result, left: 1 })).toContain('Run this again');
  });
});
