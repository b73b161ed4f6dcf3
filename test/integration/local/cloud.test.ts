import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sms } from '../../../local/aws/aws-services.ts';
import { createClock } from '../../../local/clock.ts';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { fixture } from '../../support/world/fixture-cloud.ts';

/** Milliseconds after which a wait gives up. A green run never waits this long. */
const lastResort = 300_000;

interface CallResult {
  output?: Record<string, unknown>;
  error?: { name: string; message: string; status?: number };
}

const tableName = 'fixture-Table';
const messages: Sms[] = [];
const lines: string[] = [];
const clock = createClock();
let cloud: Cloud;

beforeAll(async () => {
  cloud = await startCloud({
    templates: [fixture],
    clock,
    onSms: (sms) => void messages.push(sms),
    onLog: ({ functionName, line }) => lines.push(`${functionName}: ${line}`),
  });
});

afterAll(() => cloud?.stop());

afterEach(() => {
  cloud.hooks.onCall = undefined;
  cloud.hooks.onAnswer = undefined;
});

/** Lets a function make one AWS call. */
async function call(service: string, operation: string, input: object): Promise<CallResult> {
  const outcome = await cloud.invoke('caller', { service, operation, input });
  if (!outcome.ok) throw new Error(outcome.errorMessage);
  return outcome.value as CallResult;
}

function put(pk: string, more: object = {}): Promise<CallResult> {
  const Item = { pk: { S: pk }, ...more };
  return call('dynamodb', 'PutItem', { TableName: tableName, Item });
}

describe("a function's AWS calls", () => {
  it('reach the table when the role allows them', async () => {
    await put('own#1', { note: { S: 'hello' } });
    const Key = { pk: { S: 'own#1' } };
    const { output } = await call('dynamodb', 'GetItem', { TableName: tableName, Key });
    expect(output).toMatchObject({ Item: { note: { S: 'hello' } } });
  });

  it('are refused as AWS refuses them, and the log names the missing statement', async () => {
    const { error } = await call('dynamodb', 'Scan', { TableName: tableName });
    const arn = `arn:aws:dynamodb:me-south-1:000000000000:table/${tableName}`;
    expect(error).toEqual({
      name: 'AccessDeniedException',
      status: 400,
      message: `User: arn:aws:sts::000000000000:assumed-role/fixture-callerRole/caller is not authorized to perform: dynamodb:Scan on resource: ${arn} because no identity-based policy allows the dynamodb:Scan action`,
    });
    expect(lines).toContain(
      `caller: Access denied: the role of caller lacks a statement that allows dynamodb:Scan on ${arn}`,
    );
  });

  it('are limited to the leading keys of the policy', async () => {
    expect((await put('other#1')).error?.name).toBe('AccessDeniedException');
    expect(lines.at(-1)).toContain('with LeadingKeys other#1');
  });

  it('need permission for every item of a transaction', async () => {
    const item = (pk: string) => ({ Put: { TableName: tableName, Item: { pk: { S: pk } } } });
    const transact = (...pks: string[]) =>
      call('dynamodb', 'TransactWriteItems', { TransactItems: pks.map(item) });
    expect((await transact('own#2', 'shared#2')).error).toBeUndefined();
    expect((await transact('own#3', 'other#3')).error?.name).toBe('AccessDeniedException');
  });

  it('read the secret that the template describes', async () => {
    const [SecretId] = cloud.secrets.arns;
    const { output } = await call('secrets', 'GetSecretValue', { SecretId });
    expect(output?.['SecretString']).toMatch(/^[A-Za-z0-9]{40}$/);
  });

  it('send an SMS to the inbox, and may not publish to a topic', async () => {
    const sms = { PhoneNumber: '+966501234567', Message: 'رمز & <code>' };
    const senderId = { DataType: 'String', StringValue: 'HAWIYA' };
    const MessageAttributes = { 'AWS.SNS.SMS.SenderID': senderId };
    await call('sns', 'Publish', { ...sms, MessageAttributes });
    expect(messages.at(-1)).toEqual({
      phone: sms.PhoneNumber,
      body: sms.Message,
      senderId: 'HAWIYA',
    });
    const TopicArn = 'arn:aws:sns:me-south-1:000000000000:topic';
    const { error } = await call('sns', 'Publish', { TopicArn, Message: 'no' });
    expect(error).toMatchObject({ name: 'AuthorizationErrorException', status: 403 });
    expect(error?.message).toContain('with an explicit deny in an identity-based policy');
  });

  it('pass unsigned to Cognito where an operation takes a token instead of credentials', async () => {
    const seen = vi.fn();
    cloud.hooks.onCall = seen;
    const input = { RefreshToken: 'nonsense', ClientId: cloud.clientId };
    const { error } = await call('cognito', 'GetTokensFromRefreshToken', input);
    expect(error?.name).toBe('NotAuthorizedException');
    expect(seen).toHaveBeenCalledWith(
      expect.objectContaining({ functionName: 'caller', actions: [], request: input }),
    );
  });

  it('are limited to the pool and the operation in Cognito', async () => {
    const input = { UserPoolId: cloud.userPoolId, Username: 'nobody' };
    const get = await call('cognito', 'AdminGetUser', input);
    expect(get.error?.name).toBe('UserNotFoundException');
    const remove = await call('cognito', 'AdminDeleteUser', input);
    expect(remove.error?.name).toBe('AccessDeniedException');
  });

  it('are refused with an unknown access key', async () => {
    const response = await fetch(cloud.endpoints.aws, {
      method: 'POST',
      headers: {
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        authorization: 'AWS4-HMAC-SHA256 Credential=ASIASTRANGER/2026',
      },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'com.amazon.coral.service#UnrecognizedClientException',
    });
  });

  it('fail with the error a hook throws', async () => {
    cloud.hooks.onCall = () => {
      throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    };
    expect((await put('own#4')).error).toMatchObject({ name: 'ThrottlingException', status: 500 });
  });
});

