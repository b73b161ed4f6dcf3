import type { Resources, Translated } from '../resources.ts';

export default {
  title: 'Open an account',
  steps: { phone: 'Phone', code: 'Code', details: 'Your details', done: 'Done' },
  phone: {
    title: 'What is your mobile number?',
    lead: 'We send a code to it to make sure you have it with you, and use it whenever you log in.',
    label: 'Mobile number',
    hint: 'Such as 0551234567',
    send: 'Send the code',
    have: 'Already have an account?',
  },
  details: {
    title: 'Your details',
    lead: 'Your phone is verified. Fill in these details to open your account.',
    nationalId: 'National ID or Iqama number',
    nationalIdHint: '10 digits, the first 1 or 2',
    username: 'Username',
    usernameHint: 'You log in with it each time',
    password: 'Password',
    readTerms: 'Read the terms of use of the portal',
    accept: 'I accept the “{{title}}”, version {{version}}.',
    mustAccept: 'The account opens only if you accept the terms.',
    lapsed: 'We have to verify your phone once more. What you typed stays.',
    newCode: 'Send a new code to the same phone',
    open: 'Open the account',
    forgot: 'Forgot your password?',
    maybeOpen:
      'If you sent them before and lost the connection, your account may be open already: try to log in.',
  },
  done: {
    title: 'Your account is open',
    lead: 'Your username:',
    loggedIn: 'You are logged in. Keep your username: you log in with it the next time.',
    next: 'Log in now to reach the services.',
  },
} satisfies Translated<Resources['register']>;
