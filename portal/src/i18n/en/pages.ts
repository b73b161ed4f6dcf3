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
  },
  notFound: {
    title: 'There is no page at this address',
    text: 'The address may have changed, or been mistyped.',
    home: 'To the home page',
  },
} satisfies Translated<Resources['pages']>;