describe('a sandbox', () => {
  it('has the environment of its template and nothing of the host’s', async () => {
    const outcome = await cloud.invoke('waiter', {});
    const { environment } = (outcome as { value: { environment: Record<string, string> } }).value;
    expect(environment).toMatchObject({ TABLE_NAME: tableName, AWS_REGION: 'me-south-1' });
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['PATH']));
  });

  it('runs invocations at the same time', async () => {
    const started = performance.now();
    await Promise.all([1, 2, 3].map(() => cloud.invoke('waiter', { milliseconds: 300 })));
    expect(performance.now() - started).toBeLessThan(700);
  });

  it('ends at its timeout, and the next call gets a new sandbox', async () => {
    const outcome = await cloud.invoke('waiter', { milliseconds: 60_000 });
    expect(outcome).toMatchObject({
      ok: false,
      errorMessage: expect.stringContaining('Task timed out after 2.00 seconds'),
    });
    expect(await cloud.invoke('waiter', {})).toMatchObject({ ok: true });
  });

  it('fails its invocation when it is killed, and the next call gets a new sandbox', async () => {
    const pending = cloud.invoke('waiter', { milliseconds: 1500 });
    await cloud.kill('waiter');
    expect(await pending).toMatchObject({
      ok: false,
      errorMessage: expect.stringContaining('Runtime exited'),
    });
    expect(await cloud.invoke('waiter', {})).toMatchObject({ ok: true });
  });

  it('leaves no trace of a call when it is killed before the call is forwarded', async () => {
    cloud.hooks.onCall = () => cloud.kill('caller');
    await expect(put('own#killed-before')).rejects.toThrow('Runtime exited');
    cloud.hooks.onCall = undefined;
    expect(await read('own#killed-before')).toBeUndefined();
  });

  it('never learns the result of a call when it is killed after the call was done', async () => {
    cloud.hooks.onAnswer = () => cloud.kill('caller');
    await expect(put('own#killed-after')).rejects.toThrow('Runtime exited');
    cloud.hooks.onAnswer = undefined;
    expect(await read('own#killed-after')).toBeDefined();
  });

  async function read(pk: string) {
    const Key = { pk: { S: pk } };
    return (await call('dynamodb', 'GetItem', { TableName: tableName, Key })).output?.['Item'];
  }
});

