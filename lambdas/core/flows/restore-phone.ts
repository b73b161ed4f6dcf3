import { findByTag } from '../account/find-account.ts';
import { securityEvent } from '../audit/compose-records.ts';
import type { WrongCodeNeeds } from '../budgets/record-wrong-code.ts';
import type { TicketUse } from '../challenge/claim-ticket.ts';
import { requireSecondFactor } from '../challenge/require-second-factor.ts';
import { type Account, heldPhone, type PhoneHold } from '../model/account.ts';
import { Problem } from '../model/problems.ts';
import type { Origin, Records } from '../model/records.ts';
import { type FactorCode, isSeasoned } from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'sealKeys'
  | 'tags'
  | 'limits'
  | 'challenges'
  | 'accounts'
  | 'directoryUsers'
> &
  WrongCodeNeeds;

type ResetUse = TicketUse<'password-reset'>;
type OwnedAccount = Account & { readonly userId: string };

/** The former phone is the account's again. */
export interface PhoneRestored {
  readonly kind: 'phone-restored';
  /** Epoch seconds from which a reset sets a password again. */
  readonly resetFrom: number;
}

interface RestorationInput {
  /** Required where the account has an authenticator app of its owner. */
  readonly secondFactor?: FactorCode | undefined;
  readonly origin: Origin;
}

/** How often the restoration starts over because a change of the account overtook it. */
const maxTries = 4;

/**
 * Undoes a change of phone with a code that went to the former phone (docs/decisions/0037). It sets
 * no password: the number may have passed to a stranger. The hold's end stays, so resets wait for
 * it.
 *
 * One transaction writes phone and slots, ends every session and remembered device, spends the
 * ticket, and writes the events. `sms-sender` sees the return in the table's stream and tells both
 * phones. A crash before it changes nothing. After it, only the directory's
 * own tokens may be left, for minutes: a repeated request with its key signs them out.
 * Four AWS calls, two more where a second factor is required.
 * @throws Problem ticket_invalid: the code went to another phone, or the change was undone before
 * @throws Problem second_factor_required, code_incorrect, challenge_locked, unavailable
 */
export const restorePhone =
  (ports: Needs) =>
  async (use: ResetUse, read: OwnedAccount, input: RestorationInput): Promise<PhoneRestored> => {
    let account: Account | undefined = read;
    for (let tries = maxTries; tries > 0; tries--) {
      const held = account && (await heldAccount(ports, use, account, read.userId));
      const kind = held && (await restore(ports, use, held, input)).kind;
      if (held && kind === 'restored') {
        await ports.directoryUsers.signOutEverywhere(read.userId);
        return { kind: 'phone-restored', resetFrom: held.phoneHeldUntil };
      }
      const done = await doneByTwin(ports, use);
      if (done) return done;
      if (kind !== 'gone') throw new Problem('ticket_invalid');
      // A thief's next move, or a change of an app, was faster. Read the account and start over.
      account = await findByTag(ports)(read.usernameTag);
    }
    throw new Problem('unavailable', { retryAfter: 1 });
  };

/**
 * The answer of a request that undid a change of phone, for a repetition with its key.
 * @returns undefined if its ticket did something else
 */
export const repeatRestoration =
  (ports: Pick<Ports, 'accounts' | 'directoryUsers' | 'tags'>) =>
  async ({ challenge }: ResetUse): Promise<PhoneRestored | undefined> => {
    const { restoredUntil, accountTag } = challenge;
    if (restoredUntil === undefined) return undefined;
    const account = await findByTag(ports)(accountTag);
    if (account?.userId !== undefined) await ports.directoryUsers.signOutEverywhere(account.userId);
    return { kind: 'phone-restored', resetFrom: restoredUntil };
  };

type HeldAccount = Account & PhoneHold;

/** @returns undefined unless the code went to the former phone of a hold in force */
async function heldAccount(
  { clock, tags }: Needs,
  { challenge }: ResetUse,
  account: Account,
  userId: string,
): Promise<HeldAccount | undefined> {
  const former = heldPhone(account, clock());
  const same = account.status === 'active' && account.userId === userId;
  if (!same || !former) return undefined;
  if (!(await tags()).isSame(former.phoneTag, challenge.phoneTag)) return undefined;
  const { phone: formerPhone, phoneTag: formerPhoneTag } = former;
  const { phoneHeldFrom = 0, phoneHeldUntil = 0 } = account;
  return { ...account, phoneHeldFrom, phoneHeldUntil, formerPhone, formerPhoneTag };
}

async function restore(
  ports: Needs,
  use: ResetUse,
  account: HeldAccount,
  input: RestorationInput,
): ReturnType<Needs['accounts']['restorePhone']> {
  const dropsFactors = !(await keepsFactors(ports, use, account, input));
  const now = ports.clock();
  // The password stays. A sign-in of this very second may be the thief's, so it ends too.
  const change = { now, sessionsValidFrom: now + 1, dropsFactors };
  const records = recordsOf(ports, account, dropsFactors, input.origin);
  const ticket = { idHash: use.challenge.idHash, usedBy: use.usedBy };
  return ports.accounts.restorePhone(account, change, records, ticket);
}

/** What a parallel copy of this request did. */
async function doneByTwin(
  { challenges }: Needs,
  { challenge, usedBy }: ResetUse,
): Promise<PhoneRestored | undefined> {
  const stored = await challenges.find(challenge.idHash);
  if (stored?.purpose !== 'password-reset' || stored.status !== 'spent') return undefined;
  const { restoredUntil } = stored;
  if (restoredUntil === undefined || stored.usedBy !== usedBy) return undefined;
  return { kind: 'phone-restored', resetFrom: restoredUntil };
}

/**
 * Demands the second factor, as a reset does. An app that is younger than a day when the hold began
 * may be a thief's: it is not asked for, and it goes.
 * @returns whether the account keeps its app and recovery codes
 */
async function keepsFactors(
  ports: Needs,
  use: ResetUse,
  account: HeldAccount,
  input: RestorationInput,
): Promise<boolean> {
  if (account.totp && !isSeasoned(account, 'totp', account.phoneHeldFrom)) return false;
  await requireSecondFactor(ports)(use, account, input);
  return true;
}

function recordsOf(
  ports: Needs,
  account: Account,
  dropsFactors: boolean,
  origin: Origin,
): Pick<Records, 'events'> {
  const { userId = '' } = account;
  const types = dropsFactors
    ? (['phone.restored', 'totp.removed'] as const)
    : (['phone.restored'] as const);
  return { events: types.map((type) => securityEvent(ports, type, userId, origin)) };
}
