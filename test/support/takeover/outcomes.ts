import type { AttackName } from './attacks.ts';

/** What an attacker gains inside a function, and why the walls end there. */
export interface Outcome {
  /** The attacks that succeed. `test/security/taken-over.test.ts` tries all of them, from every function. */
  readonly succeed: readonly AttackName[];
  /** What remains, and why. One sentence each. */
  readonly remains: string;
  /** What shows it to an operator or to the owner. */
  readonly shownBy: string;
}

export const outcomes: Readonly<Record<string, Outcome>> = {
  information: {
    succeed: [],
    remains: 'Nothing: it reads no key and no item.',
    shownBy: '—',
  },
  'event-publisher': {
    succeed: [],
    remains: 'It puts events of its own on the bus, which subscribers take for real.',
    shownBy: 'An event on the bus that the table does not hold.',
  },
  'sms-receipts': {
    succeed: [],
    remains: 'It reports delivered what was not, or has an SMS sent once more a provider.',
    shownBy: 'The money of the day (`SmsBreakerOpened`).',
  },
  transaction: {
    succeed: [],
    remains:
      'It has people approve transactions of any relying service, and uses up those services’ budgets. It reaches no account and no other flow’s challenge.',
    shownBy: 'The owner reads the transaction in the SMS.',
  },
  account: {
    succeed: ['write an event', 'read a phone'],
    remains:
      'It reads what the account page shows of everybody: phones, masked IDs, sessions, events. It writes events that say that data was exported.',
    shownBy: '`data.exported` events in masses.',
  },
  authenticators: {
    succeed: ['replace the second factors', 'write an event'],
    remains:
      'It enrols apps, which is its work. The app alone opens nothing: the password or the phone is missing.',
    shownBy:
      '`sms-sender` tells the owner of an account whose app or codes were replaced, whatever function wrote that.',
  },
  verification: {
    succeed: [
      'sign a proof and set a password with its ticket',
      'publish a key of its own and set a password with its ticket',
      'know the code of a reset',
      'give back the attempts at a reset’s code',
      'replace the second factors',
      'write an event',
      'read a phone',
      'use up an account’s budgets',
    ],
    remains:
      'It signs the proofs, so it opens every account that has no authenticator app. It has the fewest lines for that reason.',
    shownBy: 'The owner gets the notice of the new password, and the event `password.reset`.',
  },
  'sms-sender': {
    succeed: [
      'know the code of a reset',
      'give back the attempts at a reset’s code',
      'text any phone',
      'use up an account’s budgets',
    ],
    remains:
      'It derives the codes that it sends, so it opens accounts that have no authenticator app, one challenge after the other. Once the keys of tags have rotated, it reads accounts, with their phones and the secrets of their apps. Before, it sees those that the stream shows.',
    shownBy:
      'The owner gets the notice of the new password, unless the sender drops it. `password.reset` events do not pass it.',
  },
  registration: {
    succeed: [
      'set a password at the directory',
      'replace the account by one of its own',
      'end the account',
      'write an event',
      'read a phone',
      'read a username',
      'use up an account’s budgets',
    ],
    remains:
      'It creates accounts and sets their first passwords. No condition on attributes keeps a put from an active account. The put can give it no user, so it must be opened anew.',
    shownBy:
      '`sms-sender` tells the phone of an account that is replaced or ended, whatever function wrote that.',
  },
  'password-reset': {
    succeed: [
      'give back the attempts at a reset’s code',
      'skip the second factor of a reset',
      'set a password at the directory',
      'move the account to its own phone',
      'end the account',
      'replace the second factors',
      'end a session',
      'write an event',
      'text any phone',
      'read a phone',
      'read a username',
      'use up an account’s budgets',
    ],
    remains:
      'It sets passwords, which is its work. A login on a new device still needs a second factor.',
    shownBy:
      'The login’s SMS or notice reaches the owner. A move of the phone is told by `sms-sender`.',
  },
  'account-security': {
    succeed: [
      'set a password at the directory',
      'move the account to its own phone',
      'end the account',
      'replace the second factors',
      'use a session',
      'use the directory’s token of a session',
      'end a session',
      'write an event',
      'text any phone',
      'read a phone',
      'use up an account’s budgets',
    ],
    remains: 'It changes passwords and phones and closes accounts, which is its work.',
    shownBy: '`sms-sender` tells the phone that loses an account, and the owner of a closed one.',
  },
  session: {
    succeed: [
      'use a session',
      'use the directory’s token of a session',
      'end a session',
      'write an event',
      'text any phone',
      'read a phone',
      'read a username',
      'use up an account’s budgets',
    ],
    remains:
      'It issues the tokens of every session that exists. It can set no password and move no phone.',
    shownBy: 'A refresh by somebody else ends the session of both (`session.reuse-detected`).',
  },
};
