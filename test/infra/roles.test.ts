import { describe, expect, it } from 'vitest';
import {
  list,
  statementsOfRole as rightsIn,
  roleOf,
  type Statement,
  statementsOf as statementsIn,
} from '../support/infra/iam-statements.ts';
import { functions, resources, stages, target } from '../support/infra/synth.ts';

const stage = stages.prod();
const rightsOf = (name: string) => rightsIn(stage, name);
const statementsOf = (name: string) => statementsIn(stage, name);

const log = ['Allow logs:CreateLogStream log', 'Allow logs:PutLogEvents log'];
const keys = 'Allow secretsmanager:GetSecretValue secret';
/** Functions that count by the caller's address. */
const ofCallers = ['Allow secretsmanager:GetSecretValue edge secret', keys];
/** Attributes of an account, without any phone or ID. */
const ofSecondFactors = 'pk sk status userId totp recoveryCodes';
/** The instant of their last change. */
const ofOffers = 'factorsChangedAt';
/**
 * What the validity of a session depends on. The function only compares these, which IAM does not
 * tell from writing.
 */
const ofSessions = 'sessionsValidFrom exceptSession';

/** All rights of each function. A new right is a new line here, and needs a reason. */
const allowed: Record<string, string[]> = {
  information: log,
  account: [
    'Allow dynamodb:DeleteItem table device session',
    'Allow dynamodb:GetItem table account session',
    'Allow dynamodb:PutItem table event',
    'Allow dynamodb:Query table device event session',
    'Allow dynamodb:UpdateItem table ledger',
    ...log,
    ...ofCallers,
  ],
  accountsecurity: [
    'Allow cognito-idp:AdminDeleteUser pool',
    'Allow cognito-idp:AdminInitiateAuth pool',
    'Allow cognito-idp:AdminSetUserPassword pool',
    'Allow dynamodb:DeleteItem table account device event identity session',
    'Allow dynamodb:GetItem table account breaker challenge session',
    'Allow dynamodb:PutItem table challenge event notice',
    'Allow dynamodb:Query table device event session',
    'Allow dynamodb:UpdateItem table account breaker challenge ledger phone',
    // A change of phone reserves its money. It cannot touch that of logins and resets.
    'Allow dynamodb:UpdateItem table spending#caller-chosen-phone',
    ...log,
    ...ofCallers,
  ],
  verification: [
    'Allow dynamodb:ConditionCheckItem table ledger',
    'Allow dynamodb:GetItem table account breaker challenge ledger',
    'Allow dynamodb:PutItem table event',
    `Allow dynamodb:UpdateItem table account (${ofSecondFactors})`,
    'Allow dynamodb:UpdateItem table breaker challenge ledger',
    'Allow dynamodb:UpdateItem table spending#caller-chosen-phone',
    ...log,
    ...ofCallers,
  ],
  authenticators: [
    'Allow cognito-idp:AdminInitiateAuth pool',
    'Allow dynamodb:GetItem table account session',
    'Allow dynamodb:PutItem table event notice',
    `Allow dynamodb:UpdateItem table account (${ofSecondFactors} ${ofOffers} ${ofSessions})`,
    'Allow dynamodb:UpdateItem table ledger',
    ...log,
    ...ofCallers,
  ],
  session: [
    'Allow cognito-idp:AdminInitiateAuth pool',
    'Allow dynamodb:ConditionCheckItem table device ledger',
    'Allow dynamodb:DeleteItem table session',
    'Allow dynamodb:GetItem table account breaker challenge session',
    'Allow dynamodb:PutItem table challenge device event notice session',
    'Allow dynamodb:UpdateItem table challenge device ledger session',
    ...log,
    ...ofCallers,
  ],
  // No account and no session: relying services call it.
  transaction: [
    'Allow dynamodb:GetItem table breaker challenge',
    'Allow dynamodb:PutItem table challenge',
    'Allow dynamodb:UpdateItem table challenge ledger',
    ...log,
    keys,
  ],
  registration: [
    'Allow cognito-idp:AdminCreateUser pool',
    'Allow cognito-idp:AdminGetUser pool',
    'Allow cognito-idp:AdminSetUserPassword pool',
    'Allow dynamodb:GetItem table account breaker challenge',
    'Allow dynamodb:PutItem table account challenge event identity',
    'Allow dynamodb:UpdateItem table account breaker challenge identity ledger phone',
    'Allow dynamodb:UpdateItem table spending#caller-chosen-phone',
    ...log,
    ...ofCallers,
  ],
  passwordreset: [
    'Allow cognito-idp:AdminCreateUser pool',
    'Allow cognito-idp:AdminDeleteUser pool',
    'Allow cognito-idp:AdminGetUser pool',
    'Allow cognito-idp:AdminSetUserPassword pool',
    'Allow cognito-idp:AdminUserGlobalSignOut pool',
    'Allow dynamodb:ConditionCheckItem table ledger',
    'Allow dynamodb:GetItem table account breaker challenge',
    'Allow dynamodb:PutItem table challenge event notice',
    'Allow dynamodb:UpdateItem table account breaker challenge ledger',
    ...log,
    ...ofCallers,
  ],
  eventpublisher: [
    'Allow dynamodb:DescribeStream stream',
    'Allow dynamodb:GetRecords stream',
    'Allow dynamodb:GetShardIterator stream',
    'Allow dynamodb:ListStreams stream',
    'Allow events:PutEvents bus',
    ...log,
    'Allow sqs:GetQueueAttributes event dead letters',
    'Allow sqs:GetQueueUrl event dead letters',
    'Allow sqs:SendMessage event dead letters',
  ],
  smssender: [
    'Allow dynamodb:DescribeStream stream',
    'Allow dynamodb:GetItem table breaker challenge notice',
    'Allow dynamodb:GetRecords stream',
    'Allow dynamodb:GetShardIterator stream',
    'Allow dynamodb:ListStreams stream',
    'Allow dynamodb:UpdateItem table breaker challenge ledger notice phone spending',
    ...log,
    keys,
    'Allow sns:Publish *',
    'Allow sqs:ChangeMessageVisibility retries',
    'Allow sqs:DeleteMessage retries',
    'Allow sqs:GetQueueAttributes dead letters',
    'Allow sqs:GetQueueAttributes retries',
    'Allow sqs:GetQueueUrl dead letters',
    'Allow sqs:GetQueueUrl retries',
    'Allow sqs:ReceiveMessage retries',
    'Allow sqs:SendMessage dead letters',
    'Allow sqs:SendMessage retries',
    'Deny sns:Publish arn:*:sns:*:*:*',
  ],
};

