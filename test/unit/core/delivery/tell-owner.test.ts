import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { taggerWith, tagKey } from '#core/crypto/keys.ts';
import { seal } from '#core/crypto/seal.ts';
import { type AccountImage, tellOwner } from '#core/delivery/tell-owner.ts';
import { type Account, totpContext } from '#core/model/account.ts';
import type { Notice } from '#core/model/records.ts';
import { sealPhone } from '#core/model/sealed-phone.ts';
import type { NoticeStore } from '#core/ports/notice-store.ts';
import { accountClaim, unique } from '../../../support/fakes/builders.ts';
import { fakeClock } from '../../../support/fakes/clock.ts';
import { fakeNoticeStore } from '../../../support/fakes/notice-store.ts';
import { materialTo, ring, ringOf } from '../crypto/keys.ts';

const former = ring(1);
const newer = ring(2);

const clock = fakeClock();

/** The levels of tags while a rotation runs. */
const formerTagger = taggerWith(ringOf(tagKey, materialTo(1)));
const tagger = taggerWith(ringOf(tagKey, materialTo(2)));

/** Accounts that the sender finds, by the tag of the username. */
const standing = new Map<string, Account>();
let owed: Notice[];
let store: NoticeStore;
beforeEach(() => {
  owed = [];
  standing.clear();
  const fake = fakeNoticeStore();
  store = {
    ...fake,
    owe: async (notice) => {
      if (!(await fake.find(notice.id))) owed.push(notice);
      await fake.owe(notice);
    },
  };
});

const ports = () => ({
  clock,
  phoneSealKeys: async () => newer,
  sealKeys: async () => newer,
  notices: store,
  tags: async () => tagger,
  accounts: { find: async (tag: string) => standing.get(tag) },
});

const onPhone = (number: string, by = former) =>
  sealPhone(by.current, randomBytes, unique(), number);

const account = (partial: Partial<AccountImage> = {}): AccountImage => ({
  status: 'active',
  language: 'ar',
  recoveryCodes: [],
  ...onPhone('+966551234567'),
  ...partial,
});

const tell = (before: AccountImage, after?: AccountImage, id = unique()) =>
  tellOwner(ports())({ id, usernameTag: 'owner', before, ...(after && { after }) });
const kinds = () => owed.map(({ kind }) => kind);

