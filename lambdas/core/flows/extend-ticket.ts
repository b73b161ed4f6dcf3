import {
  endOfTicket,
  longestTicketSeconds,
  mintTicket,
  type ReadTicket,
  readTicket,
} from '../challenge/ticket.ts';
import { publicKeyOf } from '../crypto/signature.ts';
import { Problem } from '../model/problems.ts';
import type { PublicKey } from '../model/proof.ts';
import type { Purpose } from '../model/purpose.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'challenges' | 'clock' | 'limits' | 'proofSigningKeys'>;

/** The tickets that a person fills in a form with. The others complete at once. */
const extendable: readonly Purpose[] = ['registration', 'password-reset'];

/**
 * Gives a person more time for a form (WCAG 2.2.1): the ticket's usual life from now, and at most 30 minutes after the code
 * was verified. The ticket is its own proof, so nobody extends another one. Its new end is signed, as every function checks
 * it, and stored, as a spent ticket has none. The former ticket is good until its own end. One AWS call.
 * @throws Problem ticket_invalid for a ticket that is forged, expired or spent, or of another purpose
 */
export const extendTicket =
  (ports: Needs) =>
  async (ticket: string): Promise<{ readonly ticket: string; readonly expiresAt: number }> => {
    const { challenges, clock, limits, proofSigningKeys } = ports;
    const now = clock();
    const read = await readOwnTicket(ports, ticket);
    if (!read || !isOpen(read, now, limits)) throw new Problem('ticket_invalid');
    const { challengeId, method, at } = read;
    const { hash, purpose } = challengeId;
    const until = Math.min(now + limits.ticketSeconds, at + longestTicketSeconds);
    const { kind } = await challenges.extendTicket(hash, { purpose, now, until });
    if (kind === 'refused') throw new Problem('ticket_invalid');
    const extendedSeconds = until - at - limits.ticketSeconds;
    const extended = await mintTicket(proofSigningKeys)(
      challengeId,
      { method, at },
      extendedSeconds,
    );
    return { ticket: extended, expiresAt: until };
  };

const isOpen = (read: ReadTicket, now: number, limits: Needs['limits']): boolean =>
  extendable.includes(read.challengeId.purpose) && endOfTicket(read, limits) > now;

/** The function that signs tickets needs no call to check one: it has the keys. */
const readOwnTicket = (
  { proofSigningKeys }: Needs,
  ticket: string,
): Promise<ReadTicket | undefined> =>
  readTicket({
    publicKeys: {
      async find(): Promise<PublicKey[]> {
        const { all } = await proofSigningKeys();
        return all.map(({ version, from, privateKey }) => ({
          version,
          from,
          publicKey: publicKeyOf(privateKey),
        }));
      },
    },
  })(ticket);
