/** The functions that answer HTTP, by flow. */
export type Flow =
  | 'account'
  | 'account-security'
  | 'authenticators'
  | 'information'
  | 'password-reset'
  | 'registration'
  | 'session'
  | 'verification';

export interface Route {
  readonly method: 'DELETE' | 'GET' | 'POST';
  readonly path: string;
  readonly flow: Flow;
  /** Needs an access token; every other route is public. */
  readonly bearer?: true;
}

/** The API, one line a call. */
export const routes: Route[] = [
  { method: 'POST', path: '/registrations', flow: 'registration' },
  { method: 'POST', path: '/registrations/complete', flow: 'registration' },
  { method: 'POST', path: '/password-resets', flow: 'password-reset' },
  { method: 'POST', path: '/password-resets/complete', flow: 'password-reset' },
  { method: 'GET', path: '/challenges/{id}', flow: 'verification' },
  { method: 'POST', path: '/challenges/{id}/send', flow: 'verification' },
  { method: 'POST', path: '/challenges/{id}/verify', flow: 'verification' },
  { method: 'POST', path: '/sessions', flow: 'session' },
  { method: 'POST', path: '/sessions/complete', flow: 'session' },
  { method: 'POST', path: '/sessions/refresh', flow: 'session' },
  { method: 'POST', path: '/sessions/revoke', flow: 'session' },
  { method: 'GET', path: '/account', flow: 'account', bearer: true },
  { method: 'GET', path: '/account/sessions', flow: 'account', bearer: true },
  { method: 'DELETE', path: '/account/sessions', flow: 'account', bearer: true },
  { method: 'DELETE', path: '/account/sessions/{id}', flow: 'account', bearer: true },
  { method: 'GET', path: '/account/export', flow: 'account', bearer: true },
  { method: 'POST', path: '/account/password', flow: 'account-security', bearer: true },
  { method: 'POST', path: '/account/phone', flow: 'account-security', bearer: true },
  { method: 'POST', path: '/account/phone/complete', flow: 'account-security', bearer: true },
  { method: 'POST', path: '/account/terms', flow: 'account-security', bearer: true },
  { method: 'POST', path: '/account/close', flow: 'account-security', bearer: true },
  { method: 'POST', path: '/account/close/complete', flow: 'account-security', bearer: true },
  { method: 'POST', path: '/account/authenticators/totp', flow: 'authenticators', bearer: true },
  { method: 'DELETE', path: '/account/authenticators/totp', flow: 'authenticators', bearer: true },
  {
    ...{ method: 'POST', path: '/account/authenticators/totp/confirm' },
    ...{ flow: 'authenticators', bearer: true },
  },
  { method: 'POST', path: '/account/recovery-codes', flow: 'authenticators', bearer: true },
  { method: 'GET', path: '/terms', flow: 'information' },
  { method: 'GET', path: '/health', flow: 'information' },
  { method: 'GET', path: '/openapi.json', flow: 'information' },
];
