import type * as z from 'zod';
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

/** A body or an answer with JSON, and examples of it by name. */
export interface Content {
  readonly schema: z.ZodType;
  readonly examples: Readonly<Record<string, unknown>>;
}

/** What one route of `lib/routes.ts` takes and gives; path, method and access token are said there. */
export interface Operation {
  /** `operationId`: the name of a client's method. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: Text;
  /** What else there is to know; Markdown. */
  readonly description?: string;
  readonly body?: Content & { readonly name: string };
  /** By status; without content where there is no body. */
  readonly answers: Readonly<Record<number, { readonly says: Text; readonly content?: Content }>>;
  /** Takes an `Idempotency-Key`: the same request gets the same answer for ten minutes. */
  readonly repeatable?: true;
  /** Besides {@link everywhere}, {@link whereNotRead}, and `unauthenticated` behind an access token. */
  readonly problems: readonly ProblemCode[];
  /** The secrets of the session may be in cookies: which one it reads then; all of them set or clear some. */
  readonly cookies?: 'deviceCookie' | 'sessionCookie' | 'none';
}

export type Operations = Readonly<Record<string, Operation>>;

/** A limit of the gateway, a body it will not take, an outage: any operation can give these. */
export const everywhere: readonly ProblemCode[] = [
  'invalid_request',
  'too_many_requests',
  'unavailable',
];

/** What is no `GET` refuses pages of other sites. */
export const whereNotRead: readonly ProblemCode[] = ['cross_site_request'];
