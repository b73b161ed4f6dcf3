/** Bytes of the longest answer that is read: a provider's "queued" takes some hundred. */
const longest = 64 * 1024;

export interface BoundedAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * One request whose time covers the answer's last byte, which follows no redirect (the body would go to whoever is
 * named there) and reads no endless answer.
 * @throws Error with a reason and nothing of the request: fetch's own errors quote header values
 */
export async function boundedFetch(
  url: string,
  request: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  timeoutMs: number,
): Promise<BoundedAnswer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { ...request, redirect: 'manual', signal });
    return { status: response.status, text: await readText(response) };
  } catch (error) {
    if (error instanceof AnswerTooLong) throw new Error('too-long');
    throw new Error(
      error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'no-answer',
    );
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
