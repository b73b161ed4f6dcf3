import type { Resources, Translated } from '../resources.ts';

export default {
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
} satisfies Translated<Resources['contact']>;
