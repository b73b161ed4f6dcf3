import { randomBytes } from 'node:crypto';
import {
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  createKeyring,
  type KeyPurpose,
  type Keyring,
  type VersionMaterial,
} from '#core/crypto/keyring.ts';
import { materialFrom } from '../../../lambdas/adapters/secrets/keys.ts';
import type { World } from '../world/world.ts';

export type Item = Record<string, AttributeValue>;

/** The construct of each key secret, as its ARN names it. */
const constructs: Readonly<Record<KeyPurpose, string>> = {
  codes: 'CodeKeys',
  proofs: 'ProofKeys',
  sessions: 'SessionKeys',
  tags: '-TagKeys',
  'identity-tags': 'IdentityTagKeys',
  'phone-seals': 'PhoneSealKeys',
  'username-seals': 'UsernameSealKeys',
  seals: '-SealKeys',
};

/**
 * An attacker inside a function: it has the function's credentials and every secret that they open, and reaches AWS
 * through the local cloud's IAM. Everything else it has is what any caller of the API has.
 */
export async function intrude({ cloud }: World, functionName: string) {
  const environment = cloud.access(functionName);
  const options = {
    endpoint: environment['AWS_ENDPOINT_URL'] ?? '',
    region: 'me-south-1',
    maxAttempts: 1,
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  };
  const dynamodb = new DynamoDBClient(options);
  const cognito = new CognitoIdentityProviderClient(options);
  const sns = new SNSClient(options);
  const TableName = Object.values(cloud.tables)[0];
  const secrets = await readableSecrets(cloud, new SecretsManagerClient(options));
  const keyOf = (pk: string, sk = pk.slice(0, pk.indexOf('#'))): Item => ({
    pk: { S: pk },
    sk: { S: sk },
  });

  return {
    functionName,
    /** The purposes whose keys it reads. */
    purposes: [...secrets.keys()],
    /** @returns undefined where the function may not read the secret */
    keys<Key>(
      purpose: KeyPurpose,
      derive: (material: VersionMaterial) => Key,
    ): Keyring<Key> | undefined {
      const secret = secrets.get(purpose);
      return secret === undefined
        ? undefined
        : createKeyring(materialFrom(secret), derive, Number.MAX_SAFE_INTEGER);
    },
    read: (pk: string, sk?: string) =>
      allowed(
        async () =>
          (await dynamodb.send(new GetItemCommand({ TableName, Key: keyOf(pk, sk) }))).Item,
      ),
    list: (pk: string) =>
      allowed(async () => {
        const query = new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
        });
        return (await dynamodb.send(query)).Items;
      }),
    /** @returns whether IAM and the table took the write */
    put: (item: Item) => done(() => dynamodb.send(new PutItemCommand({ TableName, Item: item }))),
    set(pk: string, values: Record<string, AttributeValue>, sk?: string): Promise<boolean> {
      const names = Object.keys(values);
      return done(() =>
        dynamodb.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(pk, sk),
            UpdateExpression: `SET ${names.map((_, n) => `#n${n} = :v${n}`).join(', ')}`,
            ExpressionAttributeNames: Object.fromEntries(names.map((name, n) => [`#n${n}`, name])),
            ExpressionAttributeValues: Object.fromEntries(
              Object.values(values).map((value, n) => [`:v${n}`, value]),
            ),
          }),
        ),
      );
    },
    remove: (pk: string, sk?: string) =>
      done(() => dynamodb.send(new DeleteItemCommand({ TableName, Key: keyOf(pk, sk) }))),
    setPassword: (Username: string, Password: string) =>
      done(() =>
        cognito.send(
          new AdminSetUserPasswordCommand({
            UserPoolId: cloud.userPoolId,
            Username,
            Password,
            Permanent: true,
          }),
        ),
      ),
    deleteUser: (Username: string) =>
      done(() =>
        cognito.send(new AdminDeleteUserCommand({ UserPoolId: cloud.userPoolId, Username })),
      ),
    /** Exchanges a refresh token of the directory, which needs no rights. */
    useDirectoryToken: (RefreshToken: string) =>
      done(() =>
        cognito.send(
          new GetTokensFromRefreshTokenCommand({ ClientId: cloud.clientId, RefreshToken }),
        ),
      ),
    text: (PhoneNumber: string) =>
      done(() =>
        sns.send(new PublishCommand({ PhoneNumber, Message: 'a message of an attacker' })),
      ),
    random: (bytes: number) => randomBytes(bytes),
  };
}

export type Intruder = Awaited<ReturnType<typeof intrude>>;

async function readableSecrets(
  { secrets }: World['cloud'],
  manager: SecretsManagerClient,
): Promise<Map<KeyPurpose, string>> {
  const found = new Map<KeyPurpose, string>();
  for (const [purpose, construct] of Object.entries(constructs) as [KeyPurpose, string][]) {
    const SecretId = secrets.arns.find((arn) => arn.includes(construct));
    if (!SecretId) throw new Error(`There is no secret ${construct}`);
    const text = await allowed(
      async () => (await manager.send(new GetSecretValueCommand({ SecretId }))).SecretString,
    );
    if (text !== undefined) found.set(purpose, text);
  }
  return found;
}

const refusals = ['AccessDeniedException', 'AuthorizationError', 'AuthorizationErrorException'];

/** @returns undefined where IAM refuses the call */
async function allowed<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && refusals.includes(error.name)) return undefined;
    throw error;
  }
}

/** @returns whether the call went through; false where IAM or the service refuses it */
async function done(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    const { name = '' } = error instanceof Error ? error : {};
    if (refusals.includes(name) || name === 'NotAuthorizedException') return false;
    throw error;
  }
}
