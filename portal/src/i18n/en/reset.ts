import type { Resources, Translated } from '../resources.ts';

export default {
  title: 'Forgot your password',
  steps: { who: 'Your details', send: 'Send the code', code: 'Code', password: 'Password' },
  identify: {
    title: 'Let us make sure it is your account',
    lead: 'Write your username and your national ID or Iqama number. We send nothing before you ask for it.',
    username: 'Username',
    nationalId: 'National ID or Iqama number',
    nationalIdHint: '10 digits, the first 1 or 2',
    next: 'Next',
    forgotUsername: 'Forgot your username?',
    remembered: 'Remembered it?',
  },
  send: {
    title: 'Do you have your phone with you?',
    to: 'If your details are right, we will send a code to the phone of the account.',
    send: 'Send the code',
    change: 'Change your details',
  },
  code: {
    to: 'If your details are right, we sent a code to the phone of the account.',
    late: {
      queued: 'It may take a minute when networks are busy. Keep this page open.',
      sent: 'Check your signal and your details, then ask for the SMS again.',
      failed: 'This code no longer works. Check your details and start again.',
    },
    helpTitle: 'Nothing came?',
    help: 'Check your username and your national ID. To protect people, we say here neither whether there is such an account nor which phone it has. Where many share a phone, wait an hour. In the 24 hours after a change of the phone number, the code goes to the former phone. For help call us on 937.',
  },
  password: {
    title: 'A new password',
    lead: 'You then log in with it, and your sessions on all devices end.',
    first: 'New password',
    again: 'New password again',
    lapsed:
      'Start again to get a new code. Your username and your ID are still there; the passwords are typed again.',
    reset: 'Reset the password',
    maybeDone:
      'If you sent it before and lost the connection, it may be changed already: try to log in with the new one.',
  },
  restored: {
    title: 'Your former phone is back',
    noPassword: 'No password was set',
    from: 'The phone of the account was changed less than 24 hours ago. You can set a new password from {{instant}}.',
    ended: 'The change is undone, and all sessions have ended. An SMS to both phones says so.',
    next: 'Come back then and reset the password. If you did not expect the change, call us on 937 now.',
    home: 'To the first page',
  },
  done: {
    title: 'Your password is changed',
    loggedIn: 'You are logged in. Your sessions on all other devices have ended.',
  },
  factor: {
    noneTitle: 'Neither the app nor a recovery code?',
    none: 'No SMS gets past this protection, so that whoever takes your phone does not take your account. Call us on 937 from any phone.',
  },
} satisfies Translated<Resources['reset']>;
