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
  'phone-first': { ar: 'رمز بدء الدخول', en: 'Your code to begin to log in' },
};

const keepSecret: Text = { ar: 'لا تشاركه', en: 'Never share it.' };

const full: Text = {
  ar: 'بلغ هذا الجوال الحد الأقصى من الحسابات، استخدم رقمًا آخر.',
  en: 'This phone already has the most accounts it may have. Use another number.',
};

/**
 * Writes the SMS that carries a code. The digits are Western in both languages, so that phones recognise the code and
 * fill it in. The last line binds the code to the portal (origin-bound one-time codes, `@host #code`). An Arabic SMS
 * holds 70 characters, and this line takes 34 of them.
 * @param name the masked username, where the phone has several accounts. It stands on a line of its own, because Latin
 *   letters inside an Arabic line change places on some phones, and is left out where it would need a second part
 */
export function codeMessage(
  purpose: OwnPurpose,
  language: Language,
  code: string,
  host: string,
  name?: string,
): string {
  const sentence = `${purposes[purpose][language]}: ${code} ${keepSecret[language]}`;
  const binding = `@${host} #${code}`;
  const named = [sentence, name, binding].join('\n');
  return name !== undefined && isOnePart(named) ? named : [sentence, binding].join('\n');
}

const yourCode: Text = { ar: 'رمزك', en: 'Your code' };

/**
 * Writes the SMS that asks a person to approve a transaction of a relying service. It names the service, shows the
 * transaction, and carries a code for this transaction alone (dynamic linking, PSD2 RTS art. 5). The warning to keep the
 * code secret is left out if the SMS would need a second part.
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

/** Returns the SMS to a phone that has no free slot. It carries no code. */
export const phoneFullMessage = (language: Language): string => full[language];
