/** The functions that answer HTTP, by flow. */
export type Flow =
  | 'account'
  | 'account-security'
  | 'authenticators'
  | 'information'
  | 'password-reset'
  | 'registration'
  | 'session'
  | 'transaction'
  | 'verification';

export interface Route {
  readonly method: 'DELETE' | 'GET' | 'POST';
  readonly path: string;
  readonly flow: Flow;
  /** The kind of access token it requires: a person's, or a relying service's. A route without it is public. */
  readonly token?: 'subscriber' | 'service';
}

/** The scopes that a person's access token may have. A stage's `accessTokenScope` chooses one. */
export const subscriberScopes = {
  /** What Cognito gives every person. It also opens Cognito's own calls, such as `DeleteUser`. */
  cognito: 'aws.cognito.signin.user.admin',
  /** What the function `token-scope` puts in its place. It opens Hawiya's routes and nothing else. */
  hawiya: 'hawiya/account',
};

/** The scope of a relying service's token. With other scopes, neither kind of token opens the other's routes. */
export const serviceScope = 'otp/challenge';

const person = { token: 'subscriber' } as const;
const machine = { token: 'service' } as const;

const table = [
  { method: 'POST', path: '/registrations', flow: 'registration' },
  { method: 'POST', path: '/registrations/complete', flow: 'registration' },
  { method: 'POST', path: '/password-resets', flow: 'password-reset' },
  { method: 'POST', path: '/password-resets/complete', flow: 'password-reset' },
  { method: 'POST', path: '/username-reminders', flow: 'password-reset' },
  { method: 'POST', path: '/challenges', flow: 'transaction', ...machine },
  { method: 'GET', path: '/challenges/{id}', flow: 'verification' },
  { method: 'POST', path: '/challenges/{id}/send', flow: 'verification' },
  { method: 'POST', path: '/challenges/{id}/verify', flow: 'verification' },
  { method: 'POST', path: '/tickets/extend', flow: 'verification' },
  { method: 'POST', path: '/tickets/introspect', flow: 'transaction', ...machine },
  { method: 'POST', path: '/sessions', flow: 'session' },
  { method: 'POST', path: '/sessions/complete', flow: 'session' },
  { method: 'POST', path: '/sessions/refresh', flow: 'session' },
  { method: 'POST', path: '/sessions/revoke', flow: 'session' },
  { method: 'GET', path: '/account', flow: 'account', ...person },
  { method: 'GET', path: '/account/sessions', flow: 'account', ...person },
  { method: 'DELETE', path: '/account/sessions', flow: 'session', ...person },
  { method: 'DELETE', path: '/account/sessions/{id}', flow: 'session', ...person },
  { method: 'GET', path: '/account/export', flow: 'account', ...person },
  { method: 'POST', path: '/account/password', flow: 'account-security', ...person },
  { method: 'POST', path: '/account/phone', flow: 'account-security', ...person },
  { method: 'POST', path: '/account/phone/complete', flow: 'account-security', ...person },
  { method: 'POST', path: '/account/terms', flow: 'account-security', ...person },
  { method: 'POST', path: '/account/close', flow: 'account-security', ...person },
  { method: 'POST', path: '/account/close/complete', flow: 'account-security', ...person },
  { method: 'POST', path: '/account/authenticators/totp', flow: 'authenticators', ...person },
  { method: 'DELETE', path: '/account/authenticators/totp', flow: 'authenticators', ...person },
  {
    method: 'POST',
    path: '/account/authenticators/totp/confirm',
    flow: 'authenticators',
    ...person,
  },
  { method: 'POST', path: '/account/recovery-codes', flow: 'authenticators', ...person },
  { method: 'GET', path: '/terms', flow: 'information' },
  { method: 'POST', path: '/feedback', flow: 'information' },
  { method: 'GET', path: '/health', flow: 'information' },
  { method: 'GET', path: '/openapi.json', flow: 'information' },
] as const satisfies readonly Route[];

/** The API, one entry for each call. Handlers, API Gateway, the OpenAPI document and the client all follow it. */
export const routes: readonly Route[] = table;

/** Each path of the API once. */
export const callPaths: readonly string[] = [...new Set(routes.map(({ path }) => path))];

type RouteOf<F extends Flow> = Extract<(typeof table)[number], { readonly flow: F }>;

/** `POST /sessions`: how a handler names each route of its flow. */
export type RouteKey<F extends Flow> = {
  [R in RouteOf<F> as `${R['method']} ${R['path']}`]: R;
} extends infer Keys
  ? keyof Keys & string
  : never;
