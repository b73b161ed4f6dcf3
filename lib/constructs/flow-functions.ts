import type { IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Flow } from '#core/model/routes.ts';
import type { RelyingService } from '#core/model/transaction.ts';
import type { Environment as Account } from '../../lambdas/functions/account/env.ts';
import type { Environment as AccountSecurity } from '../../lambdas/functions/account-security/env.ts';
import type { Environment as Authenticators } from '../../lambdas/functions/authenticators/env.ts';
import type { Environment as Information } from '../../lambdas/functions/information/env.ts';
import type { Environment as PasswordReset } from '../../lambdas/functions/password-reset/env.ts';
import type { Environment as Registration } from '../../lambdas/functions/registration/env.ts';
import type { Environment as Session } from '../../lambdas/functions/session/env.ts';
import type { Environment as Transaction } from '../../lambdas/functions/transaction/env.ts';
import type { Environment as Verification } from '../../lambdas/functions/verification/env.ts';
import type { StageConfig } from '../config/stage-config.ts';
import { items, keys, users, writesTo } from '../permissions.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { IdentityStack } from '../stacks/identity-stack.ts';
import { alarmOnAny, functionMetric } from './alarm-on-any.ts';
import { HawiyaFunction } from './hawiya-function.ts';

interface FlowFunctionsProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly identity: IdentityStack;
  /** App clients of the relying services, by the services' ids. */
  readonly relyingClients: ReadonlyMap<string, IUserPoolClient>;
}

/** Attributes of an account: its second factors, and those that show it is still the same person's. */
const ofSecondFactors = ['pk', 'sk', 'status', 'userId', 'totp', 'recoveryCodes'];
/** Time of the last change of second factors. A change closes older offers. */
const ofOffers = ['factorsChangedAt'];
/**
 * Attributes that decide whether a session is valid. The write only compares them, but IAM does not distinguish that
 * from writing.
 */
const ofSessions = ['sessionsValidFrom', 'exceptSession'];

/** The relying services, each with the id of its app client. Access tokens name the service by that id. */
const servicesOf = (
  { relyingServices }: StageConfig,
  relyingClients: FlowFunctionsProps['relyingClients'],
): RelyingService[] =>
  relyingServices.map(({ spendPerDay: _, ...service }) => ({
    ...service,
    clientId: relyingClients.get(service.id)?.userPoolClientId ?? '',
  }));

/** The functions behind the API. Their permissions are written here and nowhere else. */
export class FlowFunctions extends Construct {
  readonly byFlow: Readonly<Record<Flow, IFunction>>;

