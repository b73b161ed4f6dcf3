import { describe, expect, it } from 'vitest';
import {
  linesOf,
  list,
  statementsOfRole as rightsIn,
  roleOf,
  type Statement,
  statementsOf as statementsIn,
  statementsOfRoleId,
} from '../support/infra/iam-statements.ts';
import { functions, only, resources, stages, target } from '../support/infra/synth.ts';

const stage = stages.prod();
const rightsOf = (name: string) => rightsIn(stage, name);
const statementsOf = (name: string) => statementsIn(stage, name);

const log = ['Allow logs:CreateLogStream log', 'Allow logs:PutLogEvents log'];
const readsSecret = (name: string) => `Allow secretsmanager:GetSecretValue ${name}`;
/** The keys of a function, by their purposes. */
const keysOf = (...purposes: string[]) => purposes.map(readsSecret);
/** Attributes of an account, without any phone or ID. */
const ofSecondFactors = 'pk sk stamp totp recoveryCodes';
/** The instant of their last change. */
const ofOffers = 'factorsChangedAt';

/** The right to write events of these types; all other attributes are those of every event. */
const putsEvents = (...types: string[]) =>
  `Allow dynamodb:PutItem table event (pk sk at origin details schema ttl ${types.join(' ')})`;
const putsNotices =
  'Allow dynamodb:PutItem table notice (pk sk kind language phone phoneTag shownName createdAt expiresAt outbox sends status ttl)';
const putsReminders =
  'Allow dynamodb:PutItem table notice (pk sk kind language phone phoneTag shownName createdAt expiresAt outbox sends status ttl username decoy)';
const readsStream = [
  'Allow dynamodb:DescribeStream stream',
  'Allow dynamodb:GetRecords stream',
  'Allow dynamodb:GetShardIterator stream',
  'Allow dynamodb:ListStreams stream',
];

/** What a registration's claim holds: no user, no second factor, no hold. */
const ofClaims =
  'pk sk status holder lapsesAt ttl usernameTag identityTag phoneTag phone nationalId username audience identityAssurance language termsVersion createdAt';
/** What opening a claimed account changes or compares. */
const ofOpening = 'pk sk status holder lapsesAt ttl userId stamp';

