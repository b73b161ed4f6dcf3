import type { Resources, Translated } from '../resources.ts';

export default {
  title: 'Log in',
  name: 'Username, national ID or Iqama number',
  username: 'Username',
  password: 'Password',
  ownDevice: 'This is my own device',
  ownDeviceHint:
    'You stay logged in, and for a while logging in here takes no code. Leave it off where others use the device too: you are then logged out when you close the browser, or are away for a while.',
  enter: 'Log in',
  forgot: 'Forgot your password?',
  forgotUsername: 'Forgot your username?',
  noAccount: 'No account yet?',
  toGoOn: 'Log in to reach the page you asked for.',
  changed: {
    title: 'Your password is changed',
    text: 'Log in with the new one. Your sessions on all devices have ended.',
  },
  limit: {
    account: 'The tries at this username are used up, perhaps by somebody else.',
    'national-id':
      'Many logins with national IDs have failed, of anybody. For now, log in with your username.',
    address: 'Your network has made many tries. Another one, such as mobile data, helps at once.',
  },
  phoneFirst: {
    title: 'First your phone, then your password',
    lead: 'Many passwords were tried here, perhaps by somebody else. So that you are not kept out, we first make sure that it is you.',
    send: 'Send a code to my registered phone',
    typed:
      'If this username has an account, its phone gets a code now. Your password comes after it.',
    proved: 'Your phone is proved. Now type your password.',
  },
  idleFor: 'You were away for {{time}}. Log in again to go on.',
  ended: {
    expired: 'It had reached its longest time. Log in again to go on.',
    idle: 'You were away for too long. Log in again to go on.',
    'log-out': 'You logged out in another window.',
    owner: 'It was ended from another device. If that was not you, reset the password.',
    'password-changed':
      'The password was changed. Log in with the new one. If that was not you, reset it.',
    'phone-restored': 'A change of the mobile number was undone, which ends every session.',
    reuse:
      'Its key was used twice, perhaps by somebody else. If you see more that you do not know, reset the password.',
  },
  app: {
    title: 'Type the code of your app',
    lead: 'Your account is protected by an authenticator app. Type the code it shows now.',
  },
  recovery: {
    title: 'Type a recovery code',
    lead: 'Use one of the codes you kept when you added the app.',
  },
  otherUsername: 'Log in as somebody else',
  useSms: 'Send a code to my phone',
  lateFailed: 'The operator did not take it. Send it again, or call us on 937.',
  lost: {
    title: 'No phone at hand?',
    sms: 'The code goes to your registered number only. A replacement SIM with the same number gets it too. If the number is no longer yours, call us on 937 from any phone.',
    more: 'Use one of the recovery codes you kept, or your authenticator app on another device. If you have none of them, call us on 937 from any phone.',
  },
} satisfies Translated<Resources['login']>;
