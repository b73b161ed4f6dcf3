import type { AccountView } from '../core/account.ts';
import type { ChallengeView } from '../core/engine/challenge.ts';
import type { Limits } from '../core/limits.ts';
import type { Tokens } from '../core/ports.ts';

const instant = (epochSeconds: number) => new Date(epochSeconds * 1000).toISOString();

/** `challenge` as clients see it. Instants: ISO 8601, UTC. */
export function challengeBody(view: ChallengeView, { codeLength }: Pick<Limits, 'codeLength'>) {
  const { id, purpose, destination, sent, delivery } = view;
  return {
    challenge: {
      ...{ id, purpose, method: 'sms', destination, codeLength, sent },
      sendAgainAt: instant(view.sendAgainAt),
      expiresAt: instant(view.expiresAt),
      ...(delivery && { delivery }),
    },
  };
}

export function ticketBody({ ticket, expiresAt }: { ticket: string; expiresAt: number }) {
  return { ticket, expiresAt: instant(expiresAt) };
}

export const accountBody = ({ createdAt, ...account }: AccountView) => ({
  account: { ...account, createdAt: instant(createdAt) },
});

export const tokensBody = (tokens: Tokens) => ({ tokens: { ...tokens, tokenType: 'Bearer' } });
