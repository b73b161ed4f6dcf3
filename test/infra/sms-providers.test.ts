import { describe, expect, it } from 'vitest';
import { rightsOf } from '../support/rights.ts';
import { aggregator, stageWith } from '../support/stage-with-provider.ts';
import { functions, resources, stages, synthesise } from '../support/synth.ts';

const stage = synthesise(stageWith('qa', [aggregator(), { kind: 'sns' }]));
const plain = stages.prod();

describe('a provider that is reached by HTTP', () => {
  it('lets the sender read its keys, on top of what it may anyway', () => {
    const more = rightsOf(stage, 'smssender').filter(
      (right) => !rightsOf(plain, 'smssender').includes(right),
    );
    expect(more).toEqual(['Allow secretsmanager:GetSecretValue provider secret']);
    for (const right of rightsOf(plain, 'smssender')) {
      expect(rightsOf(stage, 'smssender')).toContain(right);
    }
  });

  it('takes the right to text by SNS away where SNS is no provider', () => {
    const alone = synthesise(stageWith('qa', [aggregator()]));
    expect(rightsOf(alone, 'smssender').filter((right) => right.includes('sns'))).toEqual([]);
  });

  it('changes nobody else’s rights', () => {
    for (const name of Object.keys(functions(plain.api)).filter((n) => n !== 'smssender')) {
      expect(rightsOf(stage, name), name).toEqual(rightsOf(plain, name));
    }
  });

  it('gets a secret that outlives the stack, with a key for its receipts and nothing else in it', () => {
    const secrets = resources(stage.data, 'AWS::SecretsManager::Secret');
    const [, secret] = secrets.find(([id]) => id.startsWith('ProviderKeys')) ?? [];
    expect(secret).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(secret?.Properties['GenerateSecretString']).toMatchObject({
      ...{ SecretStringTemplate: '{}', GenerateStringKey: 'receipts', PasswordLength: 64 },
    });
    expect(resources(plain.data, 'AWS::SecretsManager::Secret')).toHaveLength(1);
  });

  it('has no key in any template', () => {
    const environment = functions(stage.api)['smssender']?.Properties['Environment'];
    expect(environment).toHaveProperty('Variables.PROVIDER_SECRET_ARN');
    expect(JSON.stringify(stage)).not.toContain('resolve:secretsmanager');
  });
});

describe('the webhook for receipts', () => {
  it('may write challenges and read the providers’ keys, and nothing else', () => {
    expect(rightsOf(stage, 'smsreceipts')).toEqual([
      'Allow dynamodb:UpdateItem table challenge',
      'Allow logs:CreateLogStream log',
      'Allow logs:PutLogEvents log',
      'Allow secretsmanager:GetSecretValue provider secret',
    ]);
  });

  it('is there for a provider that sends receipts, and for no other', () => {
    const silent = synthesise(stageWith('qa', [aggregator({ receipts: undefined })]));
    for (const { api } of [plain, silent]) {
      expect(Object.keys(functions(api))).not.toContain('smsreceipts');
      expect(JSON.stringify(api)).not.toContain('receipts');
    }
    const paths = resources(stage.api, 'AWS::ApiGateway::Resource');
    expect(paths.map(([, { Properties }]) => Properties['PathPart'])).toContain('{provider}');
  });
});

describe('a configuration of providers', () => {
  const refusal =
    (...providers: Parameters<typeof stageWith>[1]) =>
    () =>
      stageWith('qa', providers);

  it('has SNS at a bounded price where it says nothing', () => {
    expect(stageWith('qa', [{ kind: 'sns' }]).sms.providers).toEqual([
      { kind: 'sns', maxPriceUsd: 0.2 },
    ]);
  });

  it('fills in the defaults of an aggregator', () => {
    expect(stageWith('qa', [aggregator()]).sms.providers[0]).toMatchObject({
      ...{ method: 'POST', timeoutMs: 5000, headers: {} },
      authorization: { header: 'authorization', key: 'agg' },
      receipts: { signatureHeader: 'x-hawiya-signature', timestampHeader: 'x-hawiya-timestamp' },
    });
  });

  const wrong: [string, Parameters<typeof aggregator>[0]][] = [
    ['must be https', { url: 'http://sms.example/' }],
    ['must be https', { url: 'http://127.0.0.1:1/' }],
    ['{{code}} is no placeholder', { body: '{"a":"{{phone}}{{body}}{{code}}"}' }],
    ['has no {{phone}}', { body: '{"a":"{{body}}"}' }],
    ['has no {{body}}', { body: '{"a":"{{phone}}"}' }],
    ['is no JSON', { body: '{"a":"{{phone}}","b":{{body}}}' }],
    ['is no JSON', { body: 'to={{phone}}&body={{body}}' }],
    ['timeoutMs', { timeoutMs: 20_000 }],
    ['statuses', { success: { statuses: [] } }],
    ['name', { name: 'sns' }],
    ['name', { name: 'a b' }],
    ['authorization', { authorization: { header: 'Authorization', key: 'agg' } }],
    [
      'both delivered and failed',
      {
        receipts: {
          ...{ key: 'k', reference: 'r', status: 's', delivered: ['x'], failed: ['x'] },
        },
      },
    ],
  ];
  it.each(wrong)('is refused with a reason: %s', (reason, partial) => {
    expect(refusal(aggregator(partial))).toThrow(reason);
  });

  it('is refused without a provider, with two of a name, and with too many for one function', () => {
    expect(refusal()).toThrow('sms.providers');
    expect(refusal({ kind: 'sns' }, { kind: 'sns' })).toThrow('different names');
    expect(refusal(aggregator(), aggregator())).toThrow('different names');
    const five = ['aa', 'bb', 'cc', 'dd', 'ee'].map((name) => aggregator({ name }));
    expect(refusal(...five)).toThrow('sms.providers');
  });

  it('may be plain HTTP on this machine in the stage that runs on it', () => {
    const url = 'http://127.0.0.1:9/';
    expect(() => stageWith('local', [aggregator({ url })])).not.toThrow();
    expect(() => stageWith('local', [aggregator({ url: 'http://10.0.0.1/' })])).toThrow('https');
  });
});
