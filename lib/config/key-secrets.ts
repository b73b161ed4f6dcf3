import type { KeyPurpose } from '#core/crypto/keyring.ts';

/** The construct and the description of each key secret. The construct's id must never change: people's data needs it. */
export const keySecrets: Readonly<Record<KeyPurpose, readonly [id: string, description: string]>> =
  {
    codes: ['CodeKeys', 'keys of the codes'],
    proofs: ['ProofKeys', 'keys that sign proofs'],
    sessions: ['SessionKeys', 'keys of sessions and remembered devices'],
    tags: ['TagKeys', 'keys of the tags'],
    'identity-tags': ['IdentityTagKeys', 'keys of the tags of national IDs'],
    'phone-seals': ['PhoneSealKeys', 'keys that seal phones'],
    'username-seals': ['UsernameSealKeys', 'keys that seal usernames in accounts'],
    seals: ['SealKeys', 'keys that seal everything else'],
  };
