import type { Resources, Translated } from '../resources.ts';

export default {
  title: 'Turn on {{script}} in your browser',
  reading: 'You are reading this page without {{script}}. The rest of the portal needs it.',
  needs: 'These need it: logging in, opening an account, the password, and all of your account.',
  howTitle: 'How do I turn it on?',
  how: {
    android:
      'In {{browser}} on an Android phone: open the menu, then Settings, then Site settings, and allow {{script}}.',
    iphone:
      'In {{browser}} on an iPhone: open the Settings of the phone, then Apps, then {{browser}}, then Advanced, and turn on {{script}}.',
    computer: 'On a computer: look for {{script}} in the settings of the browser, and allow it.',
    blocker: 'If an extension blocks it, allow it for this site.',
    reload: 'Then load the page again.',
  },
  cannotTitle: 'You cannot turn it on?',
  cannot:
    'Call at any hour, and we help you with what you came for. Nobody will ask you for a code or a password.',
  readable: 'These pages can be read without it:',
} satisfies Translated<Resources['noscript']>;