/** All rights of each function. A new right is a new line here, and needs a reason. */
const allowed: Record<string, string[]> = {
  information: log,
  account: [
    'Allow dynamodb:GetItem table account session',
    putsEvents('is_data_exported'),
    'Allow dynamodb:Query table device event session',
    'Allow dynamodb:UpdateItem table ledger#export',
    ...log,
    ...keysOf('edge secret', 'phone-seals', 'seals', 'tags'),
  ],
  accountsecurity: [
    'Allow cognito-idp:AdminDeleteUser pool',
    'Allow cognito-idp:AdminInitiateAuth pool',
    'Allow cognito-idp:AdminSetUserPassword pool',
    'Allow dynamodb:DeleteItem table account device event identity session',
    'Allow dynamodb:GetItem table account breaker challenge#account-closing challenge#phone-change public-key session',
    'Allow dynamodb:PutItem table challenge#account-closing challenge#phone-change',
    putsEvents(
      'is_account_closed',
      'is_password_changed',
      'is_phone_changed',
      'is_recovery_code_used',
      'is_session_ended',
      'is_terms_accepted',
    ),
    putsNotices,
    // What an ended session leaves behind. It opens nothing.
    'Allow dynamodb:PutItem table session (pk sk ended rotatedAt ttl)',
    'Allow dynamodb:Query table device event session',
    'Allow dynamodb:UpdateItem table account breaker challenge#account-closing challenge#phone-change ledger phone',
    // A change of phone reserves its money. It cannot touch that of logins and resets.
    'Allow dynamodb:UpdateItem table spending#caller-chosen-phone',
    ...log,
    ...keysOf('edge secret', 'phone-seals', 'seals', 'sessions', 'tags'),
  ],
  verification: [
    'Allow dynamodb:ConditionCheckItem table ledger',
    'Allow dynamodb:GetItem table account breaker challenge ledger',
    putsEvents('is_recovery_code_used'),
    `Allow dynamodb:UpdateItem table account (${ofSecondFactors})`,
    'Allow dynamodb:UpdateItem table breaker ledger public-key',
    'Allow dynamodb:UpdateItem table challenge (not secondFactor)',
    'Allow dynamodb:UpdateItem table spending#caller-chosen-phone',
    ...log,
    ...keysOf('codes', 'edge secret', 'phone-seals', 'proofs', 'seals', 'tags'),
  ],
  authenticators: [
    'Allow cognito-idp:AdminInitiateAuth pool',
    'Allow dynamodb:GetItem table account session',
    putsEvents('is_recovery_codes_created', 'is_totp_enrolled', 'is_totp_removed'),
    `Allow dynamodb:UpdateItem table account (${ofSecondFactors} ${ofOffers})`,
    'Allow dynamodb:UpdateItem table ledger#reauthentication ledger#sensitive-change',
    ...log,
    ...keysOf('edge secret', 'seals', 'tags'),
  ],
  session: [
    'Allow cognito-idp:AdminInitiateAuth pool',
    'Allow dynamodb:ConditionCheckItem table device ledger',
    'Allow dynamodb:DeleteItem table device',
    'Allow dynamodb:GetItem table account breaker challenge#login challenge#phone-first identity ledger#account-phone-first ledger#account-phone-first-year ledger#phone-phone-first public-key session',
    'Allow dynamodb:PutItem table challenge#login challenge#phone-first device session',
    putsEvents(
      'is_device_remembered',
      'is_session_ended',
      'is_session_reuse_detected',
      'is_session_started',
    ),
    putsNotices,
    'Allow dynamodb:Query table device session',
    // The username of an account that was opened before usernames were kept.
    'Allow dynamodb:UpdateItem table account (pk sk username)',
    'Allow dynamodb:UpdateItem table breaker challenge#login device ledger session',
    ...log,
    ...keysOf('edge secret', 'identity-tags', 'phone-seals', 'sessions', 'tags', 'username-seals'),
  ],
  // No account and no session: relying services call it.
  transaction: [
    'Allow dynamodb:GetItem table breaker challenge#transaction public-key',
    'Allow dynamodb:PutItem table challenge#transaction',
    'Allow dynamodb:UpdateItem table challenge#transaction ledger#phone-transaction ledger#relying-service',
    ...log,
    ...keysOf('phone-seals', 'seals', 'tags'),
  ],
  registration: [
    'Allow cognito-idp:AdminCreateUser pool',
    'Allow cognito-idp:AdminGetUser pool',
    'Allow cognito-idp:AdminSetUserPassword pool',
    'Allow dynamodb:ConditionCheckItem table account identity',
    'Allow dynamodb:GetItem table account breaker challenge#registration public-key',
    `Allow dynamodb:PutItem table account identity (${ofClaims})`,
    'Allow dynamodb:PutItem table challenge#registration',
    putsEvents('is_account_opened'),
    `Allow dynamodb:UpdateItem table account identity (${ofOpening})`,
    'Allow dynamodb:UpdateItem table breaker challenge#registration ledger phone',
    'Allow dynamodb:UpdateItem table spending#caller-chosen-phone',
    ...log,
    ...keysOf('edge secret', 'identity-tags', 'phone-seals', 'seals', 'tags', 'username-seals'),
  ],
  passwordreset: [
    'Allow cognito-idp:AdminCreateUser pool',
    'Allow cognito-idp:AdminDeleteUser pool',
    'Allow cognito-idp:AdminGetUser pool',
    'Allow cognito-idp:AdminSetUserPassword pool',
    'Allow cognito-idp:AdminUserGlobalSignOut pool',
    'Allow dynamodb:ConditionCheckItem table ledger',
    'Allow dynamodb:GetItem table account breaker challenge#password-reset identity public-key',
    'Allow dynamodb:PutItem table challenge#password-reset',
    putsEvents(
      'is_password_reset',
      'is_phone_restored',
      'is_recovery_code_used',
      'is_totp_removed',
    ),
    putsReminders,
    'Allow dynamodb:UpdateItem table account breaker challenge#password-reset ledger phone',
    ...log,
    ...keysOf('edge secret', 'identity-tags', 'phone-seals', 'seals', 'tags', 'username-seals'),
  ],
  // No stream, no table, no queue: the pipe hands over what it publishes.
  eventpublisher: ['Allow events:PutEvents bus', ...log],
  smssender: [
    ...readsStream.slice(0, 1),
    'Allow dynamodb:GetItem table account#newer-level',
    'Allow dynamodb:GetItem table breaker challenge notice',
    ...readsStream.slice(1),
    putsNotices,
    'Allow dynamodb:UpdateItem table breaker ledger notice phone spending',
    'Allow dynamodb:UpdateItem table challenge (not secondFactor)',
    ...log,
    ...keysOf('codes', 'phone-seals', 'seals', 'tags'),
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

const pipeRole = roleOf(only(stage.api, 'AWS::Pipes::Pipe').Properties['RoleArn']);
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
    const roles = resources(stage.api, 'AWS::IAM::Role').filter(([id]) => id !== pipeRole);
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

describe('the role of the pipe', () => {
  it('reads the stream, invokes event-publisher and writes dead letters, and nothing else', () => {
    expect(linesOf(stage, statementsOfRoleId(stage, pipeRole))).toEqual([
      ...readsStream,
      'Allow lambda:InvokeFunction function',
      'Allow sqs:SendMessage event dead letters',
    ]);
    const invoked = JSON.stringify(statementsOfRoleId(stage, pipeRole));
    expect(invoked).toContain('Eventseventpublisher');
  });

  it('is assumed by EventBridge Pipes only', () => {
    const { Properties } = stage.api.Resources[pipeRole] ?? {};
    expect(JSON.stringify(Properties)).toContain('"Service":"pipes.amazonaws.com"');
    expect(Object.keys(Properties ?? {})).toEqual(['AssumeRolePolicyDocument']);
  });
});

describe('the rights of single functions', () => {
  it('verification alone may sign proofs and publish the key that they are checked with', () => {
    const signers = names.filter((name) => rightsOf(name).includes(readsSecret('proofs')));
    expect(signers).toEqual(['verification']);
    const publishers = names.filter((name) =>
      rightsOf(name).some((right) => /(Put|Update|Delete)Item table.* public-key/.test(right)),
    );
    expect(publishers).toEqual(['verification']);
  });

  it('verification and sms-sender alone know the codes', () => {
    const readers = names.filter((name) => rightsOf(name).includes(readsSecret('codes')));
    expect(readers.toSorted()).toEqual(['smssender', 'verification']);
  });

  it('a flow writes the challenges of its own purposes and of no other', () => {
    const challengesOf = (name: string) =>
      rightsOf(name)
        .filter((right) => /(Put|Update|Delete)Item table/.test(right))
        .flatMap((right) => right.split(' ').filter((part) => part.startsWith('challenge')));
    const writers = names.map((name) => [name, [...new Set(challengesOf(name))].toSorted()]);
    expect(Object.fromEntries(writers)).toMatchObject({
      account: [],
      accountsecurity: ['challenge#account-closing', 'challenge#phone-change'],
      authenticators: [],
      eventpublisher: [],
      information: [],
      passwordreset: ['challenge#password-reset'],
      registration: ['challenge#registration'],
      session: ['challenge#login', 'challenge#phone-first'],
      smssender: ['challenge'],
      transaction: ['challenge#transaction'],
      verification: ['challenge'],
    });
  });

  it('sms-sender alone may read the table’s stream', () => {
    expect(holders('dynamodb:GetRecords')).toEqual(['smssender']);
  });

  it('each function may write only events that its flow owes, and no event that it could then read', () => {
    const writers = names.filter((name) => JSON.stringify(statementsOf(name)).includes('event#*'));
    expect(writers.length).toBeGreaterThan(5);
    const puts = names
      .flatMap((name) => statementsOf(name))
      .filter(
        ({ Action, Condition }) =>
          list(Action).includes('dynamodb:PutItem') &&
          JSON.stringify(Condition).includes('event#*'),
      );
    for (const { Action, Condition } of puts) {
      expect(Action).toBe('dynamodb:PutItem');
      expect(Condition).toMatchObject({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['event#*'] },
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': expect.any(Array) },
        StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' },
      });
    }
    const mayChange = holders('dynamodb:UpdateItem').filter((name) =>
      rightsOf(name).some((right) => / UpdateItem table.* event/.test(right)),
    );
    expect(mayChange).toEqual([]);
  });

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
    expect(changesOf('authenticators')).toEqual([`${right} (${ofSecondFactors} ${ofOffers})`]);
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

  it('limits every right to the table to kinds of items, or to a part of a kind', () => {
    const table = allows.filter(({ Resource }) =>
      list(Resource).some((one) => target(stage, one) === 'AWS::DynamoDB::GlobalTable.Arn'),
    );
    expect(table.length).toBeGreaterThan(10);
    for (const { Condition } of table) {
      const kinds = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
      expect(kinds.length).toBeGreaterThan(0);
      for (const kind of kinds)
        expect(kind).toMatch(
          /^(account|breaker|challenge|device|event|identity|ledger|notice|phone|public-key|session|spending)#([a-z-]+[.#]|\*\.)?\*$/,
        );
    }
  });
});
