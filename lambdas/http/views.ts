import type { TotpOffer } from '#core/account/totp-offer.ts';
import type { Introspection } from '#core/flows/introspect-ticket.ts';
import type { SessionView } from '#core/flows/list-sessions.ts';
import type { AccountView } from '#core/model/account.ts';
import type { ChallengeView } from '#core/model/challenge.ts';
import type { Limits } from '#core/model/limits.ts';
import type { SessionTokens } from '#core/model/session.ts';
import { shownRecoveryCode } from '#core/values/recovery-code.ts';

const instant = (epochSeconds: number) => new Date(epochSeconds * 1000).toISOString();

/** `challenge` as clients see it. Instants: ISO 8601, UTC. */
export function challengeBody(view: ChallengeView, { codeLength }: Pick<Limits, 'codeLength'>) {
  const { id, purpose, destination, sent, delivery, methods = ['sms'] } = view;
  return {
    challenge: {
      id,
      purpose,
      method: methods[0] ?? 'sms',
      methods,
      destination,
      codeLength,
      sent,
      sendAgainAt: instant(view.sendAgainAt),
      expiresAt: instant(view.expiresAt),
      ...(delivery && { delivery }),
    },
  };
}

export function ticketBody({ ticket, expiresAt }: { ticket: string; expiresAt: number }) {
  return { ticket, expiresAt: instant(expiresAt) };
}

/** The facts about a ticket that a relying service gets. Instants: ISO 8601, UTC. */
type IntrospectionBody =
  | { active: false }
  | {
      active: true;
      challenge: string;
      purpose: string;
      display: string;
      destination: string;
      verifiedAt: string;
      expiresAt: string;
    };

/** Copies field by field, so that no other field reaches a body. */
export function introspectionBody(told: Introspection): IntrospectionBody {
  if (!told.active) return { active: false };
  const { challenge, purpose, display, destination, verifiedAt, expiresAt } = told;
  return {
    active: true,
    challenge,
    purpose,
    display,
    destination,
    verifiedAt: instant(verifiedAt),
    expiresAt: instant(expiresAt),
  };
}

/** A reset that brought the former phone back and set no password. */
export const phoneRestoredBody = ({ resetFrom }: { readonly resetFrom: number }) => ({
  outcome: 'phone-restored' as const,
  resetFrom: instant(resetFrom),
});

export const accountBody = ({ createdAt, ...account }: AccountView) => ({
  account: { ...account, createdAt: instant(createdAt) },
});

/** `secret` for typing it in, `uri` for the QR code. */
export const totpOfferBody = ({ expiresAt, ...offer }: TotpOffer) => ({
  ...offer,
  expiresAt: instant(expiresAt),
});

export const recoveryCodesBody = (codes: readonly string[]) => ({
  recoveryCodes: codes.map(shownRecoveryCode),
});

export const sessionsBody = (sessions: readonly SessionView[]) => ({
  sessions: sessions.map(({ createdAt, lastUsedAt, ...session }) => ({
    ...session,
    createdAt: instant(createdAt),
    lastUsedAt: instant(lastUsedAt),
  })),
});

/**
 * Copies field by field, so that no other field reaches a body.
 * @param tokens without a refresh token if a cookie holds it
 */
export const tokensBody = (
  tokens: Omit<SessionTokens, 'refreshToken'> & Pick<Partial<SessionTokens>, 'refreshToken'>,
) => {
  const { accessToken, idToken, refreshToken, expiresIn, idleSeconds } = tokens;
  const tokenType = 'Bearer' as const;
  return { tokens: { accessToken, idToken, refreshToken, expiresIn, tokenType, idleSeconds } };
};

/** A secret that a client keeps beyond the session. */
export interface KeptSecret {
  readonly secret: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

type Shown = Omit<KeptSecret, 'secret'> & Partial<KeptSecret>;

/** Each without its secret if a cookie holds it; undefined if there is none. */
export const keptBody = ({
  device,
  recognition,
}: {
  readonly device?: Shown | undefined;
  readonly recognition?: Shown | undefined;
}) => ({
  recognition: recognition && keptSecretBody(recognition),
  device: device && keptSecretBody(device),
});

const keptSecretBody = ({ secret, expiresAt }: Shown) => ({
  secret,
  expiresAt: instant(expiresAt),
});
