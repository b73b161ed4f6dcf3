import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClock, type LocalClock } from '../../../local/clock.ts';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { fixture } from '../../support/world/fixture-cloud.ts';

let dataDir: string;
let cloud: Cloud;
let lines: string[];
let clock: LocalClock;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hawiya-data-'));
});

afterEach(async () => {
  await cloud.stop();
  await rm(dataDir, { recursive: true });
});

async function start() {
  lines = [];
  clock = createClock();
  cloud = await startCloud({
    templates: [fixture],
    dataDir,
    clock,
    onLog: ({ line }) => void lines.push(line),
  });
}

function call(operation: string, input: object) {
  const event = { service: 'dynamodb', operation, input: { TableName: 'fixture-Table', ...input } };
  return cloud.invoke('caller', event);
}

function news(pk: string) {
  return call('PutItem', { Item: { pk: { S: pk }, outbox: { N: '1' } } });
}

function received(pk: string) {
  return vi.waitFor(() => expect(lines.join()).toContain(pk), 5000);
}

/** A MAC of the fixture's one KMS key. */
function macOf({ kmsKeys: { arns, get } }: Cloud): string {
  const [arn = '', ...more] = arns;
  expect(more).toEqual([]);
  const mac = get(arn)?.mac(Buffer.from('a message'));
  if (!mac) throw new Error('There is no KMS key');
  return mac.toString('hex');
}

it('a data directory keeps items, pool, secrets and KMS keys, and delivers nothing twice', async () => {
  await start();
  await news('own#before');
  await received('own#before');
  const { userPoolId, clientId, secrets } = cloud;
  const [secretArn = ''] = secrets.arns;
  const secret = secrets.get(secretArn);
  const mac = macOf(cloud);
  // The checkpoint is written after the function has answered.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await cloud.stop();

  await start();
  expect(cloud).toMatchObject({ userPoolId, clientId });
  expect(cloud.secrets.get(secretArn)).toEqual(secret);
  expect(macOf(cloud)).toEqual(mac);
  expect(await call('GetItem', { Key: { pk: { S: 'own#before' } } })).toMatchObject({
    value: { output: { Item: { outbox: { N: '1' } } } },
  });
  await news('own#later');
  await received('own#later');
  expect(lines.join()).not.toContain('own#before');
});

it('a data directory keeps queued messages and their due times', async () => {
  await start();
  const input = { QueueUrl: cloud.queues.find(({ queueName }) => queueName.endsWith('Jobs'))?.url };
  const send = (more: object) =>
    cloud.invoke('caller', {
      service: 'sqs',
      operation: 'SendMessage',
      input: { ...input, ...more },
    });
  await send({ MessageBody: 'delivered before' });
  await received('delivered before');
  await send({ MessageBody: 'due after', DelaySeconds: 600 });
  await cloud.stop();

  await start();
  clock.advance(600);
  await received('due after');
  expect(lines.join()).not.toContain('delivered before');
});
