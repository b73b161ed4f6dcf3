import { afterEach, expect, it, vi } from 'vitest';
import { httpProviders } from '../../../lib/config/sms.ts';
import { limits, spending } from '../../support/fakes/builders.ts';
import { aggregator, stageWith } from '../../support/world/stage-with-provider.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const config = stageWith('qa', [aggregator(), { kind: 'sns' }]);
const [agg] = httpProviders(config);

/** The sender's environment, as its cold start reads it. */
async function load(providers: unknown, secretArn?: string) {
  vi.resetModules();
  const variables = {
    TABLE_NAME: 't',
    CODES_SECRET_ARN: 'c',
    TAGS_SECRET_ARN: 't',
    PHONE_SEALS_SECRET_ARN: 'p',
    SEALS_SECRET_ARN: 's',
    PORTAL_HOST: 'h',
    SMS_SENDER_ID: 'HAWIYA',
    LIMITS: JSON.stringify(limits),
    SPENDING: JSON.stringify(spending),
    REVIEW_NUMBERS: '[]',
    RETRY_QUEUE_URL: 'https://sqs.example/1/retries',
    SMS_PROVIDERS: JSON.stringify(providers),
    PROVIDER_SECRET_ARN: secretArn,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return (await import('../../../lambdas/functions/sms-sender/env.ts')).env;
}

it('the environment has the providers as the stage configures them, without their receipts', async () => {
  const { receipts: _, ...withoutReceipts } = agg ?? {};
  const env = await load(config.sms.providers, 'arn');
  expect(env.SMS_PROVIDERS).toEqual([withoutReceipts, { kind: 'sns', maxPriceUsd: 0.2 }]);
});

it.each<[string, unknown]>([
  ['PROVIDER_SECRET_ARN', [agg]],
  ['SMS_PROVIDERS', []],
  ['url', [{ ...agg, url: 'http://sms.example/' }]],
  ['body', [{ ...agg, body: '' }]],
  ['success', [{ ...agg, success: { statuses: [] } }]],
  ['refusal', [{ ...agg, refusal: undefined }]],
  ['maxPriceUsd', [{ kind: 'sns', maxPriceUsd: 0 }]],
  ['kind', [{ kind: 'smtp' }]],
])('the sender does not start without a valid %s', async (name, providers) => {
  await expect(load(providers)).rejects.toThrow(name);
});
