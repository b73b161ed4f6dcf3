import { describe, expect, it } from 'vitest';
import { statementsOfRole } from '../support/infra/iam-statements.ts';
import { functions, resources, stages, synthesise } from '../support/infra/synth.ts';
import { aggregator, stageWith } from '../support/world/stage-with-provider.ts';

const stage = synthesise(stageWith('qa', [aggregator(), { kind: 'sns' }]));
const plain = stages.prod();

describe('a provider that is reached by HTTP', () => {
  it('lets the sender read its keys, in addition to its other rights', () => {
    const more = statementsOfRole(stage, 'smssender').filter(
      (right) => !statementsOfRole(plain, 'smssender').includes(right),
    );
    expect(more).toEqual(['Allow secretsmanager:GetSecretValue provider secret']);
    for (const right of statementsOfRole(plain, 'smssender')) {
      expect(statementsOfRole(stage, 'smssender')).toContain(right);
    }
  });

  it('removes the right to send through SNS when SNS is no provider', () => {
    const alone = synthesise(stageWith('qa', [aggregator()]));
    expect(statementsOfRole(alone, 'smssender').filter((right) => right.includes('sns'))).toEqual(
      [],
    );
  });

  it('changes no other function’s rights', () => {
    for (const name of Object.keys(functions(plain.api)).filter((n) => n !== 'smssender')) {
      expect(statementsOfRole(stage, name), name).toEqual(statementsOfRole(plain, name));
    }
  });

  it.each([
    ['ProviderKeys', 'unused'],
    ['SmsReceiptKeys', 'receipts'],
  ])('gets a secret %s that outlives the stack and contains only a random %s', (name, key) => {
    const secrets = resources(stage.data, 'AWS::SecretsManager::Secret');
    const [, secret] = secrets.find(([id]) => id.startsWith(name)) ?? [];
    expect(secret).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(secret?.Properties['GenerateSecretString']).toMatchObject({
      SecretStringTemplate: '{}',
      GenerateStringKey: key,
      PasswordLength: 64,
    });
    const ids = resources(plain.data, 'AWS::SecretsManager::Secret').map(([id]) => id);
    expect(ids.filter((id) => id.startsWith(name))).toEqual([]);
  });

  it('keeps its secrets when the configuration changes, because keys were put in by hand', () => {
    const changed = synthesise(
      stageWith('qa', [
        aggregator({ receipts: { ...aggregator().receipts, key: 'other' } as never }),
        aggregator({ name: 'second', receipts: undefined }),
      ]),
    );
    const secrets = ({ data }: typeof stage) => resources(data, 'AWS::SecretsManager::Secret');
    expect(secrets(changed)).toEqual(secrets(stage));
  });

  it('has no key in any template', () => {
    const environment = functions(stage.api)['smssender']?.Properties['Environment'];
    expect(environment).toHaveProperty('Variables.PROVIDER_SECRET_ARN');
    expect(JSON.stringify(stage)).not.toContain('resolve:secretsmanager');
  });
});

describe('the webhook for receipts', () => {
  it('may write what a receipt changes and read the receipts’ keys, and nothing else', () => {
    expect(statementsOfRole(stage, 'smsreceipts')).toEqual([
      'Allow dynamodb:UpdateItem table challenge notice (pk sk status expiresAt sends round asked delivery provider outbox failedBy)',
      'Allow logs:CreateLogStream log',
      'Allow logs:PutLogEvents log',
      'Allow secretsmanager:GetSecretValue receipt secret',
    ]);
  });

  it('exists only for a provider that sends receipts', () => {
    const silent = synthesise(stageWith('qa', [aggregator({ receipts: undefined })]));
    for (const { api } of [plain, silent]) {
      expect(Object.keys(functions(api))).not.toContain('smsreceipts');
      expect(JSON.stringify(api)).not.toContain('receipts');
    }
    const secrets = resources(silent.data, 'AWS::SecretsManager::Secret');
    expect(secrets.filter(([id]) => id.startsWith('SmsReceiptKeys'))).toEqual([]);
    const paths = resources(stage.api, 'AWS::ApiGateway::Resource');
    expect(paths.map(([, { Properties }]) => Properties['PathPart'])).toContain('{provider}');
  });
});

describe('a configuration of providers', () => {
  const refusal =
    (...providers: Parameters<typeof stageWith>[1]) =>
    () =>
      stageWith('qa', providers);

  it('has SNS with a maximum price by default', () => {
    expect(stageWith('qa', [{ kind: 'sns' }]).sms.providers).toEqual([
      { kind: 'sns', maxPriceUsd: 0.2 },
    ]);
  });

  it('fills in the defaults of an aggregator', () => {
    expect(stageWith('qa', [aggregator()]).sms.providers[0]).toMatchObject({
      method: 'POST',
      timeoutMs: 5000,
      headers: {},
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
    ['refusal', { refusal: undefined as never }],
    ['name', { name: 'sns' }],
    ['name', { name: 'a b' }],
    ['authorization', { authorization: { header: 'Authorization', key: 'agg' } }],
    [
      'both delivered and failed',
      {
        receipts: {
          key: 'k',
          reference: 'r',
          status: 's',
          delivered: ['x'],
          failed: ['x'],
        },
      },
    ],
  ];
  it.each(wrong)('is refused with a reason: %s', (reason, partial) => {
    expect(refusal(aggregator(partial))).toThrow(reason);
  });

  it('is refused without a provider, with two of one name, and with too many for one function', () => {
    expect(refusal()).toThrow('sms.providers');
    expect(refusal({ kind: 'sns' }, { kind: 'sns' })).toThrow('different names');
    expect(refusal(aggregator(), aggregator())).toThrow('different names');
    const five = ['aa', 'bb', 'cc', 'dd', 'ee'].map((name) => aggregator({ name }));
    expect(refusal(...five)).toThrow('sms.providers');
  });

  it('is refused when the key of a webhook has another use', () => {
    const alone = 'must be a key that nothing else uses';
    const receipts = { key: 'shared', reference: 'r', status: 's', delivered: ['d'] };
    const [one, two] = ['one', 'two'].map((name) => aggregator({ name, receipts }));
    if (!one || !two) throw new Error('there are two');
    expect(refusal(one, two)).toThrow(alone);
    expect(refusal({ ...one, authorization: { key: 'shared' } })).toThrow(alone);
    expect(refusal(one, { ...aggregator(), authorization: { key: 'shared' } })).toThrow(alone);
    const body = '{"to":"{{phone}}","text":"{{body}}","key":"{{secret:shared}}"}';
    expect(refusal({ ...aggregator(), body }, one)).toThrow(alone);
    expect(refusal(one, { ...two, receipts: { ...receipts, key: 'own' } })).not.toThrow();
  });

  it('may use plain HTTP on the stage that runs on this machine', () => {
    const url = 'http://127.0.0.1:9/';
    expect(() => stageWith('local', [aggregator({ url })])).not.toThrow();
    expect(() => stageWith('local', [aggregator({ url: 'http://10.0.0.1/' })])).toThrow('https');
  });
});
