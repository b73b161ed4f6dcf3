import type { Resources, Translated } from '../resources.ts';

export default {
  title: 'Forgot your username',
  ask: {
    title: 'We text you your username',
    lead: 'Write your national ID or Iqama number, and the phone number of your account.',
    nationalId: 'National ID or Iqama number',
    nationalIdHint: '10 digits, the first 1 or 2',
    phone: 'Mobile number of the account',
    phoneHint: 'Such as 0551234567',
    send: 'Text me the username',
    remembered: 'Remembered it?',
  },
  sent: {
    title: 'Look at your phone',
    text: 'If both are of one account, an SMS with your username is on its way. It may take a minute.',
    next: 'Keep the SMS: you log in with that name.',
    logIn: 'Log in',
    forgotPassword: 'Forgot your password, too?',
    helpTitle: 'Nothing came?',
    help: 'Check both numbers: the phone is the one you opened the account with, or changed it to. In the 24 hours after a change it is the former one. To protect people, we say here neither whether there is such an account nor which phone it has. The SMS comes once an hour and twice a day. For help call us on 937.',
    change: 'Check the numbers and send again',
  },
} satisfies Translated<Resources['username']>;
