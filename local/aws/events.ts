import type { EventBuses } from '../events/event-buses.ts';
import { type Answer, errorAnswer, jsonAnswer } from './aws-answers.ts';
import type { RawCall } from './aws-call.ts';

const mostEntries = 10;
const mostBytes = 1024 * 1024;
const supported = new Set(['EventBusName', 'Source', 'DetailType', 'Detail', 'Time']);

type Entry = Readonly<Record<string, unknown>>;

/** Serves `PutEvents`. */
export function serveEvents({ operation, request }: RawCall, buses: EventBuses): Answer {
  if (operation !== 'PutEvents') return unsupported(operation);
  const entries = request['Entries'] as Entry[] | undefined;
  if (!entries?.length || entries.length > mostEntries) {
    const constraint = `Member must have length between 1 and ${mostEntries}`;
    const message = `1 validation error detected: Value at 'entries' failed to satisfy constraint: ${constraint}`;
    return errorAnswer('events', 'ValidationException', message);
  }
  if (Buffer.byteLength(JSON.stringify(entries)) > mostBytes) {
    const message = 'Total size of the entries in the request is over the limit.';
    return errorAnswer('events', 'ValidationException', message);
  }
  // Refuse what the bus does not keep, such as Resources: subscribers would miss it silently.
  const foreign = entries.flatMap(Object.keys).find((name) => !supported.has(name));
  if (foreign) return unsupported(`${operation} with ${foreign}`);
  const answers = entries.map((entry) => putEvent(entry, buses));
  const FailedEntryCount = answers.filter((answer) => 'ErrorCode' in answer).length;
  return jsonAnswer({ FailedEntryCount, Entries: answers });
}

/** Puts one entry. A refused entry does not fail the others. */
function putEvent({ EventBusName, Source, DetailType, Detail, Time }: Entry, buses: EventBuses) {
  if (!buses.has(String(EventBusName))) {
    return refuse('ResourceNotFoundException', `Event bus ${EventBusName} does not exist.`);
  }
  if (!Source) return refuse('InvalidArgument', 'Parameter Source is not valid.');
  if (!DetailType) return refuse('InvalidArgument', 'Parameter DetailType is not valid.');
  const detail = parseObject(Detail);
  if (!detail) return refuse('MalformedDetail', 'Detail is malformed.');
  const event = { source: String(Source), 'detail-type': String(DetailType), detail };
  const time = Time === undefined ? {} : { time: new Date(Number(Time) * 1000).toISOString() };
  return { EventId: buses.put({ ...event, ...time }) };
}

const refuse = (ErrorCode: string, ErrorMessage: string) => ({ ErrorCode, ErrorMessage });

function parseObject(text: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const unsupported = (what: string): Answer =>
  errorAnswer('events', 'UnsupportedOperation', `${what} is not served locally`);
