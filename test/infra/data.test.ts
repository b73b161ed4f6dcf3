import { describe, expect, it } from 'vitest';
import { only, type Resource, resources, stages } from '../support/infra/synth.ts';

const prod = stages.prod();
const dev = stages.dev();

const table = ({ data }: typeof prod) => only(data, 'AWS::DynamoDB::GlobalTable');
const secretCalled = (name: string, { data }: typeof prod) => {
  const [, found] =
    resources(data, 'AWS::SecretsManager::Secret').find(([id]) => id.startsWith(name)) ?? [];
  if (!found) throw new Error(`The template has no secret ${name}`);
  return found;
};
/** The secret of the tags: without it no account is found any more. */
const secret = (stage: typeof prod) => secretCalled('TagKeys', stage);

/** The secrets of the keys, by purpose (`keyPurposes`). */
const keySecrets = [
  'CodeKeys',
  'IdentityTagKeys',
  'PhoneSealKeys',
  'ProofKeys',
  'SealKeys',
  'SessionKeys',
  'TagKeys',
  'UsernameSealKeys',
];
const pool = ({ identity }: typeof prod) => only(identity, 'AWS::Cognito::UserPool');

const fate = ({ DeletionPolicy, UpdateReplacePolicy }: Resource) => [
  DeletionPolicy,
  UpdateReplacePolicy,
];

describe('the resources that hold people', () => {
  it.each([
    ['table', table],
    ['secret', secret],
    ['user pool', pool],
  ])(
    'include the %s, which outlives its stack on prod and not on a throw-away stage',
    (_what, of) => {
      expect(fate(of(prod))).toEqual(['Retain', 'Retain']);
      expect(fate(of(dev))).toEqual(['Delete', 'Delete']);
    },
  );

  it('cannot be deleted by hand on prod', () => {
    const replica = (stage: typeof prod) => table(stage).Properties['Replicas'];
    expect(replica(prod)).toMatchObject([{ DeletionProtectionEnabled: true }]);
    expect(pool(prod).Properties['DeletionProtection']).toBe('ACTIVE');
    expect(replica(dev)).toMatchObject([{ DeletionProtectionEnabled: false }]);
    expect(pool(dev).Properties['DeletionProtection']).toBe('INACTIVE');
  });
});

describe('the table', () => {
  it('has a stream of new and old images, TTL, and point-in-time recovery', () => {
    expect(table(prod).Properties).toMatchObject({
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    });
  });

  it('has the keys that the adapters write, and no index that copies items', () => {
    expect(table(prod).Properties['KeySchema']).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(table(prod).Properties).not.toHaveProperty('GlobalSecondaryIndexes');
  });
});

describe('the bus of security events', () => {
  it('has the name that subscribers use', () => {
    const bus = only(prod.data, 'AWS::Events::EventBus');
    expect(bus.Properties).toEqual({ Name: 'hawiya-prod' });
  });
});

describe('the secret of a key purpose', () => {
  it.each(keySecrets)('%s outlives its stack on prod', (name) => {
    expect(secretCalled(name, prod)).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it.each(keySecrets)('%s is made by Secrets Manager in the form that functions read', (name) => {
    const { GenerateSecretString } = secretCalled(name, prod).Properties;
    expect(GenerateSecretString).toMatchObject({
      SecretStringTemplate: '{}',
      GenerateStringKey: '1',
      ExcludePunctuation: true,
    });
    const { PasswordLength } = GenerateSecretString as { PasswordLength: number };
    expect(PasswordLength).toBeGreaterThanOrEqual(43);
    expect(secretCalled(name, prod).Properties).not.toHaveProperty('SecretString');
  });
});

describe('the user pool', () => {
  it('lets no person sign up or recover without our API, and ignores the case of names', () => {
    expect(pool(prod).Properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameConfiguration: { CaseSensitive: false },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
    });
  });

  it('knows people by username only: no phone, no e-mail, no alias', () => {
    expect(pool(prod).Properties).not.toHaveProperty('AliasAttributes');
    expect(pool(prod).Properties).not.toHaveProperty('UsernameAttributes');
    expect(pool(prod).Properties).not.toHaveProperty('SmsConfiguration');
  });

  it('marks users of a registration with an attribute that cannot change later', () => {
    expect(pool(prod).Properties['Schema']).toEqual([
      { Name: 'origin', AttributeDataType: 'String', Mutable: false },
    ]);
  });

  it('refuses no password that our own policy takes', () => {
    expect(pool(prod).Properties['Policies']).toEqual({
      PasswordPolicy: {
        MinimumLength: 12,
        RequireLowercase: false,
        RequireNumbers: false,
        RequireSymbols: false,
        RequireUppercase: false,
      },
    });
  });
});

describe('the client of the user pool', () => {
  const client = only(prod.identity, 'AWS::Cognito::UserPoolClient').Properties;

  it('allows one login, by password from the server, and refresh with a token that stays there', () => {
    expect(client['ExplicitAuthFlows']).toEqual([
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ]);
    expect(client['AllowedOAuthFlowsUserPoolClient']).toBe(false);
    expect(client).not.toHaveProperty('AllowedOAuthFlows');
  });

  it('does not rotate tokens: our own tokens rotate, and Cognito’s never leave our functions', () => {
    expect(client).not.toHaveProperty('RefreshTokenRotation');
  });

  it('answers a wrong password and an unknown user alike, and can revoke tokens', () => {
    expect(client['PreventUserExistenceErrors']).toBe('ENABLED');
    expect(client['EnableTokenRevocation']).toBe(true);
  });

  it('issues tokens of 15 minutes and 30 days', () => {
    expect(client['TokenValidityUnits']).toEqual({
      AccessToken: 'minutes',
      IdToken: 'minutes',
      RefreshToken: 'minutes',
    });
    expect(client['AccessTokenValidity']).toBe(15);
    expect(client['IdTokenValidity']).toBe(15);
    expect(client['RefreshTokenValidity']).toBe(30 * 24 * 60);
  });
});
