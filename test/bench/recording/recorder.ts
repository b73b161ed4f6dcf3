import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer as AwsAnswer } from '../../../local/aws/aws-answers.ts';
import type { AwsCall } from '../../../local/aws/aws-endpoint.ts';
import { openEdge } from '../../../local/edge/cloudfront.ts';
import type { Answer, World } from '../../support/world/world.ts';
import { unitsOf } from './capacity-proxy.ts';
import { callKey, type RecordedCall, type Recording } from './recording.ts';
import { openTap } from './tap.ts';

/** Milliseconds by which each answer of AWS is delayed, so that parallel calls visibly overlap. */
const delay = 40;

/** Functions that read the stream. Their calls belong to no request. */
const readers = ['sms-sender', 'event-publisher'];

interface Seen extends Omit<RecordedCall, 'to' | 'from'> {
  readonly functionName: string;
  /** `performance.now()` */
  readonly startedAt: number;
  readonly endedAt: number;
  /** As the function sent it, for the events of the stream. */
  readonly request: unknown;
}

export type Recorder = Awaited<ReturnType<typeof openRecorder>>;

/** Records what functions get, what they ask AWS for, and what AWS answers. */
export async function openRecorder(world: World) {
  const seen: Seen[] = [];
  const latest: Record<string, RecordedCall> = {};
  const recordings: Recording[] = [];
  const started = new Map<AwsCall, number>();
  const tap = await openTap(world.serving.url, world.clock.now);
  const edge = await openEdge(tap.url, edgeSecret(world), world.clock.now);

  world.cloud.hooks.onCall = (call) => void started.set(call, performance.now());
  world.cloud.hooks.onAnswer = async (call, answer) => {
    await sleep(delay);
    const record = seenOf(call, answer, started.get(call) ?? 0);
    started.delete(call);
    seen.push(record);
    // A secret is the same for every function.
    const asker = call.operation === 'GetSecretValue' ? '' : call.functionName;
    latest[`${asker} ${record.key}`] = recordedFrom(record, record.startedAt);
  };

  /** @returns the calls since an instant, in the order in which they began */
  const callsSince = (startedAt: number, ofFunction: (name: string) => boolean) =>
    seen
      .filter((call) => call.startedAt >= startedAt && ofFunction(call.functionName))
      .toSorted((a, b) => a.startedAt - b.startedAt)
      .map((call) => recordedFrom(call, startedAt));

  return {
    /** Where a request must be sent for it to be recorded: as people do, or without the edge in front. */
    edge: edge.url,
    gateway: tap.url,
    latest,
    recordings,

    /** Sends a request, and keeps what its function did. */
    async record(name: string, request: () => Promise<Answer>): Promise<Answer> {
      const startedAt = performance.now();
      const at = world.clock.now();
      const answer = await request();
      recordings.push({
        name,
        ...tap.newest(),
        at,
        status: answer.status,
        calls: callsSince(startedAt, (functionName) => !readers.includes(functionName)),
      });
      return answer;
    },

    /**
     * Keeps what a reader of the stream does because of a request.
     * @param settled resolves when the reader has done its work
     * @param eventOf makes the function's event of the items that the request wrote
     */
    async recordReader(
      name: string,
      functionName: string,
      settled: () => Promise<unknown>,
      eventOf: (items: readonly Item[]) => unknown,
    ): Promise<void> {
      const startedAt = performance.now();
      const at = world.clock.now();
      await settled();
      const calls = callsSince(startedAt, (caller) => caller === functionName);
      const requests = seen.filter((call) => call.startedAt >= startedAt);
      const event = eventOf(requests.flatMap(({ request }) => itemsIn(request)));
      recordings.push({ name, functionName, event, at, status: undefined, calls });
    },

    close() {
      delete world.cloud.hooks.onCall;
      delete world.cloud.hooks.onAnswer;
      edge.close();
      tap.close();
    },
  };
}

/** An item as DynamoDB stores it. */
export type Item = Readonly<Record<string, { readonly S?: string } | undefined>>;

/** The items that a transaction puts. */
function itemsIn(request: unknown): Item[] {
  const { TransactItems = [] } = request as { TransactItems?: { Put?: { Item: Item } }[] };
  return TransactItems.flatMap(({ Put }) => (Put ? [Put.Item] : []));
}

function edgeSecret({ cloud }: World): string {
  const arn = cloud.secrets.arns.find((each) => each.includes('EdgeKeys')) ?? '';
  return JSON.parse(cloud.secrets.get(arn)?.value ?? '{}')['1'] ?? '';
}

function seenOf(call: AwsCall, answer: AwsAnswer, startedAt: number): Seen {
  const { functionName, service, operation, request } = call;
  const text = answer.body.toString();
  const parsed = text.startsWith('{') ? JSON.parse(text) : {};
  const { read, write } =
    service === 'dynamodb' ? unitsOf(operation, answer.status, parsed) : { read: 0, write: 0 };
  return {
    functionName,
    operation,
    key: callKey(operation, JSON.stringify(request)),
    startedAt,
    endedAt: performance.now(),
    read,
    write,
    remembered: isRemembered(call),
    status: answer.status,
    headers: keptHeaders(answer.headers),
    body: text.startsWith('{') ? withoutCapacity(parsed) : text,
    request,
  };
}

/** Keys, breakers and the public keys of proofs are read every ten seconds or minutes, during any request. */
function isRemembered({ operation, actions }: AwsCall): boolean {
  if (operation === 'GetSecretValue') return true;
  const items = actions.flatMap(({ context }) => context?.['dynamodb:LeadingKeys'] ?? []);
  return items.length > 0 && items.every((key) => /^(breaker|public-key)#/.test(key));
}

function withoutCapacity({ ConsumedCapacity: _, ...answer }: Record<string, unknown>): string {
  return JSON.stringify(answer);
}

/** Without those that belong to one connection or to the unchanged body. */
function keptHeaders(headers: AwsAnswer['headers']): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(content-length|date|connection|keep-alive|x-amz-crc32|server)$/i.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

function recordedFrom(call: Seen, since: number): RecordedCall {
  const { functionName: _, request: __, startedAt, endedAt, ...kept } = call;
  return { ...kept, from: startedAt - since, to: endedAt - since };
}
