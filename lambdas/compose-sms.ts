import { secretsClient, snsClient } from './adapters/clients.ts';
import { createHttpGateway, type ProviderKeys } from './adapters/http-sms/sms-gateway.ts';
import { createProviderKeys } from './adapters/secrets/provider-keys.ts';
import { createSnsGateway } from './adapters/sns/sms-gateway.ts';
import { clock } from './compose.ts';
import { type FailoverOptions, failover, type Provider } from './core/engine/failover.ts';
import type { SmsGateway } from './core/ports.ts';
import type { SmsProvider } from './core/sms-provider.ts';

interface SmsEnvironment {
  readonly SMS_SENDER_ID: string;
  readonly SMS_PROVIDERS: readonly SmsProvider[];
  readonly PROVIDER_SECRET_ARN?: string | undefined;
}

/**
 * Times fit into the sender's 30 s: after 12 no further provider is asked, and the last one asked has 10 at most,
 * which leaves the table its share.
 */
const circuits = { failuresToOpen: 5, openSeconds: 30, slowSeconds: 5, budgetSeconds: 12 };

/** The configured providers as one gateway. @throws Error where one needs the providers' secret and there is none */
export function smsGateway(
  env: SmsEnvironment,
  onFailure: NonNullable<FailoverOptions['onFailure']>,
): SmsGateway {
  const keys = providerKeys(env);
  const providers = env.SMS_PROVIDERS.map((provider) => lineTo(provider, env.SMS_SENDER_ID, keys));
  return failover(providers, clock, { ...circuits, onFailure });
}

/** The keys of the providers, as the webhook and the sender need them. */
export function providerKeys({
  PROVIDER_SECRET_ARN: secretArn,
}: Pick<SmsEnvironment, 'PROVIDER_SECRET_ARN'>): ProviderKeys {
  if (secretArn) return createProviderKeys({ client: secretsClient(), secretArn, clock });
  return async () => {
    throw new Error('PROVIDER_SECRET_ARN is missing');
  };
}

function lineTo(provider: SmsProvider, senderId: string, keys: ProviderKeys): Provider {
  if (provider.kind === 'http') {
    const gateway = createHttpGateway({ provider, senderId, keys });
    return { name: provider.name, gateway };
  }
  const { maxPriceUsd } = provider;
  return { name: 'sns', gateway: createSnsGateway({ client: snsClient(), senderId, maxPriceUsd }) };
}
