import type { Tagger } from '../crypto/keys.ts';
import {
  type ChallengeView,
  type Commitment,
  isCodeless,
  type StoredChallenge,
} from '../model/challenge.ts';
import type { Ports } from '../ports/index.ts';
import type { Entropy } from '../system.ts';
import { type ChallengeId, mintChallengeId } from './id.ts';
import { viewChallenge } from './view.ts';

/** Seconds for which a repeated request with the same key gets the same answer. */
export const repeatSeconds = 600;

/**
 * A request that a client may repeat because its answer was lost: its `Idempotency-Key` and its
 * fields. The same key with other fields is another request. So two clients that pick the same key
 * never get each other's answer (docs/decisions/0027).
 */
export interface KeyedRequest {
  readonly key: string;
  readonly asks: readonly string[];
}

/**
 * @param asks the operation and the fields of its body, in a fixed order
 * @returns undefined without a key
 */
export const keyedRequest = (
  key: string | undefined,
  ...asks: string[]
): KeyedRequest | undefined => (key === undefined ? undefined : { key, asks });

/**
 * The random part of the id of the challenge that a keyed request starts. It is the same within one
 * window of ten minutes, so the table stores one of two parallel requests. Without the key and all
 * fields, the id cannot be computed.
 * @param now epoch seconds
 * @param windowsAgo 0 for the current window, 1 for the one before
 */
export const idEntropy =
  (tagger: Tagger, { key, asks }: KeyedRequest, now: number, windowsAgo = 0): Entropy =>
  (bytes) => {
    const window = Math.floor(now / repeatSeconds) - windowsAgo;
    const tag = tagger.tag('request', key, String(window), ...asks);
    return Buffer.from(tag, 'base64url').subarray(0, bytes);
  };

/** A challenge that the same keyed request started before. */
export interface StartedChallenge {
  readonly challengeId: ChallengeId;
  readonly challenge: StoredChallenge;
}

/**
 * Finds the challenge that the same request started in the last ten minutes. Two windows overlap
 * them, so both are read.
 * Call it only after every secret in the request was checked and charged (docs/decisions/0027).
 * Two parallel AWS calls, only for requests with a key.
 * @param commitment what the id of the challenge commits to. A challenge for a phone that the account
 *   has left since is not found
 * @returns undefined without a key or without an earlier challenge
 */
export const findStarted =
  ({ clock, tags, challenges }: Pick<Ports, 'clock' | 'tags' | 'challenges'>) =>
  async (
    request: KeyedRequest | undefined,
    commitment: Commitment,
  ): Promise<StartedChallenge | undefined> => {
    if (!request) return undefined;
    const tagger = await tags();
    const now = clock();
    const found = await Promise.all(
      [0, 1].map(async (windowsAgo): Promise<StartedChallenge | undefined> => {
        const entropy = idEntropy(tagger, request, now, windowsAgo);
        const challengeId = mintChallengeId(entropy, commitment);
        const challenge = await challenges.find(challengeId.hash);
        return challenge && { challengeId, challenge };
      }),
    );
    return found.find((started) => started && started.challenge.createdAt > now - repeatSeconds);
  };

/**
 * As {@link findStarted}, but as the claimant may see the challenge: the answer that the request
 * got before.
 */
export const viewStarted =
  (ports: Parameters<typeof findStarted>[0] & Parameters<typeof viewChallenge>[0]) =>
  async (
    request: KeyedRequest | undefined,
    commitment: Commitment,
  ): Promise<ChallengeView | undefined> => {
    const started = await findStarted(ports)(request, commitment);
    if (!started || isCodeless(started.challenge)) return undefined;
    return viewChallenge(ports)(started.challengeId.id, started.challenge);
  };
