/** A function that is asked the same again and again. Gets a {@link WarmOrder} as its first message, and sends what it took. */
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { dateReading } from '../../../local/functions/function-date.ts';

export interface WarmOrder {
  readonly bundle: string;
  readonly event: unknown;
  /** What the clock showed when the event was recorded, epoch milliseconds. */
  readonly at: number;
  readonly status: number | undefined;
  readonly warmUp: number;
  readonly batches: number;
  readonly batchSize: number;
}

export interface WarmSamples {
  /** CPU milliseconds of one invocation, the mean of each batch. */
  readonly cpuMs: number[];
}

const [order] = (await once(process, 'message')) as [WarmOrder];
const realNow = Date.now;
const ahead = order.at - realNow();
// Codes and tokens in the recorded answers are valid for minutes.
globalThis.Date = dateReading(() => realNow() + ahead);
const { handler } = await import(pathToFileURL(order.bundle).href);
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 };

for (let n = 0; n < order.warmUp; n += 1) await invoke();
const cpuMs: number[] = [];
for (let batch = 0; batch < order.batches; batch += 1) {
  const before = process.cpuUsage();
  for (let n = 0; n < order.batchSize; n += 1) await invoke();
  const { user, system } = process.cpuUsage(before);
  cpuMs.push((user + system) / 1000 / order.batchSize);
}
process.send?.({ cpuMs } satisfies WarmSamples, () => process.exit());

/** The event goes through JSON, as in Lambda's runtime. */
async function invoke(): Promise<void> {
  const answer = await handler(JSON.parse(JSON.stringify(order.event)), context);
  const failed = answer?.batchItemFailures?.length > 0;
  if (answer?.statusCode !== order.status || failed) {
    throw new Error(`Answered ${JSON.stringify(answer)} instead of ${order.status}`);
  }
}
