import { startSmsProvider } from './sms-provider.ts';
import { aggregator, stageWith } from './stage-with-provider.ts';
import { openWorld, type World } from './world.ts';

/** What the aggregator signs its receipts with. */
export const webhookKey = 'the key of the webhook, 32 characters or more';

export interface SmsWorld {
  readonly world: World;
  /** Asked first; SNS is second. */
  readonly agg: Awaited<ReturnType<typeof startSmsProvider>>;
  /** Both work again, and nothing is known of what went wrong before. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** A local cloud whose SMS leave by an aggregator, and by SNS where that fails; with the keys of both. */
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
      // A new sandbox: what the last one had learnt about the providers goes with it.
      await world.cloud.kill('sms-sender');
    },
    async close() {
      await world.close();
      await agg.stop();
    },
  };
}
