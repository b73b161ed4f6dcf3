import { expect, it } from 'vitest';
import { smsRoutes } from '../../../lambdas/compose/sms-routes.ts';
import { functionSettings } from '../../../lib/config/function-settings.ts';
import { aggregator, stageWith } from '../../support/world/stage-with-provider.ts';

const settings = functionSettings(stageWith('qa', [aggregator(), { kind: 'sns' }]));

it('the sender does not start with an HTTP provider and no secret for its key', () => {
  const open = (secretArn: string) =>
    smsRoutes({ ...settings, PROVIDER_SECRET_ARN: secretArn }, () => undefined);
  expect(() => open('')).toThrow('PROVIDER_SECRET_ARN');
  expect(() => open('arn')).not.toThrow();
});
