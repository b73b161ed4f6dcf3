import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { KeyPurpose } from '#core/crypto/keyring.ts';
import { keys, makesMacs } from '../permissions.ts';

/** The purposes whose keys are always in a secret. */
export type SecretPurpose = Exclude<KeyPurpose, 'identity-tags'>;

/** The secret of each purpose. */
export type KeySecrets = Readonly<Record<SecretPurpose, ISecret>>;

/** Where the key of the tags of national IDs is (`identityTagKeys` of a stage). */
export type IdentityTagKey =
  | { readonly kind: 'secret'; readonly secret: ISecret }
  | { readonly kind: 'kms'; readonly key: IKey };

/** The environment variable that names the secret of each purpose. */
const variables = {
  codes: 'CODES_SECRET_ARN',
  proofs: 'PROOFS_SECRET_ARN',
  sessions: 'SESSIONS_SECRET_ARN',
  tags: 'TAGS_SECRET_ARN',
  'phone-seals': 'PHONE_SEALS_SECRET_ARN',
  'username-seals': 'USERNAME_SEALS_SECRET_ARN',
  seals: 'SEALS_SECRET_ARN',
} as const satisfies Record<SecretPurpose, string>;

type VariableOf<Purpose extends SecretPurpose> = (typeof variables)[Purpose];

interface KeyAccess<Purpose extends SecretPurpose> {
  readonly environment: Readonly<Record<VariableOf<Purpose>, string>>;
  readonly permission: PolicyStatement;
}

/** What a function needs to read the keys of some purposes: their names, and the right. */
export function keyAccess<Purpose extends SecretPurpose>(
  secrets: KeySecrets,
  ...purposes: Purpose[]
): KeyAccess<Purpose> {
  const named = purposes.map((purpose) => [variables[purpose], secrets[purpose].secretArn]);
  return {
    environment: Object.fromEntries(named) as KeyAccess<Purpose>['environment'],
    permission: keys(...purposes.map((purpose) => secrets[purpose])),
  };
}

/** What a function needs to tag national IDs: the name of the key, and the right to read it or to have KMS use it. */
export const identityTagAccess = (tagKey: IdentityTagKey) =>
  tagKey.kind === 'kms'
    ? {
        environment: {
          IDENTITY_TAGS_SECRET_ARN: '',
          IDENTITY_TAGS_KMS_KEY_ARN: tagKey.key.keyArn,
        },
        permission: makesMacs(tagKey.key),
      }
    : {
        environment: {
          IDENTITY_TAGS_SECRET_ARN: tagKey.secret.secretArn,
          IDENTITY_TAGS_KMS_KEY_ARN: '',
        },
        permission: keys(tagKey.secret),
      };