const names = Object.keys(functions(stage.api));
const holders = (action: string) =>
  names.filter((name) => rightsOf(name).some((right) => right.startsWith(`Allow ${action} `)));

describe('the role of each function', () => {
  it.each(Object.keys(allowed))('%s has exactly the rights it uses', (name) => {
    expect(rightsOf(name)).toEqual(allowed[name]);
  });

  it('is listed here for every function', () => {
    expect(names.sort()).toEqual(Object.keys(allowed).sort());
  });

  it('is its own, is assumed by Lambda only and has no policy from elsewhere', () => {
    const roles = resources(stage.api, 'AWS::IAM::Role');
    expect(roles).toHaveLength(names.length);
    for (const [id, { Properties }] of roles) {
      expect(Object.keys(Properties), id).toEqual(['AssumeRolePolicyDocument']);
      expect(JSON.stringify(Properties)).toContain('"Service":"lambda.amazonaws.com"');
    }
    const used = Object.values(functions(stage.api)).map((f) => roleOf(f.Properties['Role']));
    expect(new Set(used).size).toBe(names.length);
  });

  it('allows writing to its function’s own log and to no other', () => {
    for (const name of names) {
      const { LoggingConfig } = functions(stage.api)[name]?.Properties ?? {};
      const own = (LoggingConfig as { LogGroup: { Ref: string } }).LogGroup.Ref;
      const written = statementsOf(name).filter(({ Action }) =>
        list(Action)[0]?.startsWith('logs:'),
      );
      expect(written.map(({ Resource }) => Resource)).toEqual([{ 'Fn::GetAtt': [own, 'Arn'] }]);
    }
  });
});

