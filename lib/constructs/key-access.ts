import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { KeyPurpose } from '#core/crypto/keyring.ts';
import { keys } from '../permissions.ts';

/** The secret of each purpose. */
export type KeySecrets = Readonly<Record<KeyPurpose, ISecret>>;

/** The environment variable that names the secret of each purpose. */
const variables = {
  codes: 'CODES_SECRET_ARN',
  proofs: 'PROOFS_SECRET_ARN',
  sessions: 'SESSIONS_SECRET_ARN',
  tags: 'TAGS_SECRET_ARN',
  'identity-tags': 'IDENTITY_TAGS_SECRET_ARN',
  'phone-seals': 'PHONE_SEALS_SECRET_ARN',
  seals: 'SEALS_SECRET_ARN',
} as const satisfies Record<KeyPurpose, string>;

type VariableOf<Purpose extends KeyPurpose> = (typeof variables)[Purpose];

interface KeyAccess<Purpose extends KeyPurpose> {
  readonly environment: Readonly<Record<VariableOf<Purpose>, string>>;
  readonly permission: PolicyStatement;
}

/** What a function needs to read the keys of some purposes: their names, and the right. */
export function keyAccess<Purpose extends KeyPurpose>(
  secrets: KeySecrets,
  ...purposes: Purpose[]
): KeyAccess<Purpose> {
  const named = purposes.map((purpose) => [variables[purpose], secrets[purpose].secretArn]);
  return {
    environment: Object.fromEntries(named) as KeyAccess<Purpose>['environment'],
    permission: keys(...purposes.map((purpose) => secrets[purpose])),
  };
}