  constructor(scope: Construct, id: string, props: FlowFunctionsProps) {
    super(scope, id);
    const { config, data, identity, relyingClients } = props;
    const table: TableV2 = data.table;
    const pool = identity.userPool;
    const readKeys = keys(data.secret);

    const portal = { PORTAL_HOST: config.portalHost };
    const terms = { TERMS_VERSION: config.termsVersion };
    const destinations = { DESTINATIONS: JSON.stringify(config.destinations) };
    const limits = { LIMITS: JSON.stringify(config.limits) };
    const reviewNumbers = { REVIEW_NUMBERS: JSON.stringify(config.reviewNumbers) };
    // The services' money is spent by `sms-sender` alone.
    const spending = { SPENDING: JSON.stringify({ ...config.spending, services: {} }) };
    const store = { TABLE_NAME: table.tableName, SECRET_ARN: data.secret.secretArn };
    const userPool = { USER_POOL_ID: pool.userPoolId };
    const { accessTokenMinutes: _, ...lifetimes } = config.sessions;
    const sessions = { SESSIONS: JSON.stringify(lifetimes) };
    const secondFactor = { SECOND_FACTOR: config.secondFactor };
    const origin = { EDGE_SECRET_ARN: data.edgeSecret?.secretArn ?? '' };
    const readEdge = data.edgeSecret ? [keys(data.edgeSecret)] : [];
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
          ...portal,
          ...terms,
          ...limits,
          ...reviewNumbers,
          ...spending,
          ...store,
          ...userPool,
          ...destinations,
          ...origin,
        },
        [
          readKeys,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'breaker', 'challenge']),
          items(table, ['PutItem'], ['account', 'challenge', 'event', 'identity']),
          items(
            table,
            ['UpdateItem'],
            ['account', 'breaker', 'challenge', 'identity', 'ledger', 'phone'],
          ),
          items(table, ['UpdateItem'], ['spending#caller-chosen-phone']),
          // Cognito confirms a user only once a permanent password is set, so registration sets one too.
          users(pool, ['AdminCreateUser', 'AdminGetUser', 'AdminSetUserPassword']),
        ],
      ),
      'password-reset': add<PasswordReset>(
        'password-reset',
        { ...portal, ...limits, ...reviewNumbers, ...store, ...userPool, ...origin },
        [
          readKeys,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'breaker', 'challenge']),
          items(table, ['PutItem'], ['challenge', 'event', 'notice']),
          items(table, ['UpdateItem'], ['account', 'breaker', 'challenge', 'ledger']),
          items(table, ['ConditionCheckItem'], ['ledger']),
          users(pool, ['AdminSetUserPassword', 'AdminUserGlobalSignOut']),
          // To bind an account to a new user: after its own was deleted past our API, or when a half-closed account is
          // taken back.
          users(pool, ['AdminCreateUser', 'AdminGetUser', 'AdminDeleteUser']),
        ],
      ),
      verification: add<Verification>(
        'verification',
        { ...portal, ...limits, ...reviewNumbers, ...spending, ...store, ...origin },
        [
          readKeys,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'breaker', 'challenge', 'ledger']),
          items(table, ['UpdateItem'], ['breaker', 'challenge', 'ledger']),
          items(table, ['UpdateItem'], ['spending#caller-chosen-phone']),
          // It uses up second factors of an account and changes nothing else.
          writesTo(table, ['account'], ofSecondFactors),
          items(table, ['PutItem'], ['event']),
          items(table, ['ConditionCheckItem'], ['ledger']),
        ],
      ),
      transaction: add<Transaction>(
        'transaction',
        {
          ...portal,
          ...limits,
          ...reviewNumbers,
          ...destinations,
          ...store,
          RELYING_SERVICES: JSON.stringify(servicesOf(config, relyingClients)),
        },
        [
          readKeys,
          items(table, ['GetItem'], ['breaker', 'challenge']),
          items(table, ['PutItem'], ['challenge']),
          items(table, ['UpdateItem'], ['challenge', 'ledger']),
        ],
      ),
      authenticators: add<Authenticators>(
        'authenticators',
        {
          ...portal,
          ...store,
          ...userPool,
          ...client,
          ...sessions,
          ...origin,
          ISSUER_NAME: config.issuerName,
        },
        [
          readKeys,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'session']),
          items(table, ['UpdateItem'], ['ledger']),
          writesTo(table, ['account'], [...ofSecondFactors, ...ofOffers, ...ofSessions]),
          items(table, ['PutItem'], ['event', 'notice']),
          users(pool, ['AdminInitiateAuth']),
        ],
      ),
      session: add<Session>(
        'session',
        {
          ...portal,
          ...limits,
          ...reviewNumbers,
          ...store,
          ...userPool,
          ...client,
          ...secondFactor,
          ...sessions,
          ...origin,
        },
        [
          readKeys,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'breaker', 'challenge', 'session']),
          items(table, ['PutItem'], ['challenge', 'device', 'event', 'notice', 'session']),
          items(table, ['UpdateItem'], ['challenge', 'device', 'ledger', 'session']),
          items(table, ['ConditionCheckItem'], ['device', 'ledger']),
          items(table, ['DeleteItem'], ['session']),
          // GetTokensFromRefreshToken and RevokeToken are authorised by the token itself, not by IAM.
          users(pool, ['AdminInitiateAuth']),
        ],
      ),
      account: add<Account>(
        'account',
        { ...portal, ...terms, ...store, ...userPool, ...client, ...sessions, ...origin },
        [
          readKeys,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'session']),
          items(table, ['DeleteItem'], ['device', 'session']),
          items(table, ['Query'], ['device', 'event', 'session']),
          items(table, ['PutItem'], ['event']),
          items(table, ['UpdateItem'], ['ledger']),
        ],
      ),
      'account-security': add<AccountSecurity>(
        'account-security',
        {
          ...portal,
          ...terms,
          ...limits,
          ...reviewNumbers,
          ...spending,
          ...destinations,
          ...store,
          ...userPool,
          ...client,
          ...sessions,
          ...origin,
        },
        [
          readKeys,
          ...readEdge,
          items(table, ['GetItem'], ['account', 'breaker', 'challenge', 'session']),
          items(table, ['PutItem'], ['challenge', 'event', 'notice']),
          items(table, ['UpdateItem'], ['account', 'breaker', 'challenge', 'ledger', 'phone']),
          items(table, ['UpdateItem'], ['spending#caller-chosen-phone']),
          // Closing deletes all of a person's items, one by one.
          items(table, ['DeleteItem'], ['account', 'device', 'event', 'identity', 'session']),
          items(table, ['Query'], ['device', 'event', 'session']),
          users(pool, ['AdminInitiateAuth', 'AdminSetUserPassword', 'AdminDeleteUser']),
        ],
      ),
      information: add<Information>('information', { ...portal, ...terms }, []),
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