describe('a write of an account that leaves its phone', () => {
  it('owes a notice to the old phone, in the language of the old item', async () => {
    const before = account({ language: 'en' });
    const after = { ...before, ...onPhone('+966557654321'), language: 'ar' as const };
    expect(await tell(before, after)).toBe('owed');
    const { phone, phoneTag } = before;
    expect(owed).toMatchObject([{ kind: 'phone-changed', language: 'en', phone, phoneTag }]);
  });

  it('owes one notice, however often the stream delivers it', async () => {
    const before = account();
    const after = { ...before, ...onPhone('+966557654321') };
    for (const _delivery of [1, 2, 3]) await tell(before, after, 'event/1');
    expect(kinds()).toEqual(['phone-changed']);
    await tell(before, after, 'event/2');
    expect(kinds()).toEqual(['phone-changed', 'phone-changed']);
  });

  it('owes a second one to the phone before, while the phone is held', async () => {
    const first = onPhone('+966550000001');
    const held = { formerPhone: first.phone, formerPhoneTag: first.phoneTag };
    const before = account({ ...held, phoneHeldUntil: clock() + 60 });
    const after = { ...before, ...onPhone('+966550000002') };
    await tell(before, after);
    expect(owed.map(({ phoneTag }) => phoneTag)).toEqual([before.phoneTag, first.phoneTag]);
    owed = [];
    standing.clear();
    await tell({ ...before, phoneHeldUntil: clock() }, after);
    expect(owed.map(({ phoneTag }) => phoneTag)).toEqual([before.phoneTag]);
  });

  describe('where the account returns to its former phone', () => {
    const first = onPhone('+966550000001');
    const held = (phoneHeldUntil: number) =>
      account({ formerPhone: first.phone, formerPhoneTag: first.phoneTag, phoneHeldUntil });
    const back = ({ formerPhone: _, formerPhoneTag: __, ...rest }: AccountImage) => ({
      ...rest,
      ...first,
    });
    const told = () => owed.map(({ kind, phoneTag }) => `${kind} ${phoneTag}`);

    it('owes both phones a notice of the return, once, also when the hold is over by then', async () => {
      for (const until of [clock() + 60, clock() - 1]) {
        owed = [];
        standing.clear();
        const before = held(until);
        for (const _delivery of [1, 2]) await tell(before, back(before), `event/${until}`);
        expect(told()).toEqual([
          `phone-restored ${before.phoneTag}`,
          `phone-restored ${first.phoneTag}`,
        ]);
      }
    });

    it('owes one where it is on that phone already: its sessions and the way back end', async () => {
      const before = { ...held(clock() + 60), ...first };
      await tell(before, back(before));
      expect(told()).toEqual([`phone-restored ${first.phoneTag}`]);
    });

    it.each<[string, (before: AccountImage) => AccountImage]>([
      ['another phone', (before) => ({ ...back(before), ...onPhone('+966557654321') })],
      ['the former phone, but could still return', (before) => ({ ...before, ...first })],
    ])('says that the phone was changed where it is on %s', async (_where, change) => {
      const before = held(clock() + 60);
      await tell(before, change(before));
      expect(told()).toEqual([
        `phone-changed ${before.phoneTag}`,
        `phone-changed ${first.phoneTag}`,
      ]);
    });
  });

  it.each<[string, (before: AccountImage) => AccountImage]>([
    [
      'a number sealed for another tag',
      ({ phone: _, ...rest }) => ({ ...rest, phone: onPhone('+966557654321').phone }),
    ],
    ['no number', ({ phone: _, ...rest }) => rest],
    ['another tag under the same seal', (before) => ({ ...before, phoneTag: unique() })],
    [
      'another status as well',
      (before) => ({ ...before, ...onPhone('+966557654321'), status: 'disabled' }),
    ],
  ])('owes it too where the new item has %s', async (_what, change) => {
    const before = account();
    await tell(before, change(before));
    expect(kinds()).toEqual(['phone-changed']);
  });

  it.each(['closing', 'disabled', undefined] as const)(
    'owes it where the old status is %s: an attacker would write the status first',
    async (status) => {
      const { status: _, ...rest } = account();
      const before = status ? { ...rest, status } : rest;
      await tell(before, { ...before, ...onPhone('+966557654321') });
      expect(kinds()).toEqual(['phone-changed']);
    },
  );

  it('owes nothing for the same number under a newer key and another tag', async () => {
    const before = account();
    const resealed = { ...before, ...onPhone('+966551234567', newer) };
    expect(await tell(before, resealed)).toBe('nothing-owed');
    expect(owed).toEqual([]);
  });

  it('is reported where the old number does not open, and owes no notice that cannot be sent', async () => {
    const before = account({ phone: 'AQID' });
    expect(await tell(before, { ...before, ...onPhone('+966557654321') })).toBe('untellable');
    expect(owed).toEqual([]);
  });

  it('is delivered again while the keys are out of reach', async () => {
    const phoneSealKeys = () => Promise.reject(new Error('no secret'));
    const before = account();
    const write = {
      id: 'event/1',
      usernameTag: 'owner',
      before,
      after: { ...before, ...onPhone('+966557654321') },
    };
    await expect(tellOwner({ ...ports(), phoneSealKeys })(write)).rejects.toThrow('no secret');
    expect(owed).toEqual([]);
  });
});

describe('a write that ends an account', () => {
  it('owes a notice when the account is marked as closing, and none when it is deleted after that', async () => {
    const before = account();
    const closing: AccountImage = { ...before, status: 'closing' };
    await tell(before, closing);
    await tell(closing);
    expect(kinds()).toEqual(['account-closed']);
  });

  it.each<[string, (before: AccountImage) => AccountImage | undefined]>([
    ['deleted without being closed', () => undefined],
    ['replaced by a registration on another phone', () => account({ status: 'provisional' })],
    ['made provisional again', (before) => ({ ...before, status: 'provisional' })],
  ])('owes a notice where the account is %s', async (_how, change) => {
    const before = account();
    await tell(before, change(before));
    expect(owed).toMatchObject([{ kind: 'account-closed', phoneTag: before.phoneTag }]);
  });
});

it('every other write of an account owes nothing: a registration, its end, other attributes', async () => {
  const before = account();
  const claim: AccountImage = { ...before, status: 'provisional' };
  const outcomes = [
    await tell(claim, before),
    await tell(claim, account({ status: 'provisional' })),
    await tell(claim),
    await tell(before, { ...before, language: 'en' }),
    await tell({ ...before, status: 'closing' }, before),
  ];
  expect(new Set(outcomes)).toEqual(new Set(['nothing-owed']));
  expect(owed).toEqual([]);
});

