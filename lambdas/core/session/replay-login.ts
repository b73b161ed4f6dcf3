import { mintChallengeId } from '../challenge/id.ts';
import { findStarted, idEntropy, type KeyedRequest } from '../challenge/idempotency.ts';
import { viewChallenge } from '../challenge/view.ts';
import type { Account } from '../model/account.ts';
import {
  type ChallengeView,
  type CodelessLogin,
  type Commitment,
  isCodeless,
} from '../model/challenge.ts';
import type { SessionTokens } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';
import { reissueTokens } from './reissue-tokens.ts';

type Answer =
  | { readonly kind: 'opened'; readonly tokens: SessionTokens }
  | { readonly kind: 'second-factor-due'; readonly challenge: ChallengeView }
  /** There is no earlier answer, or its session is over: the login goes on as `request`. */
  | { readonly kind: 'none'; readonly request: KeyedRequest | undefined };

type Needs = Pick<Ports, 'challenges' | 'phoneSealKeys' | 'tags'> &
  Parameters<typeof reissueTokens>[0];

/**
 * Finds the answer that the same login got before (docs/decisions/0027). Call it only after the
 * password was found right and was charged as usual. Otherwise an attacker with a leaked key could
 * try passwords past every budget.
 * A login that needed a code is answered with its challenge, even if that is completed by now. A
 * repeated password alone never gets tokens.
 */
export const replayLogin =
  (ports: Needs) =>
  async (request: KeyedRequest | undefined, account: Account): Promise<Answer> => {
    const started = request && (await findStarted(ports)(request, loginOf(account)));
    if (!started) return { kind: 'none', request };
    const { challenge, challengeId } = started;
    if (!isCodeless(challenge)) {
      const view = await viewChallenge(ports)(challengeId.id, challenge);
      return { kind: 'second-factor-due', challenge: view };
    }
    const reopened = await reissueTokens(ports)(challenge);
    if (reopened) return { kind: 'opened', tokens: reopened.tokens };
    // The session it opened is over. The login goes on as a new request that names it, so that each
    // request opens one session and a later repetition finds the newest.
    const after = challenge.sessionId ?? challengeId.hash;
    return replayLogin(ports)({ ...request, asks: [...request.asks, after] }, account);
  };

/** What the id of a login's challenge commits to. */
const loginOf = ({ usernameTag, phoneTag }: Account): Commitment => ({
  purpose: 'login',
  accountTag: usernameTag,
  phoneTag,
});

/**
 * The record by which a keyed login that needed no code is recognised when it is repeated: a
 * challenge that is spent from the start.
 */
export const codelessLogin =
  ({ clock, tags }: Pick<Ports, 'clock' | 'tags'>) =>
  async (request: KeyedRequest, account: Account, language: Language): Promise<CodelessLogin> => {
    const now = clock();
    const entropy = idEntropy(await tags(), request, now);
    const { hash } = mintChallengeId(entropy, loginOf(account));
    const { phone, phoneTag, usernameTag, userId } = account;
    return {
      idHash: hash,
      purpose: 'login',
      status: 'spent',
      withoutCode: true,
      language,
      decoy: false,
      phone,
      phoneTag,
      accountTag: usernameTag,
      ...(userId !== undefined && { userId }),
      attempts: 0,
      sends: 0,
      uses: 1,
      createdAt: now,
      sendBy: now,
    };
  };
