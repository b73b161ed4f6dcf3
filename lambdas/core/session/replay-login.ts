import { mintChallengeId } from '../challenge/id.ts';
import { findStarted, idEntropy, type KeyedRequest } from '../challenge/idempotency.ts';
import { viewChallenge } from '../challenge/view.ts';
import type { Account } from '../model/account.ts';
import type { ChallengeView } from '../model/challenge.ts';
import { type CodelessLogin, isCodeless } from '../model/challenge.ts';
import type { SessionTokens } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';
import { reissueTokens } from './reissue-tokens.ts';

type Answer =
  | { readonly kind: 'opened'; readonly tokens: SessionTokens }
  | { readonly kind: 'second-factor-due'; readonly challenge: ChallengeView }
  /** Not answered before, or what it was answered with is over: as which request it goes on. */
  | { readonly kind: 'none'; readonly request: KeyedRequest | undefined };

type Needs = Pick<Ports, 'challenges' | 'keys'> & Parameters<typeof reissueTokens>[0];

/**
 * The answer that this very login got before. To be asked once the password was found right and was paid for as any: else
 * whoever knows a key could try passwords past every budget. A login that a code was due for is answered with its
 * challenge, though it may be completed by now: a password alone never gets tokens by asking twice.
 */
export const replayLogin =
  (ports: Needs) =>
  async (request: KeyedRequest | undefined): Promise<Answer> => {
    const started = request && (await findStarted(ports)(request));
    if (!started) return { kind: 'none', request };
    const { challenge, challengeId } = started;
    if (!isCodeless(challenge)) {
      const view = await viewChallenge(ports)(challengeId.id, challenge);
      return { kind: 'second-factor-due', challenge: view };
    }
    const reopened = await reissueTokens(ports)(challenge);
    if (reopened) return { kind: 'opened', tokens: reopened.tokens };
    // The session it opened is over. Still one request a session: repeated again, it finds what it makes now.
    const after = challenge.sessionId ?? challengeId.hash;
    return replayLogin(ports)({ ...request, asks: [...request.asks, after] });
  };

/** What a keyed login that needed no code is known by when it comes again. */
export const codelessLogin =
  ({ clock, keys }: Pick<Ports, 'clock' | 'keys'>) =>
  async (request: KeyedRequest, account: Account, language: Language): Promise<CodelessLogin> => {
    const now = clock();
    const keyring = await keys();
    const keyVersion = keyring.current.version;
    const { hash } = mintChallengeId(idEntropy(keyring, request, now), keyVersion);
    const { phone, phoneTag, usernameTag, userId } = account;
    return {
      idHash: hash,
      keyVersion,
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
