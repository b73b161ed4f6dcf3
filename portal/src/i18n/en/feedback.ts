import type { Resources, Translated } from '../resources.ts';

export default {
  question: 'Did this work?',
  about: 'We count the answers to improve these pages, and do not learn whose they are.',
  yes: 'Yes',
  no: 'No',
  thanks: 'Thank you.',
  sorry: 'We are sorry, and thank you for telling us.',
  help: 'Look for an answer in the help',
  lost: 'Your answer did not reach us. You can press again; your account is not affected.',
} satisfies Translated<Resources['feedback']>;