describe('the rights of single functions', () => {
  it('sms-sender alone may send an SMS, and to no topic', () => {
    expect(holders('sns:Publish')).toEqual(['smssender']);
    expect(rightsOf('smssender')).toContain('Deny sns:Publish arn:*:sns:*:*:*');
  });

  it('event-publisher alone may put an event on the bus, and can neither read nor write an item', () => {
    expect(holders('events:PutEvents')).toEqual(['eventpublisher']);
    expect(rightsOf('eventpublisher').join()).not.toMatch(/ table/);
  });

  it('registration, reset and account-security alone may set a password', () => {
    expect(holders('cognito-idp:AdminSetUserPassword').sort()).toEqual([
      'accountsecurity',
      'passwordreset',
      'registration',
    ]);
  });

  it('registration alone may create an account; registration and reset, which replaces a lost user, may create users', () => {
    const users = holders('cognito-idp:AdminCreateUser').toSorted();
    expect(users).toEqual(['passwordreset', 'registration']);
    const makers = names.filter((name) =>
      rightsOf(name).some((right) => /PutItem table.* (account|identity)/.test(right)),
    );
    expect(makers).toEqual(['registration']);
  });

  it('account-security and reset, which restores a half-closed account, may delete users; no function writes in batches, which would allow puts', () => {
    expect(holders('cognito-idp:AdminDeleteUser')).toEqual(['accountsecurity', 'passwordreset']);
    expect(holders('dynamodb:BatchWriteItem')).toEqual([]);
  });

  it('verification and authenticators may change only the second factors of an account', () => {
    const changesOf = (name: string) =>
      rightsOf(name).filter((right) => /(Put|Update|Delete).* account/.test(right));
    const right = 'Allow dynamodb:UpdateItem table account';
    expect(changesOf('verification')).toEqual([`${right} (${ofSecondFactors})`]);
    expect(changesOf('authenticators')).toEqual([
      `${right} (${ofSecondFactors} ${ofOffers} ${ofSessions})`,
    ]);
  });

  it('verification has no right to Cognito', () => {
    expect(rightsOf('verification').filter((right) => right.includes('cognito'))).toEqual([]);
  });

  it('no function may list or delete items, except those a person has many of and a closed account', () => {
    const listing = names
      .flatMap((name) => rightsOf(name).map((right) => `${name}: ${right}`))
      .filter((right) => /dynamodb:(Query|Scan|Batch|Delete|PartiQL)/.test(right));
    const personal = /dynamodb:(Query|DeleteItem) table( device| event| session)+$/;
    expect(listing.filter((right) => !personal.test(right))).toEqual([
      'accountsecurity: Allow dynamodb:DeleteItem table account device event identity session',
    ]);
  });
});

describe('every policy of every stack', () => {
  const statements = [stage.data, stage.identity, stage.api].flatMap((template) =>
    Object.values(template.Resources).flatMap(
      ({ Properties }) =>
        (Properties?.['PolicyDocument'] as { Statement: Statement[] } | undefined)?.Statement ?? [],
    ),
  );
  const allows = statements.filter(({ Effect }) => Effect === 'Allow');

  it('allows no action by wildcard', () => {
    const actions = allows.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(20);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('allows only the SMS on every resource, because an SMS has no ARN', () => {
    const wide = allows.filter(({ Resource }) => /\*/.test(JSON.stringify(Resource)));
    expect(wide).toEqual([{ Effect: 'Allow', Action: 'sns:Publish', Resource: '*' }]);
  });

  it('limits every right to the table to kinds of items', () => {
    const table = allows.filter(({ Resource }) =>
      list(Resource).some((one) => target(stage, one) === 'AWS::DynamoDB::GlobalTable.Arn'),
    );
    expect(table.length).toBeGreaterThan(10);
    for (const { Condition } of table) {
      const kinds = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
      expect(kinds.length).toBeGreaterThan(0);
      for (const kind of kinds)
        expect(kind).toMatch(
          /^(account|breaker|challenge|device|event|identity|ledger|notice|phone|session|spending(#caller-chosen-phone)?)#\*$/,
        );
    }
  });
});
