import type { SmsProvider } from '#core/model/sms-provider.ts';
import type { Settings } from '../../lambdas/functions/settings.ts';
import { spendingOfServices } from './relying-services.ts';
import { receiptRulesOf } from './sms.ts';
import type { StageConfig } from './stage-config.ts';

/**
 * The settings of a stage's functions, from a configuration that is checked already: a missing or misspelt one does not
 * compile. The bundle of a function holds only those that its `env.ts` names.
 */
export function functionSettings(config: StageConfig): Settings {
  const { accessTokenMinutes: _, ...sessions } = config.sessions;
  return {
    LIMITS: config.limits,
    SECOND_FACTOR: config.secondFactor,
    NATIONAL_ID_LOGIN: config.nationalIdLogin,
    SESSIONS: sessions,
    DESTINATIONS: config.destinations,
    SPENDING: { ...config.spending, services: spendingOfServices(config) },
    REVIEW_NUMBERS: config.reviewNumbers,
    RELYING_SERVICES: config.relyingServices.map(({ spendPerDay: _, ...service }) => service),
    SMS_PROVIDERS: config.sms.providers.map(withoutReceipts),
    RECEIPT_RULES: receiptRulesOf(config),
    PORTAL_HOST: config.portalHost,
    APP_ORIGINS: config.appOrigins,
    SMS_SENDER_ID: config.smsSenderId,
    ISSUER_NAME: config.issuerName,
    TERMS_VERSION: config.termsVersion,
  };
}

/** The sender does not read receipts: their rules are a setting of the webhook. */
function withoutReceipts(provider: SmsProvider): SmsProvider {
  if (provider.kind === 'sns') return provider;
  const { receipts: _, ...sending } = provider;
  return sending;
}
