import { startSmsProvider } from './sms-provider.ts';
import { aggregator, stageWith } from './stage-with-provider.ts';
import { openWorld, type World } from './world.ts';

/** The key that signs the aggregator's receipts. */
export const webhookKey = 'the key of the webhook, 32 characters or more';

export interface SmsWorld {
  readonly world: World;
  /** The first provider; SNS is the second. */
  readonly agg: Awaited<ReturnType<typeof startSmsProvider>>;
  /** Repairs both providers and forgets their failures. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A local cloud that sends SMS through an aggregator, and through SNS when that fails; with the
 * keys of both.
 */
export async function openSmsWorld(): Promise<SmsWorld> {
  const agg = await startSmsProvider();
  const first = aggregator({ url: agg.url, timeoutMs: 1000 });
  const world = await openWorld({ config: stageWith('local', [first, { kind: 'sns' }]) });
  const { secrets } = world.cloud;
  const put = (secret: string, content: object) =>
    secrets.put(secrets.arns.find((name) => name.includes(secret)) ?? '', JSON.stringify(content));
  put('ProviderKeys', { agg: 'Bearer its-key' });
  put('SmsReceiptKeys', { receipts: webhookKey });
  return {
    world,
    agg,
    async renew() {
      world.cloud.hooks.onCall = undefined;
      agg.answers(200);
      agg.received.length = 0;
      // A new sandbox forgets what the last one learnt about the providers.
      await world.cloud.kill('sms-sender');
    },
    async close() {
      await world.close();
      await agg.stop();
    },
  };
}