describe('the stream', () => {
  it("brings a function the records that pass the filter, in Lambda's format", async () => {
    await put('own#quiet');
    await put('own#news', { outbox: { N: '1' }, bytes: { B: Buffer.from('hi') } });
    const line = await logged((text) => text.includes('"received"') && text.includes('own#news'));
    const { first } = JSON.parse(line.replace('consumer: ', '')).message;
    expect(first).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      awsRegion: 'me-south-1',
      eventSourceARN: expect.stringContaining(
        ':me-south-1:000000000000:table/fixture-Table/stream/',
      ),
      dynamodb: { Keys: { pk: { S: 'own#news' } }, NewImage: { outbox: { N: '1' } } },
    });
    const age = Date.now() / 1000 - first.dynamodb.ApproximateCreationDateTime;
    expect(age).toBeLessThan(5);
    expect(lines.filter((text) => text.includes('own#quiet'))).toEqual([]);
  });

  it('brings the old item along with the new one', async () => {
    const received = (text: string) => text.includes('"received"') && text.includes('own#twice');
    await put('own#twice', { outbox: { N: '1' } });
    await logged(received);
    await put('own#twice', { outbox: { N: '2' } });
    const line = await logged((text) => received(text) && text.includes('MODIFY'));
    const { first } = JSON.parse(line.replace('consumer: ', '')).message;
    expect(first.dynamodb).toMatchObject({
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      NewImage: { outbox: { N: '2' } },
      OldImage: { outbox: { N: '1' } },
    });
  });

  it('gives up a poison record after its retries, copies no data of it, and continues', async () => {
    await put('own#poison', { outbox: { N: '1' }, poison: { BOOL: true } });
    await put('own#after', { outbox: { N: '1' } });
    await logged((text) => text.includes('own#after'));
    const [letter] = await deadLetters(1);
    expect(letter).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      DDBStreamBatchInfo: { streamArn: expect.stringContaining('fixture-Table') },
    });
    expect(JSON.stringify(letter)).not.toContain('own#poison');
  });

  it('gives up a record that is too old', async () => {
    const before = cloud.deadLetters[0]?.messages.length ?? 0;
    await put('own#stale', { outbox: { N: '1' }, poison: { BOOL: true }, slow: { BOOL: true } });
    await logged((text) => text.includes('own#stale'));
    clock.advance(301);
    const letters = await deadLetters(before + 1);
    clock.reset();
    expect(letters.at(-1)?.requestContext.condition).toBe('RecordAgeExceeded');
  });

  function deadLetters(count: number) {
    return vi.waitFor(() => {
      const messages = cloud.deadLetters[0]?.messages ?? [];
      expect(messages.length).toBeGreaterThanOrEqual(count);
      return messages;
    }, lastResort);
  }

  function logged(matches: (text: string) => boolean): Promise<string> {
    return vi.waitFor(() => {
      const line = lines.find(matches);
      if (line === undefined) throw new Error('No such line yet');
      return line;
    }, lastResort);
  }
});

describe('stopping', () => {
  it('leaves no process and no listening socket', async () => {
    const port = `-port ${new URL(cloud.endpoints.dynamodb).port} `;
    expect(processes().filter((line) => line.includes(port))).not.toEqual([]);
    await cloud.stop();
    expect(processes().filter((line) => line.includes(port))).toEqual([]);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap')).toEqual([]);
  });

  function processes(): string[] {
    return execFileSync('ps', ['-eo', 'args=']).toString().split('\n');
  }
});
