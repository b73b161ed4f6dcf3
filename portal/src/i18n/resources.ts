import type arAccount from './ar/account.ts';
import type arCommon from './ar/common.ts';
import type arContact from './ar/contact.ts';
import type arFeedback from './ar/feedback.ts';
import type arHelp from './ar/help.ts';
import type arIdle from './ar/idle.ts';
import type arLogin from './ar/login.ts';
import type arNoscript from './ar/noscript.ts';
import type arNotices from './ar/notices.ts';
import type arPages from './ar/pages.ts';
import type arRegister from './ar/register.ts';
import type arReset from './ar/reset.ts';
import type arUsername from './ar/username.ts';

/** The texts of each part. The Arabic original defines the keys. Add a line here for a new part. */
export interface Resources {
  account: typeof arAccount;
  common: typeof arCommon;
  contact: typeof arContact;
  feedback: typeof arFeedback;
  help: typeof arHelp;
  idle: typeof arIdle;
  login: typeof arLogin;
  noscript: typeof arNoscript;
  notices: typeof arNotices;
  pages: typeof arPages;
  register: typeof arRegister;
  reset: typeof arReset;
  username: typeof arUsername;
}

type Plural = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';
type IsPlural<Key> = Key extends `${string}_${Plural}` ? true : false;

type Singular<Key extends string> = Key extends `${infer Base}_${Plural}` ? Base : Key;
type KeyOf<Texts> = {
  [Key in keyof Texts & string]: Texts[Key] extends string
    ? Singular<Key>
    : `${Key}.${KeyOf<Texts[Key]>}`;
}[keyof Texts & string];

/** The name of a text: its key in the part `common`, and `part:key` elsewhere. A plural's name has no form. */
export type TextKey = {
  [Part in keyof Resources]: Part extends 'common'
    ? KeyOf<Resources[Part]>
    : `${Part}:${KeyOf<Resources[Part]>}`;
}[keyof Resources];

/** The type of a translation. English has two plural forms, `one` and `other`; Arabic has six. */
export type Translated<Texts> = {
  readonly [Key in keyof Texts as IsPlural<Key> extends true
    ? never
    : Key]: Texts[Key] extends string ? string : Translated<Texts[Key]>;
} & {
  readonly [Key in keyof Texts as Key extends `${string}_${'one' | 'other'}` ? Key : never]: string;
};
