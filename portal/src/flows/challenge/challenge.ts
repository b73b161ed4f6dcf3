import type { Answer } from '../../../../client/src/index.ts';
import { serverClock } from '../../state/session.ts';

/** A challenge as the API shows it: its methods and times, and the masked phone, which a reset keeps back. */
export type Challenge = Answer<'readChallenge'>['challenge'];

/** A challenge with less time left is not worth continuing. */
const USEFUL_FOR_MS = 60_000;

/** Whether a person who went back can continue with a challenge, instead of starting another one. */
export const canContinue = (challenge: Challenge | undefined): challenge is Challenge =>
  challenge !== undefined && Date.parse(challenge.expiresAt) > serverClock.now() + USEFUL_FOR_MS;

/** What was typed in a flow, without its challenge, which is used up. */
export function withoutChallenge<Draft extends { readonly challenge?: Challenge }>(
  draft: Draft,
): Omit<Draft, 'challenge'> {
  const { challenge: _, ...typed } = draft;
  return typed;
}
