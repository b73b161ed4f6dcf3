import type { Resources, Translated } from '../resources.ts';

export default {
  title: 'Are you still here?',
  lead: 'Others use this device too, and we have not seen you do anything for a while. To protect your account, we log you out in',
  stay: 'I am still here',
  leave: 'Log out',
  stayed: 'Go on: you are still logged in.',
  soon: 'We log you out in half a minute.',
} satisfies Translated<Resources['idle']>;
