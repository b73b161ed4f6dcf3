import { afterEach, describe, expect, it, vi } from 'vitest';
import { leaseSeconds } from '#core/challenge/claim-ticket.ts';
import { settingsAsJson } from '../../lib/bundles/function-bundles.ts';
import { functionSettings } from '../../lib/config/function-settings.ts';
import { prod } from '../../lib/config/stages/prod.ts';
import {
  functions,
  only,
  type Properties,
  resources,
  stages,
  target,
} from '../support/infra/synth.ts';

const stage = stages.prod();
const { api } = stage;
const folders = [
  'account',
  'information',
  'password-reset',
  'registration',
  'session',
  'sms-sender',
  'account-security',
  'event-publisher',
  'authenticators',
  'transaction',
  'verification',
];
const propertiesOf = (folder: string) => functions(api)[folder.replace('-', '')]?.Properties ?? {};

describe('every function', () => {
  it('is listed here', () => {
    expect(Object.keys(functions(api)).sort()).toEqual(
      folders.map((f) => f.replace('-', '')).sort(),
    );
  });

  it.each(folders)('%s runs on Node 24 and logs JSON to a group of its own', (folder) => {
    expect(propertiesOf(folder)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: { LogFormat: 'JSON' },
    });
  });

  it('keeps its log a year in prod (NCA ECC-2:2024 2-12-3-5)', () => {
    const logs = resources(api, 'AWS::Logs::LogGroup');
    expect(logs).toHaveLength(folders.length);
    expect(logs.every(([, { Properties }]) => Properties['RetentionInDays'] === 365)).toBe(true);
  });

  it('that answers HTTP times out before its lease and before the gateway', () => {
    for (const folder of folders.filter((name) => name !== 'sms-sender')) {
      const { Timeout } = propertiesOf(folder);
      expect(Timeout, folder).toBe(10);
      expect(Timeout).toBeLessThan(leaseSeconds);
      expect(Timeout).toBeLessThan(29);
    }
  });
});

type Variables = Readonly<Record<string, string>>;

describe('the environment of every function', () => {
  const settings = functionSettings(prod);
  const json: Variables = settingsAsJson(settings);

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  /** The variables of the template, with references filled in. */
  function variablesOf(folder: string): Variables {
    const { Variables } = (propertiesOf(folder)['Environment'] ?? { Variables: {} }) as {
      Variables: object;
    };
    const filled = Object.entries(Variables).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? value : target(stage, value),
    ]);
    return Object.fromEntries(filled);
  }

  async function load(folder: string, variables: Variables, given: Variables) {
    vi.resetModules();
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    vi.stubGlobal('SETTINGS', given);
    try {
      const { env } = (await import(`../../lambdas/functions/${folder}/env.ts`)) as { env: object };
      return env;
    } finally {
      vi.unstubAllEnvs();
      vi.unstubAllGlobals();
    }
  }

  it.each(folders)('%s is what its env.ts names, and the rest are settings', async (folder) => {
    const variables = variablesOf(folder);
    const env = await load(folder, variables, json);
    expect(Object.keys(env)).toEqual(expect.arrayContaining(Object.keys(variables)));
    for (const name of Object.keys(variables)) {
      const { [name]: _, ...rest } = variables;
      await expect(load(folder, rest, json), `without ${name}`).rejects.toThrow(name);
    }
    const used = Object.fromEntries(Object.entries(env).filter(([name]) => !(name in variables)));
    expect(settings).toMatchObject(used);
  });

  it('names the table, secrets, pool and client of the stage, and no setting', () => {
    const all = Object.assign({}, ...folders.map(variablesOf)) as Variables;
    expect(all).toMatchObject({
      TABLE_NAME: 'AWS::DynamoDB::GlobalTable.Ref',
      CODES_SECRET_ARN: 'AWS::SecretsManager::Secret.Ref',
      TAGS_SECRET_ARN: 'AWS::SecretsManager::Secret.Ref',
      USER_POOL_ID: 'AWS::Cognito::UserPool.Ref',
      CLIENT_ID: 'AWS::Cognito::UserPoolClient.Ref',
    });
    expect(Object.keys(settings).filter((name) => name in all)).toEqual([]);
  });
});

