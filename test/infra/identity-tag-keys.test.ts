import { describe, expect, it } from 'vitest';
import { type StageConfig, stageConfig } from '../../lib/config/stage-config.ts';
import { statementsOf, statementsOfRole } from '../support/infra/iam-statements.ts';
import { functions, only, resources, synthesise } from '../support/infra/synth.ts';

const stageWith = (
  identityTagKeys: StageConfig['identityTagKeys'] | undefined,
  retainData = true,
) =>
  synthesise(
    stageConfig({
      stage: 'qa',
      portalHost: 'qa.example',
      registrationNumber: '1234567890',
      smsSenderId: 'HAWIYA',
      termsVersion: '1',
      retainData,
      identityTagKeys,
    }),
  );
const kms = stageWith('kms');
const secret = stageWith(undefined);

const names = Object.keys(functions(kms.api)).toSorted();
const taggers = ['passwordreset', 'registration', 'session'];
/** The names of the variables about identity tags that are not empty. */
const variablesOf = (stage: typeof kms, name: string) => {
  const { Variables = {} } = (functions(stage.api)[name]?.Properties['Environment'] ?? {}) as {
    Variables?: Record<string, unknown>;
  };
  return Object.keys(Variables).filter((key) => key.startsWith('IDENTITY_TAGS') && Variables[key]);
};
const secretsOf = ({ data }: typeof kms) =>
  resources(data, 'AWS::SecretsManager::Secret').map(([id]) => id.slice(0, -8));
const rightsOf = (stage: typeof kms, name: string) => statementsOfRole(stage, name).join('\n');

describe('a stage whose identity tags are made by KMS', () => {
  it('has one key, for MACs of 256 bits, of which another region may have a replica', () => {
    expect(only(kms.data, 'AWS::KMS::Key').Properties).toMatchObject({
      KeySpec: 'HMAC_256',
      KeyUsage: 'GENERATE_VERIFY_MAC',
      MultiRegion: true,
    });
    // KMS rotates no HMAC key, and refuses a template that says so.
    expect(only(kms.data, 'AWS::KMS::Key').Properties).not.toHaveProperty('EnableKeyRotation');
  });

  it('retains the key with its people, and deletes it with a throw-away stage', () => {
    const fate = ({ data }: typeof kms) => {
      const { DeletionPolicy, UpdateReplacePolicy } = only(data, 'AWS::KMS::Key');
      return [DeletionPolicy, UpdateReplacePolicy];
    };
    expect(fate(kms)).toEqual(['Retain', 'Retain']);
    expect(fate(stageWith('kms', false))).toEqual(['Delete', 'Delete']);
  });

  it('has no secret for them, and all other secrets', () => {
    expect(secretsOf(secret)).toContain('IdentityTagKeys');
    expect(secretsOf(kms)).toEqual(secretsOf(secret).filter((id) => id !== 'IdentityTagKeys'));
  });

  it('lets registration, password-reset and session make HMAC-SHA-256 codes with that key, and nobody else', () => {
    const statements = names.flatMap((name) =>
      statementsOf(kms, name)
        .filter(({ Action }) => String(Action).includes('kms:'))
        .map(({ Effect, Action, Condition }) => ({ name, Effect, Action, Condition })),
    );
    const right = {
      Effect: 'Allow',
      Action: 'kms:GenerateMac',
      Condition: { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } },
    };
    expect(statements.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
      taggers.map((name) => ({ name, ...right })),
    );
    for (const name of taggers) {
      expect(rightsOf(kms, name)).toContain('Allow kms:GenerateMac identity tag key');
    }
  });

  it('gives them no other right: their roles differ in that line alone', () => {
    for (const name of names) {
      const expected = statementsOfRole(secret, name)
        .map((right) =>
          right === 'Allow secretsmanager:GetSecretValue identity-tags'
            ? 'Allow kms:GenerateMac identity tag key'
            : right,
        )
        .toSorted();
      expect(statementsOfRole(kms, name), name).toEqual(expected);
    }
  });

  it('names the key to these three functions, and no secret', () => {
    for (const name of names) {
      const expected = taggers.includes(name) ? ['IDENTITY_TAGS_KMS_KEY_ARN'] : [];
      expect(variablesOf(kms, name), name).toEqual(expected);
    }
  });

  it('leaves the right to use the key to roles: the key’s own policy names the account alone', () => {
    const { KeyPolicy } = only(kms.data, 'AWS::KMS::Key').Properties;
    const { Statement } = KeyPolicy as { Statement: { Principal: unknown }[] };
    expect(Statement.map(({ Principal }) => JSON.stringify(Principal))).toEqual([
      expect.stringMatching(/:root/),
    ]);
  });
});

describe('a stage by default', () => {
  it('has no KMS key, and no role may call KMS', () => {
    expect(resources(secret.data, 'AWS::KMS::Key')).toEqual([]);
    for (const name of names) expect(rightsOf(secret, name)).not.toContain('kms:');
  });

  it('names the secret to registration, password-reset and session', () => {
    for (const name of names) {
      const expected = taggers.includes(name) ? ['IDENTITY_TAGS_SECRET_ARN'] : [];
      expect(variablesOf(secret, name), name).toEqual(expected);
    }
  });
});
