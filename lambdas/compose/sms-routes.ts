import { type FailoverOptions, failover, type Provider } from '#core/delivery/failover.ts';
import type { SmsProvider } from '#core/model/sms-provider.ts';
import type { SmsRoutes } from '#core/ports/sms.ts';
import { secretsClient, snsClient } from '../adapters/clients.ts';
import { createHttpGateway, type ProviderKeys } from '../adapters/http-sms/sms-gateway.ts';
import { createProviderKeys } from '../adapters/secrets/provider-keys.ts';
import { createSnsGateway } from '../adapters/sns/sms-gateway.ts';
import { clock } from './ports.ts';

interface SmsEnvironment {
  readonly SMS_SENDER_ID: string;
  readonly SMS_PROVIDERS: readonly SmsProvider[];
  /** Empty if no provider is reached by HTTP. */
  readonly PROVIDER_SECRET_ARN: string;
}

/** A provider has 10 s at most. One that often takes half of that is slow. */
const circuits = { failuresToOpen: 5, openSeconds: 30, slowSeconds: 5 };

/**
 * The configured providers, in their order.
 * @throws Error if a provider needs the providers' secret and there is none
 */
export function smsRoutes(
  env: SmsEnvironment,
  onFailure: NonNullable<FailoverOptions['onFailure']>,
): SmsRoutes {
  if (env.PROVIDER_SECRET_ARN === '' && env.SMS_PROVIDERS.some(({ kind }) => kind === 'http')) {
    throw new Error('PROVIDER_SECRET_ARN is empty, and a provider is reached by HTTP');
  }
  const keys = providerKeys(env.PROVIDER_SECRET_ARN);
  const providers = env.SMS_PROVIDERS.map((provider) =>
    providerOf(provider, env.SMS_SENDER_ID, keys),
  );
  return failover(providers, clock, { ...circuits, onFailure });
}

/** The keys in one of the providers' two secrets: the sender's, or the webhook's. */
export function providerKeys(secretArn: string): ProviderKeys {
  return createProviderKeys({ client: secretsClient(), secretArn, clock });
}

function providerOf(provider: SmsProvider, senderId: string, keys: ProviderKeys): Provider {
  if (provider.kind === 'http') {
    const gateway = createHttpGateway({ provider, senderId, keys });
    return { name: provider.name, gateway };
  }
  const { maxPriceUsd } = provider;
  return { name: 'sns', gateway: createSnsGateway({ client: snsClient(), senderId, maxPriceUsd }) };
}
