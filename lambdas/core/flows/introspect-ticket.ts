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

/** What a ticket says to the service it is for. Instants: epoch seconds. */
export type Introspection =
  | { readonly active: false }
  | {
      readonly active: true;
      /** The id of its challenge: what the service has kept its transaction under. */
      readonly challenge: string;
      readonly purpose: string;
      readonly display: string;
      /** The phone, masked. */
      readonly destination: string;
      readonly verifiedAt: number;
      readonly expiresAt: number;
    };

/**
 * Tells a relying service whether a ticket is of a transaction of its own that a person has approved (RFC 7662 in
 * spirit), and spends it with that: of a thousand that ask at once one is told so. Whatever else it is, the answer and the
 * one write are the same. Under its `Idempotency-Key` the same request is told the same for ten minutes.
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
    const { keySet, challengeId } = read ?? (await noSuch(ports, input.ticket));
    // Without a key no two requests are the same.
    const key = input.idempotencyKey ?? ports.entropy(16).toString('base64url');
    const kind = input.idempotencyKey === undefined ? 'once' : 'keyed';
    const usedBy = fingerprint(keySet, challengeId, 'introspect', input.service.id, kind, key);
    const result = await challenges.redeemTicket(challengeId.hash, {
      service: input.service.id,
      usedBy,
      now: clock(),
      repeatSeconds,
    });
    // What is no ticket has no item, whatever the write says.
    if (!read || result.kind === 'refused') return { active: false };
    const told = await describeTo(keys, result.challenge, limits);
    return { active: true, challenge: challengeId.id, ...told };
  };

/** A challenge there never was, for a ticket that is none: so that it costs the same write. */
async function noSuch({ keys }: Needs, ticket: string) {
  const bytes = createHash('sha256').update(ticket).digest().subarray(0, challengeIdBytes);
  return { keySet: (await keys()).current, challengeId: describe(bytes) };
}

async function describeTo(
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
