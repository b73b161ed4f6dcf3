import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { bodyOf } from './http-body.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An HTTP client that keeps connections open until `close`. */
export interface HttpClient {
  /**
   * Posts a body unchanged. Rejects with the socket's error if no server answers. A kept connection that the server has
   * closed meanwhile is replaced: DynamoDB Local closes idle ones, and a busy process learns of it late.
   */
  post(url: string, headers: OutgoingHttpHeaders, body: Buffer | string): Promise<HttpAnswer>;
  close(): void;
}

/** Opens a client whose sockets can be closed. Node's `fetch` keeps sockets that cannot. */
export function openHttpClient(): HttpClient {
  const agent = new Agent({ keepAlive: true });
  const post: HttpClient['post'] = (url, headers, body) =>
    new Promise((resolve, reject) => {
      const length = Buffer.byteLength(body);
      const outgoing = request(
        url,
        { method: 'POST', agent, headers: { ...headers, 'content-length': length } },
        (answer) => {
          bodyOf(answer).then(
            (bytes) =>
              resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes }),
            reject,
          );
        },
      );
      outgoing.on('error', (error) => {
        // A fresh connection is never a reused one, so this ends: each round removes a dead connection.
        if (outgoing.reusedSocket && isClosed(error))
          post(url, headers, body).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(body);
    });
  return { post, close: () => agent.destroy() };
}

/** The server closed the connection before it answered anything. */
const isClosed = ({ code }: NodeJS.ErrnoException): boolean =>
  code === 'ECONNRESET' || code === 'EPIPE';

/** Calls an AWS JSON API, such as `call('DynamoDB_20120810.GetItem', {…})`. */
export type JsonCall = <Answer = unknown>(target: string, body: object) => Promise<Answer>;

/**
 * Calls a local AWS JSON API without the SDK, so that a stream record stays the JSON that Lambda
 * gets.
 * @throws Error whose `name` is the error's code, such as `ResourceNotFoundException`
 */
export function jsonCaller(http: HttpClient, endpoint: string, accessKeyId?: string): JsonCall {
  return async <Answer>(target: string, body: object) => {
    const answer = await http.post(
      endpoint,
      {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': target,
        authorization: signedBy(accessKeyId),
      },
      JSON.stringify(body),
    );
    const parsed = JSON.parse(answer.body.toString()) as Record<string, string>;
    if (answer.status === 200) return parsed as Answer;
    const error = new Error(`${target}: ${parsed['message'] ?? parsed['Message']}`);
    error.name = parsed['__type']?.split('#').at(-1) ?? 'UnknownError';
    throw error;
  };
}

/** DynamoDB Local wants a signature, and does not check it. */
export function signedBy(accessKeyId = 'LOCAL'): string {
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20250101/me-south-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;
}
