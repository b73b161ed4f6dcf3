import { neverSent } from '../never-sent.ts';

/** Bytes of the longest answer that is read: a provider's "queued" takes some hundred. */
const longest = 64 * 1024;

export interface BoundedAnswer {
  readonly status: number;
  readonly text: string;
}

/** Why there is no answer, with nothing of the request: fetch's own errors quote header values. */
export class NoAnswer extends Error {
  /** Whether it is certain that the request never left. */
  readonly neverSent: boolean;

  constructor(why: 'malformed' | 'timeout' | 'no-answer' | 'too-long', neverSent = false) {
    super(why);
    this.neverSent = neverSent;
  }
}

/**
 * One request whose time covers the answer's last byte, which follows no redirect (the body would go to whoever is
 * named there) and reads no endless answer.
 * @throws NoAnswer
 */
export async function boundedFetch(
  url: string,
  request: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  timeoutMs: number,
): Promise<BoundedAnswer> {
  const headers = headersFrom(request.headers);
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { ...request, headers, redirect: 'manual', signal });
    return { status: response.status, text: await readText(response) };
  } catch (error) {
    if (error instanceof AnswerTooLong) throw new NoAnswer('too-long');
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    throw new NoAnswer(timedOut ? 'timeout' : 'no-answer', neverSent(error));
  }
}

/** Refused before anything is sent: a key with a line break in it, say. */
function headersFrom(headers: RequestInit['headers']): Headers {
  try {
    return new Headers(headers);
  } catch {
    throw new NoAnswer('malformed', true);
  }
}

class AnswerTooLong extends Error {}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    // Leaving the loop cancels the stream and closes the connection.
    if (bytes > longest) throw new AnswerTooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
