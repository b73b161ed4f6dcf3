import { createHash } from 'node:crypto';
import { challengeIdBytes, describe } from '../challenge/id.ts';
import { repeatSeconds } from '../challenge/idempotency.ts';
import { fingerprint, readTicket } from '../challenge/ticket.ts';
import { unseal } from '../crypto/seal.ts';
import { type ClaimedChallenge, phoneContext } from '../model/challenge.ts';
import { openTransaction, type RelyingService } from '../model/transaction.ts';
import type { Ports } from '../ports/index.ts';
import { maskPhone } from '../values/phone.ts';

type Needs = Pick<Ports, 'clock' | 'entropy' | 'keys' | 'limits' | 'challenges'>;

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
    const { clock, keys, limits, challenges } = ports;
    const read = await readTicket(keys, input.ticket);
    const { keySet, challengeId } = read ?? (await nonexistentChallenge(ports, input.ticket));
    // Without a key, no two requests are the same.
    const key = input.idempotencyKey ?? ports.entropy(16).toString('base64url');
    const kind = input.idempotencyKey === undefined ? 'once' : 'keyed';
    const usedBy = fingerprint(keySet, challengeId, 'introspect', input.service.id, kind, key);
    const result = await challenges.redeemTicket(challengeId.hash, {
      service: input.service.id,
      usedBy,
      now: clock(),
      repeatSeconds,
    });
    // A forged ticket is never active, whatever the write returns: its item does not exist.
    if (!read || result.kind === 'refused') return { active: false };
    const told = await introspectionOf(keys, result.challenge, limits);
    return { active: true, challenge: challengeId.id, ...told };
  };

/** The id of a challenge that does not exist, for a forged ticket: it then costs the same write. */
async function nonexistentChallenge({ keys }: Needs, ticket: string) {
  const bytes = createHash('sha256').update(ticket).digest().subarray(0, challengeIdBytes);
  return { keySet: (await keys()).current, challengeId: describe(bytes) };
}

async function introspectionOf(
  keys: Ports['keys'],
  challenge: ClaimedChallenge<'transaction'>,
  { ticketSeconds }: Ports['limits'],
): Promise<Omit<Extract<Introspection, { active: true }>, 'active' | 'challenge'>> {
  const { phone, phoneTag, ticketExpiresAt: expiresAt } = challenge;
  const { purpose, display } = await openTransaction(keys, challenge);
  const destination = maskPhone(await unseal(keys, phoneContext(phoneTag), phone));
  const verifiedAt = expiresAt - ticketSeconds;
  return { purpose, display, destination, verifiedAt, expiresAt };
}
