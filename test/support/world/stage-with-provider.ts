import { type StageConfig, stageConfig } from '../../../lib/config/stage-config.ts';

type Providers = NonNullable<NonNullable<Parameters<typeof stageConfig>[0]['sms']>['providers']>;
type HttpProvider = Extract<Providers[number], { kind: 'http' }>;

/** An aggregator that reports deliveries, as a stage configures it. */
export const aggregator = (partial: Partial<HttpProvider> = {}): HttpProvider => ({
  kind: 'http',
  name: 'agg',
  url: 'https://sms.example/v1/messages',
  contentType: 'json',
  body: '{"to":"{{phoneWithoutPlus}}","text":"{{body}}","from":"{{sender}}","ref":"{{reference}}"}',
  authorization: { key: 'agg' },
  success: { statuses: [200, 201] },
  refusal: { statuses: [422] },
  receipts: {
    key: 'receipts',
    reference: 'ref',
    status: 'status',
    delivered: ['delivered'],
    failed: ['undelivered'],
  },
  ...partial,
});

/** @throws Error that says what is wrong with the providers */
export const stageWith = (stage: string, providers: Providers): StageConfig =>
  stageConfig({
    stage,
    registrationNumber: '1234567890',
    smsSenderId: 'HAWIYA',
    termsVersion: '2026-11',
    sms: { providers },
    ...(stage === 'local'
      ? { portalHost: 'localhost', retainData: false, logRetentionDays: 7 }
      : { portalHost: 'qa.portal.example.gov.sa', edge: {} }),
  });
