import { commitsTo } from '../challenge/id.ts';
import { type ReadTicket, readTicket } from '../challenge/ticket.ts';
import type { Account } from '../model/account.ts';
import type { Charge, ChargedUnit } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';

/*
 * A ticket that is the second factor of one login, because its code reached the account's phone minutes ago. Either it has
 * completed the account's registration or reset (docs/decisions/0048), or it proved the phone before the password
 * (docs/decisions/0051).
 */

/** Seconds after its proof, or its completion, in which a ticket is a second factor. */
export const factorSeconds = 600;

/** A ticket that is a second factor for an account. */
export interface TicketFactor {
  readonly purpose: 'registration' | 'password-reset' | 'phone-first';
  /** Hash of its challenge's id. */
  readonly idHash: string;
  /** Epoch seconds: when it completed its flow, or proved the phone. */
  readonly since: number;
}

/**
 * Judges a ticket as the second factor of an account. Nothing that the table says opens an account with it: its signature
 * proves the code, and its id commits to the account's phone.
 * The public key alone is read, and kept. So no AWS call, but the first time.
 * @param now epoch seconds
 * @returns undefined for a ticket that is forged, of another account, too old, or older than the account's phone or password
 */
export async function ticketFactor(
  { publicKeys }: Pick<Ports, 'publicKeys'>,
  ticket: string,
  account: Account | undefined,
  now: number,
): Promise<TicketFactor | undefined> {
  const read = await readTicket({ publicKeys })(ticket);
  if (!read || account?.status !== 'active') return undefined;
  const factor = factorOf(read, account);
  if (factor === undefined || factor.since + factorSeconds <= now) return undefined;
  // An authenticator app that was added since is due as well.
  return (account.factorsChangedAt ?? 0) > factor.since ? undefined : factor;
}

function factorOf({ challengeId, at }: ReadTicket, account: Account): TicketFactor | undefined {
  const { phoneTag, usernameTag: accountTag, createdAt, sessionsValidFrom, newestReset } = account;
  const { hash: idHash, purpose } = challengeId;
  switch (purpose) {
    case 'registration': {
      const ours = account.holder === idHash && sessionsValidFrom === undefined;
      return ours && commitsTo(challengeId, { purpose, phoneTag })
        ? { purpose, idHash, since: createdAt }
        : undefined;
    }
    case 'password-reset': {
      // A later reset or change of the password has moved `sessionsValidFrom`.
      const ours = newestReset?.idHash === idHash && newestReset.at === sessionsValidFrom;
      return ours && commitsTo(challengeId, { purpose, accountTag, phoneTag })
        ? { purpose, idHash, since: newestReset.at }
        : undefined;
    }
    case 'phone-first': {
      const ours = at >= Math.max(createdAt, sessionsValidFrom ?? 0);
      return ours && commitsTo(challengeId, { purpose, accountTag, phoneTag })
        ? { purpose, idHash, since: at }
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
  { idHash, since }: TicketFactor,
): Promise<ChargedUnit | undefined> {
  const charge: Charge = {
    ledger: { scope: 'ticket-passwords', tag: idHash },
    counts: 'uses',
    budgets: { usesPerWindow: limits.passwordsPerTicket },
  };
  // Its window is that of the proof: no further passwords after midnight.
  const { kind } = await ledgers.charge(charge, since);
  return kind === 'refused' ? undefined : { charge, at: since };
}

/** The one login of a ticket, to be charged in the transaction that opens its session. */
export const loginOf = ({ idHash, since }: TicketFactor): ChargedUnit => ({
  charge: {
    ledger: { scope: 'ticket-login', tag: idHash },
    counts: 'uses',
    budgets: { usesPerWindow: 1 },
  },
  // Its window is that of the proof: no second login after midnight.
  at: since,
});
