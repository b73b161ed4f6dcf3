import { afterEach, expect, it, vi } from 'vitest';
import { functionSettings } from '../../../lib/config/function-settings.ts';
import { httpProviders } from '../../../lib/config/sms.ts';
import { settingsAsJson } from '../../../lib/constructs/function-bundle.ts';
import { aggregator, stageWith } from '../../support/world/stage-with-provider.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const config = stageWith('qa', [aggregator(), { kind: 'sns' }]);
const [agg] = httpProviders(config);

/** The sender's environment and settings, as its cold start reads them. */
async function load(providers: unknown, secretArn?: string) {
  vi.resetModules();
  const variables = {
    TABLE_NAME: 't',
    CODES_SECRET_ARN: 's',
    TAGS_SECRET_ARN: 's',
    PHONE_SEALS_SECRET_ARN: 's',
    SEALS_SECRET_ARN: 's',
    RETRY_QUEUE_URL: 'https://sqs.example/1/retries',
    PROVIDER_SECRET_ARN: secretArn,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const json = settingsAsJson(functionSettings(config));
  vi.stubGlobal('SETTINGS', { ...json, SMS_PROVIDERS: JSON.stringify(providers) });
  return (await import('../../../lambdas/functions/sms-sender/env.ts')).env;
}

it('the sender has the providers as the stage configures them, without their receipts', async () => {
  const { receipts: _, ...withoutReceipts } = agg ?? {};
  const env = await load(config.sms.providers, 'arn');
  expect(env.SMS_PROVIDERS).toEqual([withoutReceipts, { kind: 'sns', maxPriceUsd: 0.2 }]);
});

it.each<[string, unknown, string?]>([
  ['PROVIDER_SECRET_ARN', [agg]],
  ['SMS_PROVIDERS', [], 'arn'],
  ['url', [{ ...agg, url: 'http://sms.example/' }], 'arn'],
  ['body', [{ ...agg, body: '' }], 'arn'],
  ['success', [{ ...agg, success: { statuses: [] } }], 'arn'],
  ['refusal', [{ ...agg, refusal: undefined }], 'arn'],
  ['maxPriceUsd', [{ kind: 'sns', maxPriceUsd: 0 }], 'arn'],
  ['kind', [{ kind: 'smtp' }], 'arn'],
])('the sender does not start without a valid %s', async (name, providers, secretArn) => {
  await expect(load(providers, secretArn)).rejects.toThrow(name);
});
