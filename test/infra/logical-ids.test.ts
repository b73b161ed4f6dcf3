import { afterAll, describe, expect, it } from 'vitest';
import { resources, synthesise, synthesiseAll } from '../support/infra/synth.ts';
import { wholeStage } from '../support/infra/whole-stage.ts';
import { fixtureBuild } from '../support/portal/portal-build.ts';

const { build, remove } = fixtureBuild();
afterAll(remove);

/**
 * What holds people, or is known outside: another logical id replaces it. The replaced table, pool or secret is left
 * behind, and every account with it. Add a line for each new one; never change one after the first deployment.
 */
const pinned: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  data: {
    'AWS::DynamoDB::GlobalTable': ['TableCD117FA1'],
    'AWS::Events::EventBus': ['EventsD32975C2'],
    'AWS::SecretsManager::Secret': [
      'CodeKeys4C7684CB',
      'EdgeKeys75E7C77E',
      'IdentityTagKeysB9503722',
      'PhoneSealKeysC4E4A9FD',
      'ProofKeys81DB5CD9',
      'ProviderKeys2563E0B5',
      'SealKeys51DDED64',
      'SessionKeys7DB38201',
      'SmsReceiptKeysAE72588F',
      'TagKeys8C845A04',
      'UsernameSealKeysEF877387',
    ],
  },
  identity: {
    'AWS::Cognito::UserPool': ['UserPool6BA7E5F2'],
    'AWS::Cognito::UserPoolClient': ['UserPoolClient43258C81'],
  },
  api: {
    // Its id is in the address that apps call.
    'AWS::ApiGateway::RestApi': ['ApiF70053CD'],
    // Another client has another id and secret, which its service does not have.
    'AWS::Cognito::UserPoolClient': ['Serviceeprescription4412E8AA'],
    'AWS::Cognito::UserPoolDomain': ['Tokens1180AAEA'],
    'AWS::Cognito::UserPoolResourceServer': ['Otp9E5E5827'],
  },
  portal: {
    'AWS::CloudFront::Distribution': ['Distribution830FAC52'],
    'AWS::S3::Bucket': ['FilesBucket7C17EE2E'],
  },
};

const templates = synthesiseAll(wholeStage, build);

it('the logical id of the KMS key that replaces the secret IdentityTagKeys is that of the first deployment', () => {
  const { data } = synthesise({ ...wholeStage, identityTagKeys: 'kms' });
  expect(resources(data, 'AWS::KMS::Key').map(([id]) => id)).toEqual(['IdentityTagKey5C3A169B']);
});

describe.each(Object.entries(pinned))('the logical ids of the stack %s', (part, types) => {
  const template = templates.get(`hawiya-${wholeStage.stage}-${part}`) ?? { Resources: {} };

  it.each(Object.entries(types))('of type %s are those of the first deployment', (type, ids) => {
    const found = resources(template, type).map(([id]) => id);
    expect(found.toSorted()).toEqual(ids.toSorted());
  });

  it('include everything that is retained, but for logs', () => {
    const retained = Object.values(template.Resources).filter(
      ({ DeletionPolicy }) => DeletionPolicy === 'Retain',
    );
    const kinds = new Set(retained.map(({ Type }) => Type));
    kinds.delete('AWS::Logs::LogGroup');
    expect(Object.keys(types)).toEqual(expect.arrayContaining([...kinds]));
  });
});
