import { describe, expect, it } from 'vitest';
import { stageConfig } from '../../lib/config/stage-config.ts';
import { only, resources, stages, synthesise, type Template } from '../support/infra/synth.ts';

const config = stageConfig({
  stage: 'qa',
  portalHost: 'qa.example',
  registrationNumber: '1234567890',
  smsSenderId: 'HAWIYA',
  termsVersion: '1',
  accessTokenScope: 'hawiya',
});
const stage = synthesise(config);

/** The scopes of people's routes. */
const scopesOf = (api: Template) => [
  ...new Set(
    resources(api, 'AWS::ApiGateway::Method')
      .map(([, { Properties }]) => Properties['AuthorizationScopes'] as string[] | undefined)
      .flatMap((scopes) => scopes ?? [])
      .filter((scope) => scope !== 'otp/challenge'),
  ),
];

describe('a stage whose access tokens have Hawiya’s own scope', () => {
  it('runs token-scope before each token of a person, and not before those of services', () => {
    const [id] = resources(stage.identity, 'AWS::Lambda::Function')[0] ?? [''];
    expect(only(stage.identity, 'AWS::Cognito::UserPool').Properties['LambdaConfig']).toEqual({
      PreTokenGenerationConfig: {
        LambdaArn: { 'Fn::GetAtt': [id, 'Arn'] },
        LambdaVersion: 'V2_0',
      },
    });
    expect(only(stage.identity, 'AWS::Lambda::Permission').Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'cognito-idp.amazonaws.com',
      SourceArn: expect.anything(),
    });
  });

  it('takes only that scope at people’s routes', () => {
    expect(scopesOf(stage.api)).toEqual(['hawiya/account']);
  });

  it('gives the function no right but its own log, and an answer before Cognito stops waiting', () => {
    const { Properties } = only(stage.identity, 'AWS::Lambda::Function');
    expect(Properties['Timeout']).toBeLessThan(5);
    expect(Properties).not.toHaveProperty('Environment.Variables.TABLE_NAME');
    const policies = resources(stage.identity, 'AWS::IAM::Policy');
    const statements = policies.flatMap(
      ([, policy]) =>
        (policy.Properties['PolicyDocument'] as { Statement: { Action: string[] }[] }).Statement,
    );
    expect(statements).toMatchObject([{ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }]);
    expect(Object.keys(only(stage.identity, 'AWS::IAM::Role').Properties)).toEqual([
      'AssumeRolePolicyDocument',
    ]);
  });
});

it('a stage has Cognito’s scope and no trigger by default', () => {
  const { identity, api } = stages.prod();
  expect(only(identity, 'AWS::Cognito::UserPool').Properties).not.toHaveProperty('LambdaConfig');
  expect(resources(identity, 'AWS::Lambda::Function')).toEqual([]);
  expect(scopesOf(api)).toEqual(['aws.cognito.signin.user.admin']);
});
