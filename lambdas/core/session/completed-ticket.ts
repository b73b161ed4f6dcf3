import { commitsTo } from '../challenge/id.ts';
import { type ReadTicket, readTicket } from '../challenge/ticket.ts';
import type { Account } from '../model/account.ts';
import type { Charge, ChargedUnit } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';

/*
 * The ticket that has just completed an account's registration or reset. Its code reached the account's phone minutes ago,
 * so it is the second factor of one login (docs/decisions/0048).
 */

/** Seconds after its completion in which a ticket is a second factor. */
export const completedSeconds = 600;

/** A ticket that is a second factor for an account. */
export interface CompletedTicket {
  /** Hash of its challenge's id. */
  readonly idHash: string;
  /** Epoch seconds. */
  readonly completedAt: number;
}

/**
 * Judges a ticket as the second factor of an account. Nothing that the table says opens an account with it: its signature
 * proves the code, and its id commits to the account's phone.
 * The public key alone is read, and kept. So no AWS call, but the first time.
 * @param now epoch seconds
 * @returns undefined for a ticket that is forged, of another account, too old, or older than the account's phone or password
 */
export async function completedTicket(
  { publicKeys }: Pick<Ports, 'publicKeys'>,
  ticket: string,
  account: Account | undefined,
  now: number,
): Promise<CompletedTicket | undefined> {
  const read = await readTicket({ publicKeys })(ticket);
  if (!read || account?.status !== 'active') return undefined;
  const completedAt = completedBy(read, account);
  if (completedAt === undefined || completedAt + completedSeconds <= now) return undefined;
  // An authenticator app that was added since is due as well.
  if ((account.factorsChangedAt ?? 0) > completedAt) return undefined;
  return { idHash: read.challengeId.hash, completedAt };
}

/** The instant at which the ticket completed the account's registration or newest reset. */
function completedBy({ challengeId }: ReadTicket, account: Account): number | undefined {
  const { phoneTag, usernameTag, createdAt, sessionsValidFrom, holder, newestReset } = account;
  const { hash, purpose } = challengeId;
  switch (purpose) {
    case 'registration': {
      const ours = holder === hash && sessionsValidFrom === undefined;
      return ours && commitsTo(challengeId, { purpose, phoneTag }) ? createdAt : undefined;
    }
    case 'password-reset': {
      // A later reset or change of the password has moved `sessionsValidFrom`.
      const ours = newestReset?.idHash === hash && newestReset.at === sessionsValidFrom;
      const accountTag = usernameTag;
      return ours && commitsTo(challengeId, { purpose, accountTag, phoneTag })
        ? newestReset.at
        : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Charges a ticket for one password, in place of the account: strangers' tries at a name do not count against whoever
 * has just proved its phone. One AWS call.
 * @returns the unit to return if nobody judged the password; undefined where the ticket has no password left
 */
export async function chargeTicketPassword(
  { limits, ledgers }: Pick<Ports, 'limits' | 'ledgers'>,
  { idHash, completedAt }: CompletedTicket,
): Promise<ChargedUnit | undefined> {
  const charge: Charge = {
    ledger: { scope: 'ticket-passwords', tag: idHash },
    counts: 'uses',
    budgets: { usesPerWindow: limits.passwordsPerTicket },
  };
  // Its window is that of the completion: no further passwords after midnight.
  const { kind } = await ledgers.charge(charge, completedAt);
  return kind === 'refused' ? undefined : { charge, at: completedAt };
}

/** The one login of a ticket, to be charged in the transaction that opens its session. */
export const loginOf = ({ idHash, completedAt }: CompletedTicket): ChargedUnit => ({
  charge: {
    ledger: { scope: 'ticket-login', tag: idHash },
    counts: 'uses',
    budgets: { usesPerWindow: 1 },
  },
  // Its window is that of the completion: no second login after midnight.
  at: completedAt,
});
