import { type ClaimedChallenge, ticketEndOf } from '#core/model/challenge.ts';
import type { Purpose } from '#core/model/purpose.ts';
import type { ChallengeStore, TicketAnswer, TicketRequest } from '#core/ports/challenge-store.ts';
import type { Stored } from './challenge-update.ts';
import type { Update } from './conditional-update.ts';

/** No other request holds the ticket: it is free, this request held it before, or its lease is over. */
const TICKET_FREE =
  '(#status = :verified OR (#status = :inUse AND (usedBy = :me OR inUseUntil <= :now)))';
/** The ticket has its usual life before it, or was extended. */
const unexpired = '(ticketExpiresAt > :now OR extendedUntil > :now)';
/** The ticket is for this flow, is still valid, and has uses left. The limit of uses stops probing. */
const TICKET_GOOD = `purpose = :purpose AND ${unexpired} AND uses < :maxUses`;
/** The ticket is of a transaction of this relying service. */
const OF_SERVICE = 'purpose = :transaction AND service = :service';
/** The ticket has not been redeemed, or this same request redeemed it and repeats the call. */
const REDEEMABLE =
  '((#status = :verified AND ticketExpiresAt > :now) OR (#status = :spent AND usedBy = :me AND spentAt > :since))';
/** The ticket has returned no use, or only to this same request. */
const RETURNS_TO_ME = '(attribute_not_exists(returnedTo) OR returnedTo = :me)';
export const TICKET_MINE = '#status = :inUse AND usedBy = :me';
/** This request holds the ticket, or a repetition of this same request has spent it. */
export const TICKET_MINE_OR_DONE = '(#status = :inUse OR #status = :spent) AND usedBy = :me';

type TicketStore = Pick<
  ChallengeStore,
  | 'claimTicket'
  | 'countTicketAttempt'
  | 'endLease'
  | 'extendTicket'
  | 'redeemTicket'
  | 'releaseTicket'
  | 'spendTicket'
>;

/** The writes about the ticket of a verified challenge. */
export const ticketWrites = (update: Update<Stored>): TicketStore => ({
  async claimTicket<P extends Purpose>(
    idHash: string,
    { purpose, usedBy, now, until, maxUses }: TicketRequest<P>,
  ): Promise<TicketAnswer<P>> {
    const result = await update(
      idHash,
      'SET #status = :inUse, usedBy = :me, inUseUntil = :until ADD uses :one',
      `${TICKET_GOOD} AND ${TICKET_FREE}`,
      {
        ':verified': 'verified',
        ':inUse': 'in-use',
        ':me': usedBy,
        ':purpose': purpose,
        ':now': now,
        ':until': until,
        ':maxUses': maxUses,
        ':one': 1,
      },
    );
    // The write's condition compares purpose and status, so the item is what its type says.
    if ('won' in result) {
      return { kind: 'claimed', challenge: result.won as ClaimedChallenge<P> };
    }
    const { lost } = result;
    if (lost?.status === 'spent' && lost.usedBy === usedBy && lost.purpose === purpose) {
      return { kind: 'done', challenge: lost as ClaimedChallenge<P> };
    }
    const busy =
      lost?.status === 'in-use' &&
      lost.purpose === purpose &&
      lost.uses < maxUses &&
      ticketEndOf(lost) > now;
    return busy ? { kind: 'busy', until: lost.inUseUntil ?? now } : { kind: 'refused' };
  },

  async extendTicket(idHash, { purpose, now, until }) {
    const result = await update(
      idHash,
      'SET extendedUntil = :until',
      `purpose = :purpose AND (#status = :verified OR #status = :inUse) AND ${unexpired}`,
      {
        ':purpose': purpose,
        ':verified': 'verified',
        ':inUse': 'in-use',
        ':now': now,
        ':until': until,
      },
    );
    return { kind: 'won' in result ? 'extended' : 'refused' };
  },

  async countTicketAttempt(idHash, { usedBy, maxAttempts }) {
    const unused = `${TICKET_MINE} AND attempts < :maxAttempts`;
    const result = await update(idHash, 'ADD attempts :one', unused, {
      ':one': 1,
      ':maxAttempts': maxAttempts,
      ':inUse': 'in-use',
      ':me': usedBy,
    });
    return 'won' in result ? { kind: 'counted', challenge: result.won } : { kind: 'refused' };
  },

  async releaseTicket(idHash, usedBy) {
    await update(idHash, 'SET #status = :verified REMOVE usedBy, inUseUntil', TICKET_MINE, {
      ':verified': 'verified',
      ':inUse': 'in-use',
      ':me': usedBy,
    });
  },

  async endLease(idHash, usedBy, now) {
    const counted = `${TICKET_MINE} AND uses > :none AND ${RETURNS_TO_ME}`;
    const change = 'SET inUseUntil = :now, returnedTo = :me ADD uses :minusOne';
    await update(idHash, change, counted, {
      ':inUse': 'in-use',
      ':me': usedBy,
      ':now': now,
      ':none': 0,
      ':minusOne': -1,
    });
  },

  async redeemTicket(idHash, { service, usedBy, now, repeatSeconds }) {
    const result = await update(
      idHash,
      'SET #status = :spent, usedBy = :me, spentAt = if_not_exists(spentAt, :now)',
      `${OF_SERVICE} AND ${REDEEMABLE}`,
      {
        ':transaction': 'transaction',
        ':service': service,
        ':verified': 'verified',
        ':spent': 'spent',
        ':me': usedBy,
        ':now': now,
        ':since': now - repeatSeconds,
      },
    );
    if (!('won' in result)) return { kind: 'refused' };
    return { kind: 'redeemed', challenge: result.won as ClaimedChallenge<'transaction'> };
  },

  async spendTicket(idHash, usedBy) {
    const result = await update(idHash, 'SET #status = :spent', TICKET_MINE_OR_DONE, {
      ':spent': 'spent',
      ':inUse': 'in-use',
      ':me': usedBy,
    });
    return { kind: 'won' in result ? 'spent' : 'lost' };
  },
});
