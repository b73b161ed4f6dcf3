/**
 * The environment variables of the functions: each names a resource, so only the deployment knows its value. What names
 * no resource is a setting (`settings.ts`). An optional one is empty where the stage has no such resource.
 */
const variables = {
  TABLE_NAME: 'required',
  /** ARNs of the key secrets, one for each purpose (`keyPurposes` in lambdas/core/crypto/keyring.ts). */
  CODES_SECRET_ARN: 'required',
  PROOFS_SECRET_ARN: 'required',
  SESSIONS_SECRET_ARN: 'required',
  TAGS_SECRET_ARN: 'required',
  /** Empty where KMS has the key. */
  IDENTITY_TAGS_SECRET_ARN: 'optional',
  /** ARN of the KMS key that tags national IDs; empty where a secret has the key. */
  IDENTITY_TAGS_KMS_KEY_ARN: 'optional',
  PHONE_SEALS_SECRET_ARN: 'required',
  USERNAME_SEALS_SECRET_ARN: 'required',
  SEALS_SECRET_ARN: 'required',
  /** ARN of the secret by which the edge before the API is known; empty where there is none. */
  EDGE_SECRET_ARN: 'optional',
  USER_POOL_ID: 'required',
  CLIENT_ID: 'required',
  /** The relying services' ids by the ids of their app clients, as JSON. */
  RELYING_CLIENTS: 'required',
  /** Queue of the sends that no provider could take. */
  RETRY_QUEUE_URL: 'required',
  /** ARN of the secret with the keys of the providers reached by HTTP; empty where there is none. */
  PROVIDER_SECRET_ARN: 'optional',
  /** ARN of the secret with the keys that sign the webhooks, and no others. */
  RECEIPT_SECRET_ARN: 'required',
  /** Bus that the events are published to. */
  EVENT_BUS_NAME: 'required',
} as const satisfies Record<string, 'required' | 'optional'>;

type Variable = keyof typeof variables;

/**
 * The variables that a function uses, once at its cold start. Each `env.ts` exports the type of the result for the CDK
 * construct: a missing or misspelt variable does not compile there.
 * @throws Error that names the missing ones
 */
export function environmentOf<const Names extends readonly Variable[]>(
  ...names: Names
): Readonly<Record<Names[number], string>> {
  const missing = names.filter((name) => !isGiven(name));
  if (missing.length > 0) {
    throw new Error(`The function’s environment lacks ${missing.join(', ')}`);
  }
  const read = names.map((name) => [name, process.env[name]]);
  return Object.fromEntries(read) as Readonly<Record<Names[number], string>>;
}

function isGiven(name: Variable): boolean {
  const value = process.env[name];
  return value !== undefined && (value !== '' || variables[name] === 'optional');
}
