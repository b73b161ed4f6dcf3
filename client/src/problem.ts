import { problemCodes } from './operations.ts';
import type { components } from './schema.ts';

/** A problem document (RFC 9457) as the API sent it. */
export type ProblemDocument = components['schemas']['Problem'];
export type ProblemCode = ProblemDocument['code'];
/** Why a session ended: `idle`, `owner`, `password-changed` and others. */
export type SessionEnd = NonNullable<ProblemDocument['reason']>;

/**
 * The class of all errors that a call rejects with. Itself it is for what fails on the caller's side, such as the app's own
 * `store`: `cause` has that error. Messages name the operation, never its input.
 */
export class HawiyaError extends Error {
  override readonly name: string = 'HawiyaError';
}

/**
 * Runs a call, so that a caller has one class of errors to catch.
 * @throws HawiyaError
 */
export async function failingAsHawiyaError<T>(
  operation: string,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof HawiyaError) throw error;
    throw new HawiyaError(`${operation}: failed on this side`, { cause: error });
  }
}

/**
 * The API refused the call. `title` and `detail` are for the person, in the language of the call.
 * A code that this version does not know is `unknown`: use `status`; `document.code` has the code's name.
 */
export class HawiyaProblem<Code extends string = ProblemCode | 'unknown'> extends HawiyaError {
  override readonly name = 'HawiyaProblem';
  readonly code: Code;
  readonly document: ProblemDocument;
  readonly status: number;
  /** Seconds, counted from the answer. */
  readonly retryAfter: number | undefined;
  readonly title: string;
  readonly detail: string | undefined;
  /** Id of the request, for support: `urn:hawiya:request:…`. */
  readonly instance: string;
  readonly errors: ProblemDocument['errors'];
  readonly attemptsLeft: number | undefined;
  readonly reasons: ProblemDocument['reasons'];
  readonly minimumLength: number | undefined;
  readonly countries: ProblemDocument['countries'];
  readonly methods: ProblemDocument['methods'];
  readonly limit: ProblemDocument['limit'];
  readonly reason: ProblemDocument['reason'];
  /** Seconds that the session was not used, where `reason` is `idle`. */
  readonly idleSeconds: number | undefined;

  constructor(document: ProblemDocument, status: number, retryAfter: number | undefined) {
    super(`${document.code}: ${document.title}`);
    this.document = document;
    this.status = status;
    this.retryAfter = retryAfter;
    const known = (problemCodes as readonly string[]).includes(document.code);
    this.code = (known ? document.code : 'unknown') as Code;
    this.title = document.title;
    this.detail = document.detail;
    this.instance = document.instance;
    this.errors = document.errors;
    this.attemptsLeft = document.attemptsLeft;
    this.reasons = document.reasons;
    this.minimumLength = document.minimumLength;
    this.countries = document.countries;
    this.methods = document.methods;
    this.limit = document.limit;
    this.reason = document.reason;
    this.idleSeconds = document.idleSeconds;
  }
}

/** No answer came: the call may have taken effect or not. */
export class NoAnswer extends HawiyaError {
  override readonly name = 'NoAnswer';
  readonly reason: 'network' | 'timeout';

  constructor(operation: string, reason: 'network' | 'timeout', cause: unknown) {
    super(`${operation}: no answer (${reason})`, { cause });
    this.reason = reason;
  }
}

/** The caller's signal aborted the call. The name is the one `fetch` uses; `cause` is the signal's reason. */
export class Aborted extends HawiyaError {
  override readonly name = 'AbortError';

  constructor(operation: string, cause: unknown) {
    super(`${operation}: aborted`, { cause });
  }
}

/** An answer that is not of this API: a proxy's page, or a base URL that leads elsewhere. */
export class UnreadableAnswer extends HawiyaError {
  override readonly name = 'UnreadableAnswer';
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(operation: string, status: number, retryAfter: number | undefined) {
    super(`${operation}: an answer that is not the API’s (status ${status})`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/**
 * Whether an error is a problem and, if codes are given, has one of them. The name decides and not the class: one process
 * may hold the package twice, by `import` and by `require`.
 */
export function isProblem<Code extends ProblemCode | 'unknown' = ProblemCode | 'unknown'>(
  error: unknown,
  ...codes: Code[]
): error is HawiyaProblem<Code> {
  const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  if (name !== 'HawiyaProblem') return false;
  return codes.length === 0 || (codes as unknown[]).includes(code);
}
