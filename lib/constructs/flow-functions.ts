import type { IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { eventsOwedBy } from '#core/model/records.ts';
import type { Flow } from '#core/model/routes.ts';
import type { Environment as Account } from '../../lambdas/functions/account/env.ts';
import type { Environment as AccountSecurity } from '../../lambdas/functions/account-security/env.ts';
import type { Environment as Authenticators } from '../../lambdas/functions/authenticators/env.ts';
import type { Environment as PasswordReset } from '../../lambdas/functions/password-reset/env.ts';
import type { Environment as Registration } from '../../lambdas/functions/registration/env.ts';
import type { Environment as Session } from '../../lambdas/functions/session/env.ts';
import type { Environment as Transaction } from '../../lambdas/functions/transaction/env.ts';
import type { Environment as Verification } from '../../lambdas/functions/verification/env.ts';
import type { StageConfig } from '../config/stage-config.ts';
import {
  items,
  keys,
  ofProvenFactors,
  puts,
  putsEvents,
  putsNotices,
  putsReminders,
  users,
  writesTo,
  writesWithout,
} from '../permissions.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { IdentityStack } from '../stacks/identity-stack.ts';
import { alarmOnAny, functionMetric } from './alarm-on-any.ts';
import { HawiyaFunction } from './hawiya-function.ts';
import { identityTagAccess, keyAccess } from './key-access.ts';

interface FlowFunctionsProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly identity: IdentityStack;
  /** App clients of the relying services, by the services' ids. */
  readonly relyingClients: ReadonlyMap<string, IUserPoolClient>;
}

/**
 * Attributes of a registration's claim. A claim holds no user, no second factor and no hold, so it cannot pass for an open
 * account.
 */
const ofClaims = [
  'pk',
  'sk',
  'status',
  'holder',
  'lapsesAt',
  'ttl',
  'usernameTag',
  'identityTag',
  'phoneTag',
  'phone',
  'nationalId',
  'username',
  'audience',
  'identityAssurance',
  'language',
  'termsVersion',
  'createdAt',
];
/** Attributes that opening a claimed account changes or compares. */
const ofOpening = ['pk', 'sk', 'status', 'holder', 'lapsesAt', 'ttl', 'userId', 'stamp'];
/** The sealed username, which a login adds to an account that was opened without it. */
const ofUsernames = ['pk', 'sk', 'username'];
/** Attributes of an account: its second factors, and the stamp that shows it is as it was read. */
const ofSecondFactors = ['pk', 'sk', 'stamp', 'totp', 'recoveryCodes'];
/** Time of the last change of second factors. A change closes older offers. */
const ofOffers = ['factorsChangedAt'];
/** Attributes of what an ended session leaves behind. They open nothing. */
const ofEndedSessions = ['pk', 'sk', 'ended', 'rotatedAt', 'ttl'];
/**
 * The relying services' ids by the ids of their app clients, by which access tokens name them. By the id, not by the
 * position in a list: for seconds of a deployment, a function has its new environment and its old bundle.
 */
const servicesByClient = (clients: FlowFunctionsProps['relyingClients']): Record<string, string> =>
  Object.fromEntries(
    [...clients].map(([serviceId, { userPoolClientId }]) => [userPoolClientId, serviceId]),
  );

/** The functions behind the API. Their permissions are written here and nowhere else. */
export class FlowFunctions extends Construct {
  readonly byFlow: Readonly<Record<Flow, IFunction>>;

