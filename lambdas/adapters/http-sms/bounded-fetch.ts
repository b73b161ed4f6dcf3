import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

/** Bytes of the longest answer that is read. A provider's "queued" takes some hundred. */
const longest = 64 * 1024;

export interface BoundedAnswer {
  readonly status: number;
  readonly text: string;
}

interface BoundedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The reason why there is no answer. It contains nothing of the request: Node's own errors quote header values. */
export class NoAnswer extends Error {
  /** Whether the request certainly never left. */
  readonly neverSent: boolean;

  constructor(why: 'malformed' | 'timeout' | 'no-answer' | 'too-long', neverSent: boolean) {
    super(why);
    this.neverSent = neverSent;
  }
}

/**
 * Sends one request. The timeout includes the last byte of the answer.
 * It follows no redirect, which could take the body to any host, and reads no endless answer.
 * It does not use `fetch`, which does not tell whether a connection came about. A request that may have sent an SMS
 * must be judged by that.
 * @throws NoAnswer
 */
export async function boundedFetch(
  url: string,
  { body, ...options }: BoundedRequest,
  timeoutMs: number,
): Promise<BoundedAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const request = open(url, { ...options, signal });
  const connected = whetherConnected(request);
  try {
    const response = await answerTo(request, body);
    return { status: response.statusCode ?? 0, text: await readText(response) };
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer(signal.aborted ? 'timeout' : 'no-answer', !connected());
  } finally {
    request.destroy();
  }
}

type Options = Omit<BoundedRequest, 'body'> & { readonly signal: AbortSignal };

/** @throws NoAnswer for a request that cannot be written, for example a key with a line break */
function open(url: string, options: Options): ClientRequest {
  try {
    return (url.startsWith('https:') ? overHttps : overHttp)(url, options);
  } catch {
    throw new NoAnswer('malformed', true);
  }
}

/** Nothing is written before the socket is connected, and under TLS before the certificate was checked. */
function whetherConnected(request: ClientRequest): () => boolean {
  let connected = false;
  request.once('socket', (socket) => {
    // A kept-alive socket may already have taken the request.
    if (!socket.connecting) {
      connected = true;
      return;
    }
    socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true;
    });
  });
  return () => connected;
}

function answerTo(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
    request.end(body);
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > longest) throw new NoAnswer('too-long', false);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