describe('the alarms', () => {
  it('are raised by the first open breaker, of money or of guessing, and by the first lost notice', () => {
    const alarms = resources(api, 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .filter(({ Namespace }) => Namespace === 'Hawiya');
    expect(alarms.map(({ MetricName }) => MetricName).sort()).toEqual([
      'EventMalformed',
      'ForgedPhone',
      'GuessingBreakerOpened',
      'NoticeFailed',
      'SmsBreakerOpened',
    ]);
    for (const alarm of alarms) expect(alarm).toMatchObject({ Threshold: 1 });
  });

  it('are raised by the first dead letter of SMS and of events', () => {
    const lost = resources(api, 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .filter(({ Namespace }) => Namespace === 'AWS/SQS');
    for (const queue of ['SmsDeadLetters', 'EventsDeadLetters']) {
      expect(lost.filter((alarm) => JSON.stringify(alarm).includes(queue))).toMatchObject([
        {
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Threshold: 1,
          EvaluationPeriods: 1,
        },
      ]);
    }
  });
});

describe('the outbox', () => {
  const sources = resources(api, 'AWS::Lambda::EventSourceMapping').map(([, it]) => it.Properties);
  const isOf = (name: string, { FunctionName }: Properties) =>
    api.Resources[(FunctionName as { Ref: string }).Ref] === functions(api)[name];
  const streams = sources.filter((it) => it['StartingPosition']);
  const source = streams.find((it) => isOf('smssender', it)) ?? {};
  const retries = sources.find((it) => !it['StartingPosition']) ?? {};
  const queue = (name: string) =>
    resources(api, 'AWS::SQS::Queue').find(([id]) => id.startsWith(name))?.[1].Properties;

  it('feeds the stream of the table to sms-sender', () => {
    expect(target(stage, source['EventSourceArn'])).toBe('AWS::DynamoDB::GlobalTable.StreamArn');
    const { Ref } = source['FunctionName'] as { Ref: string };
    expect(api.Resources[Ref]).toBe(functions(api)['smssender']);
    expect(source['StartingPosition']).toBe('TRIM_HORIZON');
  });

  it('shares the stream with one pipe: more than two readers throttle each other', () => {
    expect([streams.length, resources(api, 'AWS::Pipes::Pipe').length]).toEqual([1, 1]);
  });

  it('starts the sender only for challenges that owe a send or were just verified, and for written accounts', () => {
    const { Filters } = source['FilterCriteria'] as { Filters: { Pattern: string }[] };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      {
        eventName: ['INSERT', 'MODIFY'],
        dynamodb: { NewImage: { outbox: { N: [{ exists: true }] } } },
      },
      {
        eventName: ['MODIFY'],
        dynamodb: { NewImage: { status: { S: ['verified'] }, uses: { N: ['0'] } } },
      },
      // No attribute of the account: an attacker would write that attribute first.
      {
        eventName: ['MODIFY', 'REMOVE'],
        dynamodb: { Keys: { pk: { S: [{ prefix: 'account#' }] } } },
      },
    ]);
  });

  it('is not blocked by a poison record: partial failures, bisecting, a maximum age, a dead-letter queue', () => {
    expect(source).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      // Retries are limited by age only: an outage shorter than the code's life loses nothing.
      MaximumRetryAttempts: -1,
    });
    const { OnFailure } = source['DestinationConfig'] as { OnFailure: { Destination: unknown } };
    expect(target(stage, OnFailure.Destination)).toBe('AWS::SQS::Queue.Arn');
  });

  it('gives up a minute after the code expired: the sender marks what it did not send as failed', () => {
    expect(source['MaximumRecordAgeInSeconds']).toBe(prod.limits.codeSeconds + 60);
    expect(propertiesOf('sms-sender')['Timeout']).toBeLessThan(prod.limits.codeSeconds);
  });

  it('retries failed sends from a queue with its own concurrency, until the code expires', () => {
    expect(JSON.stringify(retries['EventSourceArn'])).toContain('SmsRetries');
    expect(retries['FunctionName']).toEqual(source['FunctionName']);
    expect(retries).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
    const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = queue('SmsRetries') ?? {};
    // A shorter timeout would show a message again while it is processed.
    expect(VisibilityTimeout).toBeGreaterThan(Number(propertiesOf('sms-sender')['Timeout']));
    // A notice waits up to a quarter of an hour, the longest delay of SQS.
    expect(MessageRetentionPeriod).toBeGreaterThan(4 * 900);
    const { deadLetterTargetArn } = RedrivePolicy as { deadLetterTargetArn: unknown };
    expect(JSON.stringify(deadLetterTargetArn)).toContain('SmsDeadLetters');
  });

  it('keeps dead letters for two weeks, encrypted, and reachable by TLS only', () => {
    expect(queue('SmsDeadLetters')).toEqual({
      MessageRetentionPeriod: 14 * 24 * 3600,
      SqsManagedSseEnabled: true,
    });
    const policies = resources(api, 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(resources(api, 'AWS::SQS::Queue').length);
    for (const [, { Properties }] of policies) {
      expect(Properties['PolicyDocument']).toMatchObject({
        Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      });
    }
  });
});

describe('the publishing of security events', () => {
  const pipe = only(api, 'AWS::Pipes::Pipe').Properties;
  const source = pipe['SourceParameters'] as {
    DynamoDBStreamParameters: { DeadLetterConfig: object };
    FilterCriteria: { Filters: { Pattern: string }[] };
  };

  it('takes only new events from the stream of the table to event-publisher', () => {
    expect(target(stage, pipe['Source'])).toBe('AWS::DynamoDB::GlobalTable.StreamArn');
    expect(source.FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'event#' }] } } } },
    ]);
    const [id = ''] = (pipe['Target'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
    expect(api.Resources[id]).toBe(functions(api)['eventpublisher']);
  });

  it('hands over as many events as PutEvents takes at once, waits for the answer and retries failed ones', () => {
    expect(source.DynamoDBStreamParameters).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10,
      OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
      MaximumRetryAttempts: -1,
    });
    expect(pipe['TargetParameters']).toEqual({
      LambdaFunctionParameters: { InvocationType: 'REQUEST_RESPONSE' },
    });
  });

  it('gives up before the stream’s retention ends, into a dead-letter queue', () => {
    expect(source.DynamoDBStreamParameters).toMatchObject({
      MaximumRecordAgeInSeconds: 23 * 3600,
    });
    const { DeadLetterConfig } = source.DynamoDBStreamParameters;
    expect(JSON.stringify(DeadLetterConfig)).toContain('EventsDeadLetters');
  });

  it('raises an alarm when the pipe fails: AWS may stop it, and a stopped pipe writes no dead letters', () => {
    const alarms = resources(api, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    const [pipeId] = resources(api, 'AWS::Pipes::Pipe')[0] ?? [];
    expect(alarms.filter(({ Namespace }) => Namespace === 'AWS/EventBridge/Pipes')).toMatchObject([
      {
        MetricName: 'ExecutionFailed',
        Threshold: 1,
        Dimensions: [{ Name: 'PipeName', Value: { Ref: pipeId } }],
      },
    ]);
  });
});
