import type { Actor, Challenge, Held } from './actors.ts';
import type { Operation } from './operations.ts';

/** What a request was made of, for who learns from its answer. */
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
  /** What was done to it, where it is not valid. */
  readonly mutation?: string;
  /** What the answer may not be: a request that breaks the document never succeeds. */
  readonly refused?: boolean;
  /** Its answer, where there is only one right one. */
  readonly status?: number;
  /** What was sent that nobody may read again. */
  readonly secrets: readonly string[];
  readonly facts: Facts;
  /** The body before it was text. */
  readonly json?: unknown;
}

/** A request as one line, which `FUZZ_REQUEST` takes. */
export const printed = ({ method, path, headers, body }: WireRequest): string =>
  JSON.stringify({ method, path, headers, ...(body && { base64: body.toString('base64') }) });

/** @throws SyntaxError if the line is not one that `printed` wrote */
export function parsed(line: string): Case {
  const { base64, ...request } = JSON.parse(line) as WireRequest & { base64?: string };
  const body = base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  return { ...request, ...(body && { body }), secrets: [], facts: { at: 0 } };
}
