/** The functions that answer HTTP, by flow. */
export type Flow =
  | 'account'
  | 'information'
  | 'password-reset'
  | 'registration'
  | 'session'
  | 'verification';

interface Route {
  readonly method: 'GET' | 'POST';
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
  { method: 'POST', path: '/sessions/refresh', flow: 'session' },
  { method: 'POST', path: '/sessions/revoke', flow: 'session' },
  { method: 'GET', path: '/account', flow: 'account', bearer: true },
  { method: 'GET', path: '/terms', flow: 'information' },
  { method: 'GET', path: '/health', flow: 'information' },
];
