/** The recording that each function is started with: a request that reaches the table where the function uses it. */
export const firstRequests: Readonly<Record<string, string>> = {
  registration: 'POST /registrations',
  'password-reset': 'POST /password-resets',
  verification: 'POST /challenges/{id}/verify, right code',
  transaction: 'POST /challenges',
  session: 'POST /sessions, known device',
  account: 'GET /account',
  'account-security': 'POST /account/terms',
  authenticators: 'POST /account/authenticators/totp',
  information: 'GET /health',
  'sms-sender': 'deliver a code',
  'event-publisher': 'publish an event',
};
