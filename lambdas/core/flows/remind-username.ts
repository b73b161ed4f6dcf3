import { findByNationalId } from '../account/find-by-national-id.ts';
import { openKeptUsername } from '../account/open-kept-username.ts';
import { noticeIdBytes } from '../audit/compose-records.ts';
import { chargeAddress } from '../budgets/charge-address.ts';
import { chargeReminder } from '../budgets/charge-reminder.ts';
import { type Return, returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import type { Tagger } from '../crypto/keys.ts';
import { seal } from '../crypto/seal.ts';
import { type Account, heldPhone } from '../model/account.ts';
import { reminderContext, type UsernameReminder } from '../model/records.ts';
import { sealPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'identityTags'
  | 'phoneSealKeys'
  | 'usernameSealKeys'
  | 'sealKeys'
  | 'tags'
  | 'limits'
  | 'accounts'
  | 'ledgers'
  | 'notices'
>;

interface ReminderInput {
  readonly nationalId: string;
  /** E.164 */
  readonly phone: string;
  readonly address: string;
  readonly language: Language;
}

/** Seconds for which delivery is tried. After an hour the person may ask again. */
const reminderSeconds = 3600;

/**
 * Owes the username to the phone of the account that has this national ID. There is one answer for everybody: a pair that
 * does not belong together gets a decoy, which `sms-sender` settles without an SMS, after the same work.
 *
 * The charge and the notice are two writes. A crash between them costs the person an hour.
 *
 * Five AWS calls, four in sequence. Where KMS tags the national ID, its call runs in parallel with the charge of the
 * address.
 * @throws Problem too_many_requests, for the address and the service only
 */
export const remindUsername =
  (ports: Needs) =>
  async ({ nationalId, phone, address, language }: ReminderInput): Promise<void> => {
    const { clock, identityTags, notices } = ports;
    const tagger = await ports.tags();
    const phoneTag = tagger.tag('phone', phone);
    // Not as an unverified code: no code could ever give it back, and a hospital would lose its registrations to reminders.
    const charging = chargeAddress(ports)(address);
    const giveBack: Return = async (why) => returnOf(ports, await charging)(why);
    await returnUnjudged([giveBack], async () => {
      const found = async () => {
        const tags = await identityTags(nationalId);
        return { tags, account: await findByNationalId(ports)(tags) };
      };
      const [{ tags, account }] = await Promise.all([found(), charging]);
      const pairTag = tagger.tag('decoy', tags.newest, phoneTag);
      const owner = hasBoth(tagger, account, phoneTag, clock()) ? account : undefined;
      const known = await openKeptUsername(ports)(owner, pairTag);
      // A full ledger takes as long: it must not tell that somebody has asked for this pair before.
      const hasRoom = await chargeReminder(ports)(pairTag, clock());
      const username = hasRoom ? known : undefined;
      await notices.owe(await composeReminder(ports, { phone, phoneTag, language, username }));
    });
  };

/** A new phone may be a thief's, so during its hold only the former one is told. A closing can be taken back by a reset. */
function hasBoth(
  tagger: Tagger,
  account: Account | undefined,
  phoneTag: string,
  now: number,
): boolean {
  if (!account) return false;
  const { phoneTag: own } = heldPhone(account, now) ?? account;
  const open = account.status === 'active' || account.status === 'closing';
  return tagger.isSame(own, phoneTag) && open;
}

interface Reminded {
  /** E.164 */
  readonly phone: string;
  readonly phoneTag: string;
  readonly language: Language;
  /** Absent for a decoy. */
  readonly username: string | undefined;
}

async function composeReminder(
  { clock, entropy, phoneSealKeys, sealKeys }: Needs,
  { phone, phoneTag, language, username }: Reminded,
): Promise<UsernameReminder> {
  const id = entropy(noticeIdBytes).toString('base64url');
  const [phoneSeals, seals] = [await phoneSealKeys(), await sealKeys()];
  const sealed = seal(seals.current, entropy, reminderContext(id), username ?? 'nobody');
  const createdAt = clock();
  return {
    id,
    kind: 'username-reminder',
    language,
    ...sealPhone(phoneSeals.current, entropy, phoneTag, phone),
    username: sealed,
    decoy: username === undefined,
    createdAt,
    expiresAt: createdAt + reminderSeconds,
  };
}
