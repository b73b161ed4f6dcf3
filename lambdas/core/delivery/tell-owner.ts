import { createHash } from 'node:crypto';
import { noticeIdBytes, noticeTo, phonesToTell } from '../audit/compose-records.ts';
import { unseal } from '../crypto/seal.ts';
import { type Account, type Hold, type PhoneOf, totpContext } from '../model/account.ts';
import type { ChangeKind } from '../model/records.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';

/** An account's item as the table's stream shows it. A function in an attacker's hands may have left out anything. */
export interface AccountImage extends Partial<PhoneOf>, Hold {
  readonly status?: Account['status'];
  readonly userId?: string;
  readonly language: Language;
  /** The sealed secret of the authenticator app. */
  readonly totpSecret?: string;
  /** Tags of the recovery codes. */
  readonly recoveryCodes: readonly string[];
}

/** A write of an account's item, as the table's stream shows it. */
export interface AccountWrite {
  /** Identifies the write. A repeated delivery has the same id. Functions that do not read the stream cannot know it. */
  readonly id: string;
  readonly usernameTag: string;
  readonly before: AccountImage;
  /** Absent if the item was deleted. */
  readonly after?: AccountImage;
}

/** `untellable`: an owner lost the account or its phone, and no number was found to tell. */
export type Telling = 'nothing-owed' | 'owed' | 'untellable';

type Needs = Pick<Ports, 'clock' | 'phoneSealKeys' | 'sealKeys' | 'notices' | 'tags'> & {
  readonly accounts: Pick<Ports['accounts'], 'find'>;
};

/** An account's item, and the tag under which it stands. */
interface Standing extends AccountImage {
  readonly usernameTag: string;
}

/**
 * Owes an account's owner a notice when the account leaves its phone or ends, or when its second factors change, whatever
 * function wrote that. It goes to
 * the phone of the *old* item, in the old item's language, and during a hold to the phone before that too. The return of
 * a former phone has its own text, for both phones.
 * The comparison of the two images replaces a notice that the writing function would have to send: a function in an
 * attacker's hands cannot leave it out (docs/decisions/0035). A repeated delivery of the same write owes nothing new.
 * @throws errors of the table and of the keys; the stream then delivers the write again
 */
export const tellOwner =
  (ports: Needs) =>
  async ({ id, usernameTag, before, after }: AccountWrite): Promise<Telling> => {
    const current = after ? { ...after, usernameTag } : await movedTo(ports, usernameTag, before);
    const kind = await owedKind(ports, { ...before, usernameTag }, current);
    if (kind === undefined) return 'nothing-owed';

    const { phone = '', phoneTag = '', ...rest } = before;
    const now = ports.clock();
    // The hold was in force at the write. The stream may deliver a return after it.
    const heldAt = kind === 'phone-restored' ? 0 : now;
    const told = await readable(ports, phonesToTell({ ...rest, phone, phoneTag }, heldAt));
    for (const to of told) {
      await ports.notices.owe(noticeTo(idOf(id, kind, to), kind, before.language, to, now));
    }
    return told.length > 0 ? 'owed' : 'untellable';
  };

/**
 * Finds where a deleted account went: while tags rotate, accounts move to newer tags. What stands there is then compared
 * like a change. So a copy that an attacker puts there excuses nothing that the owner would lose by it.
 * One AWS call, only where a newer tag exists.
 * @returns undefined if the account is gone, or another person's by now
 */
async function movedTo(
  { accounts, tags }: Needs,
  usernameTag: string,
  { userId }: AccountImage,
): Promise<Standing | undefined> {
  if (userId === undefined) return undefined;
  const later = (await tags()).laterTags(usernameTag).filter((tag) => tag !== usernameTag);
  for (const tag of later) {
    const account = await accounts.find(tag);
    if (account?.userId !== userId) continue;
    const { totp, recoveryCodes = [], ...rest } = account;
    return { ...rest, ...(totp && { totpSecret: totp.secret }), recoveryCodes };
  }
  return undefined;
}

