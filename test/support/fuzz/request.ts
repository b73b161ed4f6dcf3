import type { Actor, Challenge, Held } from './actors.ts';
import type { Operation } from './operations.ts';

/** The parts that a request was made of, for learning from its answer. */
export interface Facts {
  readonly actor?: Actor | undefined;
  readonly challenge?: Challenge | undefined;
  readonly ticket?: Held | undefined;
  readonly enrolment?: Held | undefined;
  /** When it was made. Epoch milliseconds. */
  readonly at: number;
}

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Below `/v1`, as it is sent. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: Buffer | undefined;
}

export interface Case extends WireRequest {
  readonly operation?: Operation | undefined;
  /** The change that makes the request invalid, if any. */
  readonly mutation?: string;
  /** A request that violates the document must never succeed. */
  readonly refused?: boolean;
  /** The status of its answer, if only one is right. */
  readonly status?: number;
  /** Secrets in the request that no answer and no log may repeat. */
  readonly secrets: readonly string[];
  readonly facts: Facts;
  /** The body before it became text. */
  readonly json?: unknown;
}

/** A request as one line, in the form that `FUZZ_REQUEST` takes. */
export const printed = ({ method, path, headers, body }: WireRequest): string =>
  JSON.stringify({ method, path, headers, ...(body && { base64: body.toString('base64') }) });

/** @throws SyntaxError if `printed` did not write the line */
export function parsed(line: string): Case {
  const { base64, ...request } = JSON.parse(line) as WireRequest & { base64?: string };
  const body = base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  return { ...request, ...(body && { body }), secrets: [], facts: { at: 0 } };
}
