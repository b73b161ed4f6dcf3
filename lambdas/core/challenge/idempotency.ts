import type { Keyring } from '../crypto/keyring.ts';
import type { ChallengeView } from '../model/challenge.ts';
import { isCodeless, type StoredChallenge } from '../model/challenge.ts';
import type { Ports } from '../ports/index.ts';
import type { Entropy } from '../system.ts';
import { type ChallengeId, mintChallengeId } from './id.ts';
import { viewChallenge } from './view.ts';

/** Seconds for which a request that comes again under its key gets the answer it got. */
export const repeatSeconds = 600;

/**
 * A request that may come again because its answer was lost: its `Idempotency-Key`, and all that it asks for. The same key
 * on another request is another request: keys that two people share never give one the other's answer.
 */
export interface KeyedRequest {
  readonly key: string;
  readonly asks: readonly string[];
}

/** @param asks the operation and what its body says, in a fixed order */
export const keyedRequest = (
  key: string | undefined,
  ...asks: string[]
): KeyedRequest | undefined => (key === undefined ? undefined : { key, asks });

/**
 * The random part of the id of the challenge that a keyed request starts: the same each time within one window, so that
 * of two at once the table takes one. Whoever has no key, or not all that was asked, has no id.
 */
export const idEntropy =
  (keyring: Keyring, { key, asks }: KeyedRequest, now: number, windowsAgo = 0): Entropy =>
  (bytes) => {
    const window = Math.floor(now / repeatSeconds) - windowsAgo;
    const tag = keyring.tag('request', key, String(window), ...asks);
    return Buffer.from(tag, 'base64url').subarray(0, bytes);
  };

/** What a keyed request has started before. */
export interface Started {
  readonly challengeId: ChallengeId;
  readonly challenge: StoredChallenge;
}

/**
 * Finds the challenge that this very request has started in the last ten minutes, in which two windows lie. To be asked
 * once every secret in the request was checked and paid for (docs/decisions/0027). Two AWS calls at once, for requests with
 * a key only.
 */
export const findStarted =
  ({ clock, keys, challenges }: Pick<Ports, 'clock' | 'keys' | 'challenges'>) =>
  async (request: KeyedRequest | undefined): Promise<Started | undefined> => {
    if (!request) return undefined;
    const keyring = await keys();
    const now = clock();
    const found = await Promise.all(
      [0, 1].map(async (windowsAgo): Promise<Started | undefined> => {
        const entropy = idEntropy(keyring, request, now, windowsAgo);
        const challengeId = mintChallengeId(entropy, keyring.current.version);
        const challenge = await challenges.find(challengeId.hash);
        return challenge && { challengeId, challenge };
      }),
    );
    return found.find((started) => started && started.challenge.createdAt > now - repeatSeconds);
  };

/** The same as its claimant may see it: the answer that the request got. */
export const viewStarted =
  (ports: Parameters<typeof findStarted>[0]) =>
  async (request: KeyedRequest | undefined): Promise<ChallengeView | undefined> => {
    const started = await findStarted(ports)(request);
    if (!started || isCodeless(started.challenge)) return undefined;
    return viewChallenge(ports)(started.challengeId.id, started.challenge);
  };
