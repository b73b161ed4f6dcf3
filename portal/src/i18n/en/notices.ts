import type { Resources, Translated } from '../resources.ts';

export default {
  updated: 'Last updated: {{day}}',
  privacy: {
    title: 'Privacy',
    lead: 'What we know about you, why, for how long, and what you may ask for.',
    keep: {
      title: 'What we keep',
      given:
        'What you type: username, phone number, national ID or Iqama. The numbers are kept encrypted.',
      password: 'Your password, in a form that nobody can read: not we, not others.',
      log: 'The security log: when you logged in or changed something, the kind of device, the country.',
      not: 'Your health record is not kept here. It is with the health service that you use.',
    },
    why: {
      title: 'Why',
      prove: 'To make sure that it is you before the account opens.',
      warn: 'To tell you by SMS when something in your account changes.',
      guard: 'To count wrong tries, and to stop those who guess.',
    },
    long: {
      title: 'For how long',
      account: 'The account: until you close it. Then we erase it.',
      log: 'The security log: 12 months, or until you close the account.',
      code: 'A code: minutes. The code itself is not kept.',
      after:
        'After closing: one line without name or number for 12 months, and backups that are erased within weeks.',
    },
    who: {
      title: 'Who gets it',
      operator: 'The phone company: your number, and the SMS that we send you.',
      services:
        'The services you open with the account: that it is yours, and what they need to serve you.',
      nobody: 'We do not sell your data. There are no advertisements and no trackers here.',
    },
    browser: {
      title: 'What stays in your browser',
      session:
        'A cookie that keeps your account open, on a shared device until you close the browser; and one that remembers your own device.',
      choices: 'The language and the appearance that you chose.',
      opinion:
        'When you answer “Did this work?”, we count the answer and do not learn whose it is.',
    },
    rights: {
      title: 'What you may ask for',
      copy: 'A copy of your data: download it in your account.',
      correct: 'A correction: change your phone number in your account.',
      erase: 'Erasure: close your account whenever you like.',
      ask: 'A question or complaint: call us on 937. You may also complain to the authority for the Personal Data Protection Law.',
    },
  },
  accessibility: {
    title: 'Accessibility',
    lead: 'The portal is for everybody: who enlarges the text, listens to the screen, uses no mouse, or has an old phone.',
    works: {
      title: 'What works',
      keyboard: 'Everything works with the keyboard alone, and you always see where you are.',
      reader: 'A screen reader reads every field, every error, and whatever changes on the page.',
      zoom: 'Text grows to twice its size, and nothing gets lost.',
      colours: 'There is a light and a dark appearance, and nothing is told by its colour alone.',
      calm: 'Nothing flashes, and there are no picture puzzles. Fields take digits of Arabic keyboards.',
    },
    limits: {
      title: 'What does not work yet',
      script: 'The portal needs {{script}} in the browser.',
      sms: 'Codes come by SMS, not by a call. If that is hard for you, an authenticator app can replace it.',
      time: 'A code is valid for a short time, to protect you. When it is over, ask for another one.',
      tested: 'Neither independent experts nor people with disabilities have tested it yet.',
    },
    standard: {
      title: 'The standard',
      text: 'We follow {{standard}} at level {{level}}. A program checks every page and step in both languages before each release.',
    },
    tell: {
      title: 'Is something hard for you?',
      text: 'Tell us the page and what happened. If you cannot finish something here, call 937 and we help you with it.',
    },
  },
} satisfies Translated<Resources['notices']>;
