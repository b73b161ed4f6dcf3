import type { Resources, Translated } from '../resources.ts';

export default {
  home: {
    title: 'One account for your health services',
    short: 'Home',
    lead: 'It opens the ministry’s services: sick leave, prescriptions, children’s vaccinations and more.',
    logIn: 'With your username and password',
    openAccount: 'You need your phone and your national ID or Iqama',
    loggedInAs: 'You are logged in as',
    forgot: 'Forgot your password?',
    whatTitle: 'What is Hawiya?',
    what: 'Hawiya is your way into the health portal: it makes sure that it is you, and opens the services.',
    whatCode: 'We send a code to your phone, so a stolen password is not enough to get in.',
    whatNever:
      'We never ask for your code by phone, and never send a link to type your password into.',
    helpTitle: 'A question about your health, or about the portal?',
    help: 'Specialist doctors answer round the clock.',
    call: 'Call 937',
  },
  terms: {
    title: 'Terms of use',
    version: 'Version {{version}}',
  },
  contact: {
    lead: 'We are here round the clock.',
    callTitle: 'Call centre',
    call: 'Call {{number}}',
    callFor: 'Call it for:',
    reasons: {
      health: 'a medical question, answered by a specialist doctor at any hour',
      poison: 'advice on poisoning',
      follow: 'following your case until it is closed',
      complain: 'complaints and reports',
    },
    emailTitle: 'E-mail',
    xTitle: 'On X',
    failed: 'The addresses could not be shown. You can call 937.',
  },
  notFound: {
    title: 'There is no page at this address',
    text: 'The address may have changed, or been mistyped.',
    home: 'To the home page',
  },
} satisfies Translated<Resources['pages']>;
