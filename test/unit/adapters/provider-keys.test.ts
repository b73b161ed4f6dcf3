import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { createProviderKeys } from '../../../lambdas/adapters/secrets/provider-keys.ts';
import { fakeClock } from '../../support/fakes/clock.ts';

const secrets = mockClient(SecretsManagerClient);
const client = new SecretsManagerClient({ region: 'me-south-1' });
const holds = (value: string) =>
  secrets.on(GetSecretValueCommand).resolves({ SecretString: value });
const reads = () => secrets.commandCalls(GetSecretValueCommand).length;

let clock: ReturnType<typeof fakeClock>;
let keys: ReturnType<typeof createProviderKeys>;
beforeEach(() => {
  secrets.reset();
  clock = fakeClock();
  keys = createProviderKeys({ client, secretArn: 'arn', clock });
});

it('the provider keys are read once for all keys and requests, and again after five minutes', async () => {
  holds('{"a":"1","b":"2"}');
  expect(await Promise.all([keys('a'), keys('b')])).toEqual(['1', '2']);
  holds('{"a":"3"}');
  clock.advance(299);
  expect(await keys('a')).toBe('1');
  expect(reads()).toBe(1);
  clock.advance(1);
  expect(await keys('a')).toBe('3');
});

it('the provider keys are read again after a failed reading', async () => {
  secrets.on(GetSecretValueCommand).rejectsOnce(new Error('down')).resolves({
    SecretString: '{"a":"1"}',
  });
  await expect(keys('a')).rejects.toThrow('down');
  expect(await keys('a')).toBe('1');
});

it('an error names the missing key and never quotes the secret', async () => {
  holds('{"a":"hidden"}');
  await expect(keys('b')).rejects.toThrow('has no key b');
  await expect(keys('toString')).rejects.toThrow('has no key toString');
  for (const value of ['hidden', '["hidden"]', '{"a":1}', '']) {
    holds(value);
    clock.advance(300);
    await expect(keys('a')).rejects.toThrow(/^The secret of the SMS providers is malformed$/);
  }
});
