import type { ZodMiniType } from 'zod/mini';
import type { $ZodType } from 'zod/v4/core';
import type { ProblemCode } from '#core/model/problems.ts';
import type { Text } from '#core/values/language.ts';

export type Tag =
  | 'account'
  | 'authenticators'
  | 'challenges'
  | 'information'
  | 'password-reset'
  | 'registration'
  | 'sessions'
  | 'transactions';

/** A JSON body or answer, and examples of it by name. */
export interface Content<Schema extends $ZodType = $ZodType> {
  readonly schema: Schema;
  readonly examples: Readonly<Record<string, unknown>>;
}

/** The input and the answers of one route of `lambdas/core/model/routes.ts`, which has the path, the method and the access token. */
export interface Operation {
  /** `operationId`: the name of a client's method. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: Text;
  /** Further facts, in Markdown. */
  readonly description?: string;
  readonly body?: Content<ZodMiniType> & { readonly name: string };
  /** By status. An answer without a body has no content. */
  readonly answers: Readonly<Record<number, { readonly says: Text; readonly content?: Content }>>;
  /** Takes an `Idempotency-Key`: the same request gets the same answer for ten minutes. */
  readonly repeatable?: true;
  /** Added to {@link everywhere}, {@link whereNotRead}, and `unauthenticated` behind an access token. */
  readonly problems: readonly ProblemCode[];
  /**
   * The session's secrets may be in cookies: this is the one the operation reads. Each of these operations sets or
   * clears a cookie.
   */
  readonly cookies?: 'deviceCookie' | 'sessionCookie' | 'none';
}

export type Operations = Readonly<Record<string, Operation>>;

/** A limit of the gateway, a refused body, an outage: any operation can answer with these. */
export const everywhere: readonly ProblemCode[] = [
  'invalid_request',
  'too_many_requests',
  'unavailable',
];

/** Every method but `GET` refuses pages of other sites. */
export const whereNotRead: readonly ProblemCode[] = ['cross_site_request'];

/** Operations with the same tag, by `METHOD /path`. */
export const operationsOf = (
  tag: Tag,
  untagged: Readonly<Record<string, Omit<Operation, 'tag'>>>,
): Operations =>
  Object.fromEntries(Object.entries(untagged).map(([route, rest]) => [route, { ...rest, tag }]));

export const json = <Schema extends $ZodType>(
  schema: Schema,
  examples: Content['examples'],
): Content<Schema> => ({
  schema,
  examples,
});

/** @param name of the body's schema in the document */
export const body = (
  name: string,
  content: Content<ZodMiniType>,
): NonNullable<Operation['body']> => ({
  ...content,
  name,
});

/** One answer of an operation. */
export const answer = (status: number, says: Text, content?: Content): Operation['answers'] => ({
  [status]: { says, ...(content && { content }) },
});
