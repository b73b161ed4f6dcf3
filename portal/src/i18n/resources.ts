import type arAccount from './ar/account.ts';
import type arCommon from './ar/common.ts';
import type arLogin from './ar/login.ts';
import type arPages from './ar/pages.ts';
import type arRegister from './ar/register.ts';
import type arReset from './ar/reset.ts';

/** The texts of each part, by their Arabic original: what a key may be. A new part has a line here. */
export interface Resources {
  account: typeof arAccount;
  common: typeof arCommon;
  login: typeof arLogin;
  pages: typeof arPages;
  register: typeof arRegister;
  reset: typeof arReset;
}

type Plural = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';
type IsPlural<Key> = Key extends `${string}_${Plural}` ? true : false;

/** What a translation of these texts has to have: English counts in one and other, Arabic in six ways. */
export type Translated<Texts> = {
  readonly [Key in keyof Texts as IsPlural<Key> extends true
    ? never
    : Key]: Texts[Key] extends string ? string : Translated<Texts[Key]>;
} & {
  readonly [Key in keyof Texts as Key extends `${string}_${'one' | 'other'}` ? Key : never]: string;
};
