import { enrolmentContext, offerSeconds, type TotpOffer } from '../account/totp-offer.ts';
import { seal } from '../crypto/seal.ts';
import { totpSecret, totpSecretBytes, totpUri } from '../crypto/totp.ts';
import type { Ports } from '../ports/index.ts';
import { type ConfirmedRequest, confirmedAccount } from '../session/confirmed-account.ts';

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'clock'
  | 'directoryTokens'
  | 'entropy'
  | 'sealKeys'
  | 'tags'
  | 'ledgers'
  | 'sessionLimits'
  | 'sessionStore'
>;

/**
 * Offers a secret for an authenticator app. Five AWS calls.
 * @throws Problem unauthenticated, credentials_incorrect, too_many_requests
 */
export const offerTotp =
  (ports: Needs & { readonly issuerName: string }) =>
  async ({ subject, currentPassword }: Omit<ConfirmedRequest, 'origin'>): Promise<TotpOffer> => {
    await confirmedAccount(ports, subject, currentPassword);
    const { clock, entropy, sealKeys, issuerName } = ports;
    const { current } = await sealKeys();
    const secret = totpSecret(entropy(totpSecretBytes));
    const offeredAt = clock();
    return {
      secret,
      uri: totpUri(issuerName, subject.username, secret),
      enrolment: seal(
        current,
        entropy,
        enrolmentContext(subject),
        JSON.stringify({ secret, offeredAt }),
      ),
      expiresAt: offeredAt + offerSeconds,
    };
  };