async function owedKind(
  ports: Needs,
  before: Standing,
  after: Standing | undefined,
): Promise<ChangeKind | undefined> {
  // A registration that was never completed. It has no owner, and another registration may replace it.
  if (before.status === 'provisional') return undefined;
  const wasClosing = before.status === 'closing';
  // A closing account is deleted last: its owner was told when it was marked.
  const isOver = after === undefined || after.status === 'provisional';
  if (isOver) return wasClosing ? undefined : 'account-closed';
  if (await isRestored(ports, before, after)) return 'phone-restored';
  if (!(await isSamePhone(ports, before, after))) return 'phone-changed';
  if (after.status === 'closing' && !wasClosing) return 'account-closed';
  const { isSame } = await ports.tags();
  const added = after.recoveryCodes.some((tag) =>
    before.recoveryCodes.every((former) => !isSame(former, tag)),
  );
  const sameFactors = !added && (await isSameApp(ports, before, after));
  return sameFactors ? undefined : 'second-factor-changed';
}

/** Whether both images have the same app. A seal with a newer key is no other app. */
async function isSameApp(
  { sealKeys }: Needs,
  { totpSecret: former, usernameTag: formerTag }: Standing,
  { totpSecret: current, usernameTag: currentTag }: Standing,
): Promise<boolean> {
  if (former === current) return true;
  if (former === undefined || current === undefined) return false;
  await sealKeys();
  const [old, now] = await Promise.all([
    unseal(sealKeys, totpContext(formerTag), former, 0).catch(() => 'unreadable'),
    unseal(sealKeys, totpContext(currentTag), current, 0).catch(() => undefined),
  ]);
  return old === now;
}

/**
 * Whether the account is on its former phone, and the way back to it is used up. The number decides: a function in an
 * attacker's hands must not pass its own phone for a return.
 */
async function isRestored(ports: Needs, before: AccountImage, after: AccountImage) {
  const { formerPhone, formerPhoneTag } = before;
  if (formerPhone === undefined || formerPhoneTag === undefined) return false;
  if (after.formerPhone !== undefined) return false;
  return isSamePhone(ports, { phone: formerPhone, phoneTag: formerPhoneTag }, after);
}

/** Whether both images have the same number. A seal or a tag under a newer key is no other phone. */
async function isSamePhone(ports: Needs, before: Partial<PhoneOf>, after: Partial<PhoneOf>) {
  if (before.phone === after.phone && before.phoneTag === after.phoneTag) return true;
  const [old, current] = await Promise.all([numberOf(ports, before), numberOf(ports, after)]);
  return old !== undefined && old === current;
}

/** Only the phones whose number opens. A notice that cannot be sent would hold up the stream. */
async function readable(ports: Needs, phones: PhoneOf[]): Promise<PhoneOf[]> {
  const numbers = await Promise.all(phones.map((phone) => numberOf(ports, phone)));
  return phones.filter((_, index) => numbers[index] !== undefined);
}

/**
 * @returns undefined for a number that was not sealed by us under this tag
 * @throws errors of the keys
 */
async function numberOf({ phoneSealKeys }: Needs, { phone = '', phoneTag = '' }: Partial<PhoneOf>) {
  // Keys out of reach must not pass for a broken seal: the write is delivered again.
  await phoneSealKeys();
  try {
    // A phone may be older than a rotation, and an item without its instant of creation must still be told of.
    return await openPhone(phoneSealKeys, { phone, phoneTag }, 0);
  } catch {
    return undefined;
  }
}

/** The same for each delivery of the same write. */
const idOf = (writeId: string, kind: ChangeKind, { phoneTag }: PhoneOf): string =>
  createHash('sha256')
    .update(JSON.stringify([writeId, kind, phoneTag]))
    .digest()
    .subarray(0, noticeIdBytes)
    .toString('base64url');
