import { createHash } from 'node:crypto';
import { type ChallengeId, commitsTo, nonexistentChallengeId } from '../challenge/id.ts';
import { repeatSeconds } from '../challenge/idempotency.ts';
import { fingerprint, type ReadTicket, readTicket } from '../challenge/ticket.ts';
import { type ClaimedChallenge, commitmentOf } from '../model/challenge.ts';
import { openPhone } from '../model/sealed-phone.ts';
import { openTransaction, type RelyingService } from '../model/transaction.ts';
import type { Ports } from '../ports/index.ts';
import { maskPhone } from '../values/phone.ts';

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'phoneSealKeys' | 'publicKeys' | 'sealKeys' | 'limits' | 'challenges'
>;

/** A ticket as its relying service sees it. Instants: epoch seconds. */
export type Introspection =
  | { readonly active: false }
  | {
      readonly active: true;
      /** The id of its challenge, under which the relying service has kept its transaction. */
      readonly challenge: string;
      readonly purpose: string;
      readonly display: string;
      /** The phone, masked. */
      readonly destination: string;
      readonly verifiedAt: number;
      readonly expiresAt: number;
    };

/**
 * Tells a relying service whether a ticket proves that a person approved one of its transactions
 * (in the spirit of RFC 7662). It also spends the ticket: of a thousand parallel requests, one is
 * told so.
 * Any other ticket gets the same answer after the same single write. With its `Idempotency-Key`,
 * the same request gets the same answer for ten minutes.
 * @returns `active: false` for a ticket that is forged, expired, spent or another service's
 */
export const introspectTicket =
  (ports: Needs) =>
  async (input: {
    readonly service: RelyingService;
    readonly ticket: string;
    readonly idempotencyKey?: string | undefined;
  }): Promise<Introspection> => {
    const { clock, challenges } = ports;
    const read = await readTransactionTicket(ports, input.ticket);
    const challengeId = read?.challengeId ?? nonexistentChallenge(input.ticket);
    // Without a key, no two requests are the same.
    const key = input.idempotencyKey ?? ports.entropy(16).toString('base64url');
    const kind = input.idempotencyKey === undefined ? 'once' : 'keyed';
    const usedBy = fingerprint(challengeId, 'introspect', input.service.id, kind, key);
    const result = await challenges.redeemTicket(challengeId.hash, {
      service: input.service.id,
      usedBy,
      now: clock(),
      repeatSeconds,
    });
    // A forged ticket is never active, whatever the write returns: its item does not exist.
    if (!read || result.kind === 'refused') return { active: false };
    // The table says something else than the id: a function must have been taken over.
    if (!commitsTo(challengeId, commitmentOf(result.challenge))) return { active: false };
    const told = await introspectionOf(ports, result.challenge, read);
    return { active: true, challenge: challengeId.id, ...told };
  };

/** The id of a challenge that does not exist, for a forged ticket: it then costs the same write. */
const nonexistentChallenge = (ticket: string): ChallengeId =>
  nonexistentChallengeId('transaction', createHash('sha256').update(ticket).digest());

/** A ticket of another purpose is treated as a forged one: this function may not even read its challenge. */
async function readTransactionTicket(
  ports: Needs,
  ticket: string,
): Promise<ReadTicket | undefined> {
  const read = await readTicket(ports)(ticket);
  return read?.challengeId.purpose === 'transaction' ? read : undefined;
}

async function introspectionOf(
  { phoneSealKeys, sealKeys, limits }: Needs,
  challenge: ClaimedChallenge<'transaction'>,
  { at: verifiedAt }: ReadTicket,
): Promise<Omit<Extract<Introspection, { active: true }>, 'active' | 'challenge'>> {
  const { purpose, display } = await openTransaction(sealKeys, challenge);
  const destination = maskPhone(await openPhone(phoneSealKeys, challenge, challenge.createdAt));
  const expiresAt = verifiedAt + limits.ticketSeconds;
  return { purpose, display, destination, verifiedAt, expiresAt };
}