describe('a write of an account’s second factors', () => {
  const app = { totpSecret: 'sealed', recoveryCodes: ['a', 'b'] };

  it.each<[string, Partial<AccountImage>, Partial<AccountImage>]>([
    ['adds an app', {}, app],
    ['replaces the app', app, { ...app, totpSecret: 'sealed of another app' }],
    ['removes the app', app, { recoveryCodes: [] }],
    ['renews the recovery codes', app, { ...app, recoveryCodes: ['c', 'd'] }],
  ])('owes the owner a notice if it %s', async (_what, had, has) => {
    const { totpSecret: _, ...plain } = account();
    await tell({ ...plain, ...had }, { ...plain, ...has });
    expect(kinds()).toEqual(['second-factor-changed']);
  });

  it('owes nothing for the same app under a newer key', async () => {
    const secret = (by: typeof newer) =>
      seal(by.current, randomBytes, totpContext('owner'), 'SECRET');
    const before = account({ ...app, totpSecret: secret(former) });
    const resealed = { ...before, totpSecret: secret(newer) };
    expect(await tell(before, resealed)).toBe('nothing-owed');
  });

  it('owes nothing for a recovery code that was used up', async () => {
    const before = account(app);
    expect(await tell(before, { ...before, recoveryCodes: ['a'] })).toBe('nothing-owed');
  });
});

describe('the deletion of an account that was moved to a newer tag', () => {
  const userId = unique();
  const app = (tag: string, by = newer) =>
    seal(by.current, randomBytes, totpContext(tag), 'SECRET');

  /** An account under its former tag, as the stream shows its deletion, and under its new one. */
  function moved(username = unique()) {
    const [from, to] = [formerTagger, tagger].map((of) => {
      const tag = of.tag('username', username);
      const phoneTag = of.tag('phone', '+966551234567');
      const codes = ['a', 'b'].map((code) => of.tag('recovery-code', 'holder', code));
      return {
        tag,
        codes,
        secret: app(tag),
        ...sealPhone(newer.current, randomBytes, phoneTag, '+966551234567'),
      };
    });
    if (!from || !to) throw new Error('There is no tag');
    const { phone, phoneTag } = from;
    const image = account({
      userId,
      phone,
      phoneTag,
      totpSecret: from.secret,
      recoveryCodes: from.codes,
    });
    const there: Account = {
      ...accountClaim().account,
      usernameTag: to.tag,
      status: 'active',
      userId,
      phone: to.phone,
      phoneTag: to.phoneTag,
      totp: { secret: to.secret, confirmedAt: 1, lastStep: 1 },
      recoveryCodes: to.codes,
    };
    const tellOf = () => tellOwner(ports())({ id: unique(), usernameTag: from.tag, before: image });
    return { there, tellOf };
  }

  it('owes nothing, because its owner lost nothing', async () => {
    const { there, tellOf } = moved();
    standing.set(there.usernameTag, there);
    expect(await tellOf()).toBe('nothing-owed');
  });

  it('owes the notice of a closing if no account stands under the newer tag', async () => {
    await moved().tellOf();
    expect(kinds()).toEqual(['account-closed']);
  });

  it.each<[string, (there: Account) => Account, string]>([
    ['belongs to another user', (there) => ({ ...there, userId: unique() }), 'account-closed'],
    ['is no open account', (there) => ({ ...there, status: 'provisional' }), 'account-closed'],
    [
      'is on another phone',
      (there) => ({ ...there, ...onPhone('+966557654321') }),
      'phone-changed',
    ],
    [
      'has another app',
      (there) => ({ ...there, totp: { secret: app('other'), confirmedAt: 1, lastStep: 1 } }),
      'second-factor-changed',
    ],
    [
      'has further recovery codes',
      (there) => ({ ...there, recoveryCodes: [...(there.recoveryCodes ?? []), 'planted'] }),
      'second-factor-changed',
    ],
  ])('owes the notice of what the owner lost if the copy there %s', async (_what, forge, kind) => {
    const { there, tellOf } = moved();
    standing.set(there.usernameTag, forge(there));
    await tellOf();
    expect(kinds()).toEqual([kind]);
  });

  it('reads nothing where no newer tag exists', async () => {
    const tag = tagger.tag('username', unique());
    const find = () => Promise.reject(new Error('It read the table'));
    const write = { id: unique(), usernameTag: tag, before: account({ userId }) };
    expect(await tellOwner({ ...ports(), accounts: { find } })(write)).toBe('owed');
  });
});
