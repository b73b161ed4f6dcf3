import { randomBytes } from 'node:crypto';
import { guardDirectoryTokens, guardDirectoryUsers } from '#core/account/guard-directory.ts';
import type { Clock, Entropy } from '#core/system.ts';
import {
  cognitoClient,
  cognitoPasswordClient,
  dynamoClient,
  secretsClient,
} from '../adapters/clients.ts';
import { createDirectoryTokens } from '../adapters/cognito/directory-tokens.ts';
import { createDirectoryUsers } from '../adapters/cognito/directory-users.ts';
import { createAccountStore } from '../adapters/dynamodb/account-store.ts';
import { createBreakerStore } from '../adapters/dynamodb/breaker-store.ts';
import { createChallengeStore } from '../adapters/dynamodb/challenge-store.ts';
import { createDeviceStore } from '../adapters/dynamodb/device-store.ts';
import { createEventStore } from '../adapters/dynamodb/event-store.ts';
import { createLedgerStore } from '../adapters/dynamodb/ledger-store.ts';
import { createNoticeStore } from '../adapters/dynamodb/notice-store.ts';
import { createSessionStore } from '../adapters/dynamodb/session-store.ts';
import { createSpendStore } from '../adapters/dynamodb/spend-store.ts';
import { createEdgeSecrets } from '../adapters/secrets/edge-secrets.ts';

/*
 * Connects adapters to ports, once per cold start. There is one function per capability, so that a bundle contains only
 * the SDK clients that its flow uses.
 */

export const clock: Clock = () => Math.floor(Date.now() / 1000);
const entropy: Entropy = (bytes) => randomBytes(bytes);

export const systemPorts = { clock, entropy };

const noEdge = { edgeSecrets: async (): Promise<readonly string[]> => [] };

/** The secrets by which the edge proves itself. They are fetched beside the key secrets, so they delay no request. */
export function edgePorts(env: { readonly EDGE_SECRET_ARN: string }) {
  if (env.EDGE_SECRET_ARN === '') return noEdge;
  const at = { client: secretsClient(), secretArn: env.EDGE_SECRET_ARN };
  const edgeSecrets = createEdgeSecrets({ ...at, clock });
  edgeSecrets().catch(() => undefined);
  return { edgeSecrets };
}

interface TableEnvironment {
  readonly TABLE_NAME: string;
}

const tableOf = (env: TableEnvironment) => ({ client: dynamoClient(), name: env.TABLE_NAME });

/* The stores on the one table. A function composes those it uses, so that its bundle holds no others. */

export const challengeStore = (env: TableEnvironment) => ({
  challenges: createChallengeStore(tableOf(env)),
});

export const noticeStore = (env: TableEnvironment) => ({
  notices: createNoticeStore(tableOf(env)),
});

export const ledgerStore = (env: TableEnvironment) => ({
  ledgers: createLedgerStore(tableOf(env)),
});

export const accountStore = (env: TableEnvironment) => ({
  accounts: createAccountStore(tableOf(env)),
});

export const breakerStore = (env: TableEnvironment) => ({
  breakers: createBreakerStore(tableOf(env), clock),
});

export const spendStore = (env: TableEnvironment) => ({
  spendings: createSpendStore(tableOf(env)),
});

export const sessionStore = (env: TableEnvironment) => ({
  sessionStore: createSessionStore(tableOf(env)),
});

export const deviceStore = (env: TableEnvironment) => ({
  devices: createDeviceStore(tableOf(env)),
});

export const eventStore = (env: TableEnvironment) => ({
  events: createEventStore(tableOf(env)),
});

export const directoryUsers = (env: { readonly USER_POOL_ID: string }) =>
  guardDirectoryUsers(
    clock,
    createDirectoryUsers({ client: cognitoClient(), userPoolId: env.USER_POOL_ID }),
  );

export const directoryTokens = (env: {
  readonly USER_POOL_ID: string;
  readonly CLIENT_ID: string;
}) =>
  guardDirectoryTokens(
    clock,
    createDirectoryTokens({
      client: cognitoClient(),
      passwordClient: cognitoPasswordClient(),
      userPoolId: env.USER_POOL_ID,
      clientId: env.CLIENT_ID,
    }),
  );
