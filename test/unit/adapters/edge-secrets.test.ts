import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { createEdgeSecrets } from '../../../lambdas/adapters/secrets/edge-secrets.ts';
import { fakeClock } from '../../support/fakes/clock.ts';

const mocked = mockClient(SecretsManagerClient);
const client = new SecretsManagerClient({ region: 'me-south-1' });
const [one, two] = ['1', '2'].map((digit) => digit.repeat(64)) as [string, string];
const holds = (values: object) =>
  mocked.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify(values) });
const reads = () => mocked.commandCalls(GetSecretValueCommand).length;

let clock: ReturnType<typeof fakeClock>;
let secrets: ReturnType<typeof createEdgeSecrets>;
beforeEach(() => {
  mocked.reset();
  clock = fakeClock();
  secrets = createEdgeSecrets({ client, secretArn: 'arn', clock });
});

it('the edge secrets are read once for parallel requests and again after five minutes: added secrets count, removed ones no longer do', async () => {
  holds({ 1: one });
  expect(await Promise.all([secrets(), secrets()])).toEqual([[one], [one]]);
  holds({ 1: one, 2: two });
  clock.advance(299);
  expect(await secrets()).toEqual([one]);
  expect(reads()).toBe(1);
  clock.advance(1);
  expect(await secrets()).toEqual([one, two]);
  holds({ 2: two });
  clock.advance(300);
  expect(await secrets()).toEqual([two]);
});

it('the edge secrets stay in use when a later reading fails; the retry comes after five minutes and delays no other request', async () => {
  holds({ 1: one });
  await secrets();
  mocked.on(GetSecretValueCommand).rejects(new Error('down'));
  clock.advance(300);
  expect(await Promise.all([secrets(), secrets(), secrets()])).toEqual([[one], [one], [one]]);
  expect(await secrets()).toEqual([one]);
  expect(reads()).toBe(2);
  holds({ 2: two });
  clock.advance(300);
  expect(await secrets()).toEqual([two]);
});

it('each request asks for the edge secrets until the first reading succeeds', async () => {
  mocked
    .on(GetSecretValueCommand)
    .rejectsOnce(new Error('down'))
    .resolves({
      SecretString: JSON.stringify({ 1: one }),
    });
  await expect(secrets()).rejects.toThrow('down');
  expect(await secrets()).toEqual([one]);
});

it('an edge secret has 32 characters or more: an empty or short value lets no caller in', async () => {
  holds({ 1: one, 2: 'short', 3: 'x'.repeat(31) });
  expect(await secrets()).toEqual([one]);
});

it('an error never contains an edge secret', async () => {
  for (const value of ['hidden', '["hidden"]', '{"1":7}', '{"1":""}', '']) {
    mocked.on(GetSecretValueCommand).resolves({ SecretString: value });
    await expect(secrets()).rejects.toThrow(/^The secret of the edge is malformed$/);
  }
});
