/**
 * Answers the calls of recorded functions with what AWS answered then. A process of its own, so that its CPU is not the
 * function's. It gets a {@link ReplaySetup} as its first message, and sends its address.
 */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { readCall } from '../../../local/aws/aws-call.ts';
import type { Certificate } from './certificate.ts';
import { callKey, type RecordedCall, type Recordings } from './recording.ts';

export interface ReplaySetup extends Pick<Recordings, 'latest' | 'recordings'> {
  /** Serves HTTPS with it; HTTP without. */
  readonly certificate: Certificate | undefined;
}

const [{ latest, recordings, certificate }] = (await once(process, 'message')) as [ReplaySetup];
/** How often each call of a replay was answered, by the replay's path and the call's key. */
const answered = new Map<string, number>();

const listener: RequestListener = async (request, response) => {
  // `/<number of the recording>/<name of the replay>`
  const path = request.url ?? '/';
  const body = await text(request);
  const call = readCall(request.headers, body);
  const recording = recordings[Number(path.split('/')[1])];
  if (!call || !recording) {
    response.writeHead(500).end();
    return;
  }
  const key = callKey(call.operation, JSON.stringify(call.request));
  const found = inTurn(
    `${path} ${key}`,
    recording.calls.filter((each) => each.key === key),
  );
  const answer = found ?? latest[`${recording.functionName} ${key}`] ?? latest[` ${key}`];
  if (!answer) console.error(`${recording.name} makes a call that was not recorded: ${key}`);
  response.writeHead(answer?.status ?? 500, {
    ...answer?.headers,
    'content-length': Buffer.byteLength(answer?.body ?? ''),
  });
  response.end(answer?.body);
};

/** Calls with one key are answered in the order in which they were recorded, again and again. */
function inTurn(replay: string, calls: readonly RecordedCall[]): RecordedCall | undefined {
  const count = answered.get(replay) ?? 0;
  answered.set(replay, count + 1);
  return calls[count % calls.length];
}

const server = certificate ? createSecureServer(certificate, listener) : createServer(listener);
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
process.send?.(`${certificate ? 'https' : 'http'}://127.0.0.1:${port}`);
process.once('disconnect', () => process.exit());