  constructor(scope: Construct, id: string, props: FlowFunctionsProps) {
    super(scope, id);
    const { config, data, identity, relyingClients } = props;
    const table: TableV2 = data.table;
    const pool = identity.userPool;

    const store = { TABLE_NAME: table.tableName };
    const userPool = { USER_POOL_ID: pool.userPoolId };
    const origin = { EDGE_SECRET_ARN: data.edgeSecret?.secretArn ?? '' };
    const readEdge = data.edgeSecret ? [keys(data.edgeSecret)] : [];
    const keysFor = {
      registration: keyAccess(data.keySecrets, 'tags', 'phone-seals', 'username-seals', 'seals'),
      passwordReset: keyAccess(data.keySecrets, 'tags', 'phone-seals', 'username-seals', 'seals'),
      verification: keyAccess(data.keySecrets, 'codes', 'proofs', 'tags', 'phone-seals', 'seals'),
      transaction: keyAccess(data.keySecrets, 'tags', 'phone-seals', 'seals'),
      authenticators: keyAccess(data.keySecrets, 'tags', 'seals'),
      session: keyAccess(data.keySecrets, 'sessions', 'tags', 'phone-seals', 'username-seals'),
      account: keyAccess(data.keySecrets, 'tags', 'phone-seals', 'seals'),
      accountSecurity: keyAccess(data.keySecrets, 'sessions', 'tags', 'phone-seals', 'seals'),
    };
    const identityTags = identityTagAccess(data.identityTagKey);
    const client = { CLIENT_ID: identity.client.userPoolClientId };

    const add = <Environment>(
      flow: Flow,
      environment: Environment & Record<string, string>,
      permissions: PolicyStatement[],
    ) =>
      new HawiyaFunction<Environment>(this, flow, {
        flow,
        environment,
        permissions,
        logRetentionDays: config.logRetentionDays,
        retainLog: config.retainData,
      });

    this.byFlow = {
      registration: add<Registration>(
        'registration',
        {
          ...store,
          ...keysFor.registration.environment,
          ...identityTags.environment,
          ...userPool,
          ...origin,
        },
        [
          keysFor.registration.permission,
          identityTags.permission,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'breaker', 'challenge#registration', 'public-key']),
          items(table, ['PutItem'], ['challenge#registration']),
          puts(table, ['account', 'identity'], ofClaims),
          // While tags rotate, names and IDs may be taken under their tags of another level.
          items(table, ['ConditionCheckItem'], ['account', 'identity']),
          writesTo(table, ['account', 'identity'], ofOpening),
          putsEvents(table, eventsOwedBy.registration),
          items(table, ['UpdateItem'], ['breaker', 'challenge#registration', 'ledger', 'phone']),
          items(table, ['UpdateItem'], ['spending#caller-chosen-phone']),
          // Cognito confirms a user only once a permanent password is set, so registration sets one too.
          users(pool, ['AdminCreateUser', 'AdminGetUser', 'AdminSetUserPassword']),
        ],
      ),
      'password-reset': add<PasswordReset>(
        'password-reset',
        {
          ...store,
          ...keysFor.passwordReset.environment,
          ...identityTags.environment,
          ...userPool,
          ...origin,
        },
        [
          keysFor.passwordReset.permission,
          identityTags.permission,
          ...readEdge,
          items(
            table,
            ['GetItem'],
            ['account', 'breaker', 'challenge#password-reset', 'identity', 'public-key'],
          ),
          items(table, ['PutItem'], ['challenge#password-reset']),
          putsEvents(table, eventsOwedBy['password-reset']),
          putsReminders(table),
          // It moves a slot where it brings a former phone back.
          items(
            table,
            ['UpdateItem'],
            ['account', 'breaker', 'challenge#password-reset', 'ledger', 'phone'],
          ),
          items(table, ['ConditionCheckItem'], ['ledger']),
          users(pool, ['AdminSetUserPassword', 'AdminUserGlobalSignOut']),
          // To bind an account to a new user: after its own was deleted past our API, or when a half-closed account is
          // taken back.
          users(pool, ['AdminCreateUser', 'AdminGetUser', 'AdminDeleteUser']),
        ],
      ),
      verification: add<Verification>(
        'verification',
        {
          ...store,
          ...keysFor.verification.environment,
          ...origin,
        },
        [
          keysFor.verification.permission,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'breaker', 'challenge', 'ledger']),
          items(table, ['UpdateItem'], ['breaker', 'ledger', 'public-key']),
          writesWithout(table, ['challenge'], ofProvenFactors),
          items(table, ['UpdateItem'], ['spending#caller-chosen-phone']),
          // It uses up second factors of an account and changes nothing else.
          writesTo(table, ['account'], ofSecondFactors),
          putsEvents(table, eventsOwedBy.verification),
          items(table, ['ConditionCheckItem'], ['ledger']),
        ],
      ),
      transaction: add<Transaction>(
        'transaction',
        {
          ...store,
          ...keysFor.transaction.environment,
          RELYING_CLIENTS: JSON.stringify(servicesByClient(relyingClients)),
        },
        [
          keysFor.transaction.permission,
          items(table, ['GetItem'], ['breaker', 'challenge#transaction', 'public-key']),
          items(table, ['PutItem'], ['challenge#transaction']),
          items(
            table,
            ['UpdateItem'],
            ['challenge#transaction', 'ledger#phone-transaction', 'ledger#relying-service'],
          ),
        ],
      ),
      authenticators: add<Authenticators>(
        'authenticators',
        {
          ...store,
          ...keysFor.authenticators.environment,
          ...userPool,
          ...client,
          ...origin,
        },
        [
          keysFor.authenticators.permission,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'session']),
          items(table, ['UpdateItem'], ['ledger#reauthentication', 'ledger#sensitive-change']),
          writesTo(table, ['account'], [...ofSecondFactors, ...ofOffers]),
          putsEvents(table, eventsOwedBy.authenticators),
          users(pool, ['AdminInitiateAuth']),
        ],
      ),
      session: add<Session>(
        'session',
        {
          ...store,
          ...keysFor.session.environment,
          ...identityTags.environment,
          ...userPool,
          ...client,
          ...origin,
        },
        [
          keysFor.session.permission,
          identityTags.permission,
          ...readEdge,
          items(
            table,
            ['GetItem'],
            [
              'account',
              'breaker',
              'challenge#login',
              'challenge#phone-first',
              'identity',
              'ledger#account-phone-first',
              'ledger#account-phone-first-year',
              'ledger#phone-phone-first',
              'public-key',
              'session',
            ],
          ),
          items(
            table,
            ['PutItem'],
            ['challenge#login', 'challenge#phone-first', 'device', 'session'],
          ),
          putsEvents(table, eventsOwedBy.session),
          putsNotices(table),
          // A failed login with a national ID may open the breaker of guesses.
          items(
            table,
            ['UpdateItem'],
            ['breaker', 'challenge#login', 'device', 'ledger', 'session'],
          ),
          // An account that was opened before usernames were kept gets its own with its next login.
          writesTo(table, ['account'], ofUsernames),
          items(table, ['ConditionCheckItem'], ['device', 'ledger']),
          items(table, ['DeleteItem'], ['device']),
          items(table, ['Query'], ['device', 'session']),
          // GetTokensFromRefreshToken and RevokeToken are authorised by the token itself, not by IAM.
          users(pool, ['AdminInitiateAuth']),
        ],
      ),
      account: add<Account>('account', { ...store, ...keysFor.account.environment, ...origin }, [
        keysFor.account.permission,
        ...readEdge,
        items(table, ['GetItem'], ['account', 'session']),
        items(table, ['Query'], ['device', 'event', 'session']),
        putsEvents(table, eventsOwedBy.account),
        items(table, ['UpdateItem'], ['ledger#export']),
      ]),
      'account-security': add<AccountSecurity>(
        'account-security',
        {
          ...store,
          ...keysFor.accountSecurity.environment,
          ...userPool,
          ...client,
          ...origin,
        },
        [
          keysFor.accountSecurity.permission,
          ...readEdge,
          items(
            table,
            ['GetItem'],
            [
              'account',
              'breaker',
              'challenge#account-closing',
              'challenge#phone-change',
              'public-key',
              'session',
            ],
          ),
          items(table, ['PutItem'], ['challenge#account-closing', 'challenge#phone-change']),
          putsEvents(table, eventsOwedBy['account-security']),
          putsNotices(table),
          puts(table, ['session'], ofEndedSessions),
          // A wrong second factor may open the breaker of guesses.
          items(
            table,
            ['UpdateItem'],
            [
              'account',
              'breaker',
              'challenge#account-closing',
              'challenge#phone-change',
              'ledger',
              'phone',
            ],
          ),
          items(table, ['UpdateItem'], ['spending#caller-chosen-phone']),
          // Closing deletes all of a person's items, one by one.
          items(table, ['DeleteItem'], ['account', 'device', 'event', 'identity', 'session']),
          items(table, ['Query'], ['device', 'event', 'session']),
          users(pool, ['AdminInitiateAuth', 'AdminSetUserPassword', 'AdminDeleteUser']),
        ],
      ),
      information: add<object>('information', {}, []),
    };
    this.addAlarm();
  }

  /**
   * An attacker guesses codes of many accounts at once. New challenges allow fewer attempts until the breaker closes.
   */
  private addAlarm(): void {
    alarmOnAny(this, 'GuessingBreakerOpened', functionMetric('GuessingBreakerOpened'));
  }
}
