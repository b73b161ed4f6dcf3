import { createHash } from 'node:crypto';
import type { SealKey, Tagger } from '../crypto/keys.ts';
import type { Account, PhoneOf } from '../model/account.ts';
import { accountLedgerTag } from '../model/ledger.ts';
import { sealPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';

/** Whom a challenge concerns that anybody may start: an account, or nobody. */
export interface Target {
  /** Sealed E.164 number. */
  readonly phone: string;
  readonly phoneTag: string;
  readonly accountTag: string;
  readonly ledgerTag: string;
  /** Epoch seconds: when the phone was sealed. */
  readonly madeAt: number;
}

/** An account, with the phone that gets its code. */
export const accountTarget = (
  tagger: Tagger,
  account: Account,
  { phone, phoneTag }: PhoneOf,
): Target => ({
  phone,
  phoneTag,
  accountTag: account.usernameTag,
  ledgerTag: accountLedgerTag(tagger, account),
  madeAt: account.createdAt,
});

/**
 * Nobody: a made-up phone, the same each time, with ledgers of its own. So guesses at what was typed use up nothing of a
 * stranger's budget. Compute it for accounts too, and open its phone as an account's is opened, so that both take as long.
 * @param tag keyed tag of what was typed
 */
export function decoyTarget(
  { clock, entropy }: Pick<Ports, 'clock' | 'entropy'>,
  key: SealKey,
  tag: string,
): Target {
  const digits = createHash('sha256').update(tag).digest().readUInt32BE(0) % 10 ** 8;
  const phone = `+9665${String(digits).padStart(8, '0')}`;
  return {
    ...sealPhone(key, entropy, tag, phone),
    accountTag: tag,
    ledgerTag: tag,
    madeAt: clock(),
  };
}
