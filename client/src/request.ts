import {
  Aborted,
  HawiyaError,
  HawiyaProblem,
  NoAnswer,
  type ProblemDocument,
  UnreadableAnswer,
} from './problem.ts';

/** One request, ready to be sent. */
export interface Request {
  /** `operationId`, for messages. */
  readonly operation: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  /** Apps keep secrets in bodies, so no cookie may be sent or stored. */
  readonly credentials: 'same-origin' | 'omit';
}

export type Fetch = typeof globalThis.fetch;

/**
 * Sends one request and reads its answer.
 * @param timeout milliseconds, reading included
 * @throws HawiyaProblem, NoAnswer, Aborted, UnreadableAnswer
 */
export async function exchange(
  fetch: Fetch,
  { operation, url, ...init }: Request,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  if (signal?.aborted) throw new Aborted(operation, signal.reason);
  // AbortSignal.any and .timeout would be simpler, but browsers still in use lack them.
  const ending = new AbortController();
  const end = () => ending.abort();
  signal?.addEventListener('abort', end);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, timeout);
  try {
    const options = { ...init, signal: ending.signal, redirect: 'error', cache: 'no-store' };
    const response = await fetch(url, options as RequestInit);
    return read(operation, response, await response.text());
  } catch (cause) {
    if (cause instanceof HawiyaError) throw cause;
    if (signal?.aborted) throw new Aborted(operation, signal.reason);
    throw new NoAnswer(operation, late ? 'timeout' : 'network', cause);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

function read(operation: string, { ok, status, headers }: Response, text: string): unknown {
  if (status === 204) return undefined;
  const header = headers.get('retry-after') ?? '';
  const retryAfter = /^\d+$/.test(header) ? Number(header) : undefined;
  const body = parsed(text);
  if (ok && body) return body;
  if (!ok && isProblemDocument(body)) {
    throw new HawiyaProblem(body, status, body.retryAfter ?? retryAfter);
  }
  throw new UnreadableAnswer(operation, status, retryAfter);
}

/** All answers are objects. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isProblemDocument = (body: object | undefined): body is ProblemDocument =>
  typeof (body as ProblemDocument | undefined)?.code === 'string';
