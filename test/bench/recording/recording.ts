/** A call to AWS that a function made while it was recorded, with its answer. */
export interface RecordedCall {
  /** Such as `GetItem`. */
  readonly operation: string;
  /** What the call is found by when it is replayed: see {@link callKey}. */
  readonly key: string;
  /** Milliseconds since the request. */
  readonly from: number;
  readonly to: number;
  /** Capacity units of DynamoDB. */
  readonly read: number;
  readonly write: number;
  /** A value that the function keeps for a while, so that most requests do not ask for it. */
  readonly remembered: boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One invocation of a function on the local cloud. */
export interface Recording {
  /** Such as `POST /registrations`, with a word for the case where a call has several. */
  readonly name: string;
  readonly functionName: string;
  /** What Lambda hands the function. */
  readonly event: unknown;
  /** What the cloud's clock showed, epoch milliseconds. */
  readonly at: number;
  /** Status of the answer over HTTP; undefined for a function that answers no request. */
  readonly status: number | undefined;
  readonly calls: readonly RecordedCall[];
}

/** All recordings, and what functions ask for only when they start. */
export interface Recordings {
  readonly recordings: readonly Recording[];
  /** The latest answer to each call of each function, by the function's name and the call's key. Secrets have no name. */
  readonly latest: Readonly<Record<string, RecordedCall>>;
  /** The environment variables that the template gives each function. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * What a call is found by when it is replayed: its operation, and the kinds of items that it names or the secret. Ids,
 * times and random values differ between a recording and a replay.
 * @param body as the SDK sends it
 */
export function callKey(operation: string, body: string): string {
  const kinds = [...body.matchAll(/"S":"([a-z][a-z-]*)#/g)].map(([, kind]) => kind);
  const secret = /"SecretId":"([^"]+)"/.exec(body)?.[1];
  return [operation, ...new Set(kinds), ...(secret ? [secret] : [])].join(' ');
}
