import type { OwnPurpose } from '../model/purpose.ts';
import type { Transaction } from '../model/transaction.ts';
import type { Language, Text } from '../values/language.ts';
import { isOnePart } from '../values/sms-parts.ts';

const purposes: Record<OwnPurpose, Text> = {
  registration: { ar: 'رمز فتح الحساب', en: 'Your code to open an account' },
  'password-reset': { ar: 'رمز كلمة المرور', en: 'Your code to reset your password' },
  login: { ar: 'رمز الدخول', en: 'Your code to log in' },
  'phone-change': { ar: 'رمز تغيير الجوال', en: 'Your code to use this phone' },
  'account-closing': { ar: 'رمز إغلاق حسابك', en: 'Your code to CLOSE your account' },
};

const keepSecret: Text = { ar: 'لا تشاركه', en: 'Never share it.' };

const full: Text = {
  ar: 'بلغ هذا الجوال الحد الأقصى من الحسابات، استخدم رقمًا آخر.',
  en: 'This phone already has the most accounts it may have. Use another number.',
};

/**
 * The SMS that carries a code. Western digits in both languages, so that phones recognise and fill it; the last
 * line binds it to the portal (origin-bound one-time codes, `@host #code`). An Arabic one has 70 characters in
 * all, 34 of them for that line: every word counts.
 */
export function codeMessage(
  purpose: OwnPurpose,
  language: Language,
  code: string,
  host: string,
): string {
  return `${purposes[purpose][language]}: ${code} ${keepSecret[language]}\n@${host} #${code}`;
}

const yourCode: Text = { ar: 'رمزك', en: 'Your code' };

/**
 * The SMS that asks somebody to approve what a relying service does: who asks, what it is, and the code that belongs to that
 * alone (dynamic linking, PSD2 RTS art. 5). It says that the code is a secret where there is room.
 */
export function transactionMessage(
  { serviceName, display }: Transaction,
  language: Language,
  code: string,
  host: string,
): string {
  const message = (warning: string) =>
    `${serviceName}: ${display}\n${yourCode[language]}: ${code}${warning}\n@${host} #${code}`;
  const warned = message(` ${keepSecret[language]}`);
  return isOnePart(warned) ? warned : message('');
}

/** The SMS to a phone that has all the accounts it may have: it says so and carries no code. */
export const phoneFullMessage = (language: Language): string => full[language];
