// Made from docs/openapi.json by `npm run openapi`. Change it there.

export const operations = {
  /** Send a code to the phone of a new account */
  startRegistration: {
    method: 'POST',
    path: '/registrations',
    body: true,
    keyed: true,
  },
  /** Open the account */
  completeRegistration: {
    method: 'POST',
    path: '/registrations/complete',
    body: true,
    keyed: true,
  },
  /** Start the reset of a forgotten password */
  startPasswordReset: {
    method: 'POST',
    path: '/password-resets',
    body: true,
    keyed: true,
  },
  /** Set the new password */
  completePasswordReset: {
    method: 'POST',
    path: '/password-resets/complete',
    body: true,
    keyed: true,
    tries: true,
  },
  /** Text a forgotten username to its phone */
  remindUsername: {
    method: 'POST',
    path: '/username-reminders',
    body: true,
  },
  /** Have a person approve a transaction by code */
  startTransaction: {
    method: 'POST',
    path: '/challenges',
    body: true,
    bearer: 'service',
    keyed: true,
  },
  /** Read a challenge, and where its SMS is */
  readChallenge: {
    method: 'GET',
    path: '/challenges/{id}',
  },
  /** Send the code, or send it again */
  sendChallenge: {
    method: 'POST',
    path: '/challenges/{id}/send',
    body: true,
  },
  /** Verify a code */
  verifyChallenge: {
    method: 'POST',
    path: '/challenges/{id}/verify',
    body: true,
    keyed: true,
    tries: true,
  },
  /** Get more time for a form */
  extendTicket: {
    method: 'POST',
    path: '/tickets/extend',
    body: true,
  },
  /** Check the ticket of a transaction */
  introspectTicket: {
    method: 'POST',
    path: '/tickets/introspect',
    body: true,
    bearer: 'service',
    keyed: true,
  },
  /** Log in with username and password */
  logIn: {
    method: 'POST',
    path: '/sessions',
    body: true,
    keyed: true,
    tries: true,
    cookies: true,
  },
  /** Log in with the ticket of a second factor */
  completeLogin: {
    method: 'POST',
    path: '/sessions/complete',
    body: true,
    keyed: true,
    cookies: true,
  },
  /** Exchange the refresh token for fresh tokens */
  refreshSession: {
    method: 'POST',
    path: '/sessions/refresh',
    body: true,
    cookies: true,
  },
  /** Log out */
  revokeSession: {
    method: 'POST',
    path: '/sessions/revoke',
    body: true,
    cookies: true,
  },
  /** Read the account */
  readAccount: {
    method: 'GET',
    path: '/account',
    bearer: 'session',
  },
  /** List the sessions */
  listSessions: {
    method: 'GET',
    path: '/account/sessions',
    bearer: 'session',
  },
  /** End all other sessions */
  endOtherSessions: {
    method: 'DELETE',
    path: '/account/sessions',
    bearer: 'session',
  },
  /** End one session */
  endSession: {
    method: 'DELETE',
    path: '/account/sessions/{id}',
    bearer: 'session',
  },
  /** Export everything that is kept of the person */
  exportAccount: {
    method: 'GET',
    path: '/account/export',
    bearer: 'session',
  },
  /** Change the password */
  changePassword: {
    method: 'POST',
    path: '/account/password',
    body: true,
    bearer: 'session',
    tries: true,
  },
  /** Send a code to the new phone */
  startPhoneChange: {
    method: 'POST',
    path: '/account/phone',
    body: true,
    bearer: 'session',
    keyed: true,
    tries: true,
  },
  /** Move the account to the new phone */
  completePhoneChange: {
    method: 'POST',
    path: '/account/phone/complete',
    body: true,
    bearer: 'session',
    tries: true,
  },
  /** Accept the current terms of use */
  acceptTerms: {
    method: 'POST',
    path: '/account/terms',
    body: true,
    bearer: 'session',
  },
  /** Ask to close the account */
  startClosing: {
    method: 'POST',
    path: '/account/close',
    body: true,
    bearer: 'session',
    keyed: true,
    tries: true,
  },
  /** Close the account for good */
  completeClosing: {
    method: 'POST',
    path: '/account/close/complete',
    body: true,
    bearer: 'session',
  },
  /** Get a secret for an authenticator app */
  offerTotp: {
    method: 'POST',
    path: '/account/authenticators/totp',
    body: true,
    bearer: 'session',
    tries: true,
  },
  /** Remove the authenticator app */
  removeTotp: {
    method: 'DELETE',
    path: '/account/authenticators/totp',
    body: true,
    bearer: 'session',
    tries: true,
  },
  /** Confirm the authenticator app with a code */
  confirmTotp: {
    method: 'POST',
    path: '/account/authenticators/totp/confirm',
    body: true,
    bearer: 'session',
    tries: true,
  },
  /** Make new recovery codes */
  renewRecoveryCodes: {
    method: 'POST',
    path: '/account/recovery-codes',
    body: true,
    bearer: 'session',
    tries: true,
  },
  /** Read the terms of use */
  readTerms: {
    method: 'GET',
    path: '/terms',
  },
  /** Say whether a flow worked */
  giveFeedback: {
    method: 'POST',
    path: '/feedback',
    body: true,
  },
  /** Ask whether the API answers */
  readHealth: {
    method: 'GET',
    path: '/health',
  },
  /** Read this document */
  readOpenApi: {
    method: 'GET',
    path: '/openapi.json',
  },
} as const;

export const problemCodes = [
  'invalid_request',
  'code_incorrect',
  'credentials_incorrect',
  'unauthenticated',
  'cross_site_request',
  'second_factor_required',
  'not_found',
  'username_taken',
  'identity_registered',
  'phone_full',
  'challenge_expired',
  'ticket_invalid',
  'destination_unsupported',
  'password_rejected',
  'terms_outdated',
  'challenge_locked',
  'too_many_requests',
  'unavailable',
] as const;
