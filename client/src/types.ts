import type { operations as table } from './operations.ts';
import type { SessionEnd } from './problem.ts';
import type { Fetch } from './request.ts';
import type { Runtime } from './runtime.ts';
import type { operations } from './schema.ts';
import type { RefreshTokenStore } from './session.ts';

/** `operationId` in the OpenAPI document, and the name of a method. */
export type OperationName = keyof operations & keyof typeof table;
export type Language = 'ar' | 'en';

export interface ClientOptions {
  /** With `/v1`: `https://<portalHost>/v1`, or `/v1` on the portal's own pages. */
  readonly baseUrl: string;
  /** Language of problems, terms and SMS. A function is called before each request. Arabic if left out. */
  readonly language?: Language | (() => Language);
  /**
   * Where the refresh token is kept: `cookie` on the portal's own pages, in a cookie that no script can read; `body`
   * (default) in apps, in memory and in `store`.
   */
  readonly tokens?: 'cookie' | 'body';
  /** Body mode: keeps the refresh token beyond this run of the app. */
  readonly store?: RefreshTokenStore;
  /**
   * Called when this client's session ended without its own log-out. Show the login, and why, where `reason` says it.
   * `idleSeconds`: how long it was not used, where that is the reason.
   */
  readonly onSessionEnded?: (reason?: SessionEnd, idleSeconds?: number) => void;
  /**
   * Called after each login and refresh. The session ends if it is not refreshed within so many seconds.
   */
  readonly onSessionKept?: (kept: { readonly idleSeconds: number }) => void;
  /** For the operations of relying services: an access token of client credentials. */
  readonly accessToken?: () => string | Promise<string>;
  /** Milliseconds for one attempt: 15 000 by default, 30 000 at most, because API Gateway stops at 29 seconds. */
  readonly timeout?: number;
  /** Sent with every request, for example the `User-Agent` of an app. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: Fetch;
  /**
   * Makes the idempotency keys: 16 to 64 random letters, digits, hyphens or underscores, never the same twice. For platforms
   * without `crypto.getRandomValues`, such as React Native without a polyfill. From a cryptographic source: who guesses a
   * key can repeat the call.
   */
  readonly uuid?: () => string;
  /** For tests. */
  readonly runtime?: Partial<Runtime>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds for one attempt. */
  readonly timeout?: number;
  /**
   * A key of your own, for a call that goes on after a reload of the page. An operation without idempotency keys
   * ignores it.
   */
  readonly idempotencyKey?: string;
}

type Json = 'application/json';
type PathOf<Op> = Op extends { parameters: { path: infer Path } } ? Path : unknown;
type BodyOf<Op> = Op extends { requestBody: { content: { [J in Json]: infer Body } } }
  ? Body extends Record<string, never>
    ? unknown
    : // The client itself sets where tokens are kept.
      Omit<Body, 'tokens' | 'refreshToken'>
  : unknown;

/** The input of a call: the parameters of its path and the fields of its body, in one object. */
export type Input<Name extends OperationName> = PathOf<operations[Name]> & BodyOf<operations[Name]>;

type Success = 200 | 201 | 202 | 204;
type AnswersOf<Responses> = {
  [Status in keyof Responses & Success]: Responses[Status] extends {
    content: { [J in Json]: infer Body };
  }
    ? Body
    : undefined;
}[keyof Responses & Success];

/** The result of a call; undefined if the answer has no content. */
export type Answer<Name extends OperationName> = AnswersOf<operations[Name]['responses']>;

type Method<Name extends OperationName> = keyof Input<Name> extends never
  ? (options?: CallOptions) => Promise<Answer<Name>>
  : (input: Input<Name>, options?: CallOptions) => Promise<Answer<Name>>;

/** Maps over the table and not the schema, because the table has the doc comments. */
type Methods = {
  readonly [Name in keyof typeof table]: Name extends OperationName ? Method<Name> : never;
};

export interface Client extends Omit<Methods, 'refreshSession' | 'revokeSession'> {
  /**
   * Resolves with whether there is a session. Call it once when a page or an app starts. Other calls refresh by
   * themselves.
   * @throws NoAnswer and others if it could not be found out
   */
  refreshSession(options?: CallOptions): Promise<boolean>;
  /** Logs out. The tokens are forgotten at once, whatever the outcome of the call. */
  revokeSession(options?: CallOptions): Promise<void>;
  /**
   * Forgets the access token without a call: another tab has logged out, or has logged in another person. In cookie
   * mode `refreshSession` finds out who is logged in now.
   */
  forgetSession(): void;
  /**
   * A valid access token, for calls to Hawiya that this client does not make; undefined if no person is logged in. Never
   * send it to another service: its holder can act on the account.
   */
  getAccessToken(options?: CallOptions): Promise<string | undefined>;
  /**
   * A valid ID token, for your own server, which then knows who is logged in; undefined if no person is logged in. It
   * opens nothing at Hawiya.
   */
  getIdToken(options?: CallOptions): Promise<string | undefined>;
}
