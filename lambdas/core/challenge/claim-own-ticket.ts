import type { Account } from '../model/account.ts';
import type { PhoneChangeSubject } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import type { Ports } from '../ports/index.ts';
import { claimTicket, releaseTicket, type TicketUse } from './claim-ticket.ts';

/**
 * Claims a ticket that only the account of its challenge may use. Another account's ticket is
 * released.
 * @param inputs further fields that tell this request from any other, in a fixed order
 * @throws Problem ticket_invalid, unavailable
 */
export const claimOwnTicket =
  (ports: Pick<Ports, 'clock' | 'publicKeys' | 'limits' | 'challenges' | 'tags'>) =>
  async <P extends 'phone-change' | 'account-closing'>(
    { usernameTag, userId = '' }: Pick<Account, 'usernameTag' | 'userId'>,
    ticket: string,
    purpose: P,
    inputs: readonly string[] = [],
  ): Promise<TicketUse<P>> => {
    const use = await claimTicket(ports)(ticket, purpose, [userId, ...inputs]);
    const challenge: Pick<PhoneChangeSubject, 'userId' | 'accountTag'> = use.challenge;
    // The account may have moved to a newer tag since.
    const sameAccount = (await ports.tags()).isSame(challenge.accountTag, usernameTag);
    const own = challenge.userId === userId && sameAccount;
    return own ? use : releaseTicket(ports)(use, new Problem('ticket_invalid'));
  };
