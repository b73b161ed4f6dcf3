import type { Resources, Translated } from '../resources.ts';

export default {
  title: 'Help',
  lead: 'Write your question in your own words, or pick one below.',
  label: 'Search the questions',
  hint: 'Such as: the code did not come',
  results: 'Results',
  found_one: 'One answer found.',
  found_other: '{{count}} answers found.',
  nothing:
    'No answer has these words. Try another word, or clear what you wrote to see all questions.',
  still: 'Your question is not here?',
  callText: 'At any hour, from any phone. Nobody will ask you for a code or a password.',
  pages: {
    register: 'Open an account',
    login: 'Log in',
    reset: 'Reset the password',
    username: 'Get the username by SMS',
    password: 'Change the password',
    sessions: 'Where I am logged in',
    phone: 'Change the phone number',
    authenticator: 'Authenticator app',
    privacy: 'Privacy page',
    accessibility: 'Accessibility page',
    close: 'Close the account',
  },
  topics: {
    open: 'Opening an account',
    enter: 'Logging in and passwords',
    code: 'Codes and messages',
    phone: 'Phone and authenticator app',
    safety: 'Safety',
    page: 'Your account and these pages',
  },
  questions: {
    openAccount: {
      question: 'How do I open an account?',
      answer:
        'Have your phone and your national ID or Iqama at hand. Write your phone number, then the code that comes by SMS, then your details.',
    },
    identityTaken: {
      question: 'It says my ID has an account, and I do not remember one',
      answer:
        'You may have opened it earlier: try “Forgot your password”. If you are sure it is not yours, call 937.',
    },
    sharedPhone: {
      question: 'Can several of us use one phone at home?',
      answer:
        'Yes. Each has an account and a password of their own, and all codes come to that phone. A phone may have only so many accounts; an SMS says when it is full.',
    },
    otherNumber: {
      question: 'My phone number is not accepted',
      answer:
        'A Saudi mobile number is needed, such as 0551234567, and no landline. Check the digits, or use another number.',
    },
    forElder: {
      question: 'I want to help my father or mother',
      answer:
        'Open the account with their ID and with a phone that stays with them. Sit with them when the code comes. Do not ask them for it by message or call.',
    },
    forgotPassword: {
      question: 'I forgot my password',
      answer:
        'Write your username and your national ID or Iqama, then the code that comes to your phone, then a new password.',
    },
    changePassword: {
      question: 'How do I change my password?',
      answer:
        'Log in, and write the current password, then the new one twice. Your sessions on other devices end.',
    },
    forgotUsername: {
      question: 'I forgot my username',
      answer: 'Write your national ID or Iqama and your phone number: the name comes by SMS.',
    },
    wrongPassword: {
      question: 'My password is not accepted',
      answer:
        'Press “Show” to see what you type, and check the language of the keyboard and capital letters. If it still fails, choose “Forgot your password”.',
    },
    tooMany: {
      question: 'It says “too many tries”',
      answer:
        'Somebody may have tried passwords at your username. We then ask for your phone first, and your password after it. If that is used up too, reset the password: it lets you in at once.',
    },
    loggedOut: {
      question: 'Why was I logged out?',
      answer:
        'A session ends when you are away for long, when the password is changed, or when another device ends it. Log in again.',
    },
    sharedComputer: {
      question: 'I am on a computer that is not mine',
      answer:
        'Do not tick “This is my own device”, and log out when you are done. You are logged out anyway when you close the browser, or are away for a while. If you forgot, end the session from your phone under “Where you are logged in”.',
    },
    noCode: {
      question: 'The SMS with the code did not come',
      answer:
        'Wait a minute, and check your signal and the last digits of the number. Look at your blocked messages, then press “Send the SMS again”.',
    },
    wrongCode: {
      question: 'The code is wrong, or its time is over',
      answer:
        'Type the code of the latest SMS. A code is valid for a short time: if it is over, ask for a new one. Nothing of your account is lost.',
    },
    codeUnasked: {
      question: 'I got a code that I did not ask for',
      answer:
        'Somebody may have mistyped their number, or tried your account. Nobody gets in without the code, so give it to nobody. If it happens again, change your password.',
    },
    phoneLost: {
      question: 'My phone is lost or stolen, or my number is gone',
      answer:
        'Get a replacement SIM with the same number, and codes come to it. Or use a recovery code. If the number is no longer yours, call 937.',
    },
    changePhone: {
      question: 'How do I change my phone number?',
      answer:
        'Log in and choose “Change the phone number”. For the first 24 hours, codes to reset the password go to the former number, to protect you.',
    },
    app: {
      question: 'What is an authenticator app?',
      answer:
        'An app on your phone that gives you the code to log in without SMS or network. You add it in your account, and keep recovery codes with it.',
    },
    appLost: {
      question: 'I lost the authenticator app',
      answer:
        'Log in with one of the recovery codes you kept, then move the app to your new device in your account. If you cannot find them, call 937.',
    },
    stranger: {
      question: 'An SMS tells of a login or a change that was not me',
      answer: 'Reset your password now: that ends all sessions on all devices. Then call 937.',
    },
    asksCode: {
      question: 'Somebody asks me for the code or the password',
      answer:
        'Give them to nobody, even if they say they are from the ministry or the bank. We never ask for them. End the call. If you gave them, reset your password at once.',
    },
    realSite: {
      question: 'How do I know the site is not fake?',
      answer:
        'Open the strip on top of the page and do what it says. Do not follow a link in a message: type the address yourself.',
    },
    myData: {
      question: 'What do you keep about me, and how do I get it?',
      answer:
        'The privacy page says what. In your account you can download a copy of everything we keep about you.',
    },
    close: {
      question: 'How do I close my account?',
      answer:
        'Log in and choose “Close the account”. We erase your data for good, and you can open a new account whenever you like.',
    },
    look: {
      question: 'The text is small, or I want another language',
      answer:
        'Zoom with two fingers or in the settings of your browser. The language is on top of the page, light or dark at its bottom.',
    },
    broken: {
      question: 'The page is slow or does not work',
      answer:
        'Check your connection and reload the page. If it happens again, try another browser. Nothing that you sent is sent twice.',
    },
  },
} satisfies Translated<Resources['help']>;
