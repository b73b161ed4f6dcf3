import * as z from 'zod';
import { type KeyMaterial, type KeyPurpose, keyPurposes } from '#core/crypto/keyring.ts';
import { parseJson } from '#core/values/json-field.ts';
import { materialFrom } from '../../lambdas/adapters/secrets/keys.ts';
import { keySecrets } from '../../lib/config/key-secrets.ts';

/** A key secret as the operator read it. */
export interface KeySecret {
  readonly purpose: KeyPurpose;
  /** The entries as they are stored: versions, their beginnings, `minimum`. */
  readonly entries: Readonly<Record<string, string>>;
  readonly material: KeyMaterial;
}

const answer = z.object({
  Name: z.string(),
  SecretString: z.string(),
  VersionStages: z.array(z.string()),
});

/**
 * Reads the answer of `aws secretsmanager get-secret-value`. The whole answer is needed, because its name says what the
 * keys are for: retiring the tags by the rules of the codes would lose every account.
 * @throws Error that says what to do; never with the secret
 */
export function readKeySecret(input: string): KeySecret {
  const read = answer.safeParse(parseJson(input));
  if (!read.success) {
    throw new Error(
      'Standard input is not an answer of Secrets Manager. Pipe the whole JSON answer of\n' +
        '  aws secretsmanager get-secret-value --output json --secret-id ARN\n' +
        'without --query.',
    );
  }
  const { Name, SecretString, VersionStages } = read.data;
  const purpose = keyPurposes.find((one) => new RegExp(`\\b${keySecrets[one][0]}`).test(Name));
  if (!purpose) {
    const names = keyPurposes.map((one) => keySecrets[one][0]).join(', ');
    throw new Error(`${Name} is no secret of keys. The names of these begin with ${names}.`);
  }
  if (!VersionStages.includes('AWSCURRENT')) {
    throw new Error('This is an old version of the secret. Read it again without --version-stage.');
  }
  const material = materialOf(SecretString);
  requireChain(purpose, material);
  return { purpose, entries: parseEntries(SecretString), material };
}

function materialOf(text: string): KeyMaterial {
  try {
    return materialFrom(text);
  } catch {
    throw new Error(
      'The secret is malformed, and no function can read it. Put its former version back first\n' +
        '(docs/key-compromise.md, "A secret that is malformed").',
    );
  }
}

/** A newer tag is made of an older one. Without one of the versions, no function finds an account. */
function requireChain(purpose: KeyPurpose, { versions }: KeyMaterial): void {
  if (purpose !== 'tags' && purpose !== 'identity-tags') return;
  if (versions.every(({ version }, index) => version === index + 1)) return;
  throw new Error(
    `The keys of ${purpose} lack a version, and no account is found without it. Put it back from the backup of the\n` +
      'secret first (docs/key-compromise.md, "A secret that is malformed").',
  );
}

const parseEntries = (text: string): Record<string, string> =>
  z.record(z.string(), z.string()).catch({}).parse(parseJson(text));
