import type { ChangeKind } from '../model/records.ts';
import type { Language, Text } from '../values/language.ts';
import { isOnePart } from '../values/sms-parts.ts';

/*
 * Each notice is one SMS part (70 characters in Arabic), without a link, a code or personal data: a bystander, or a new
 * owner of the phone, must not learn a name. On a phone of several accounts its mask says whose notice it is. Only the
 * reminder of a username holds one, which was asked for. 937 is the ministry's telephone line.
 */
const notices: Record<ChangeKind, Text> = {
  'account-closed': {
    ar: 'تم إغلاق حسابك في بوابة الصحة. إن لم تطلب ذلك فاتصل على 937',
    en: 'Your health portal account was closed. If that was not you, call 937.',
  },
  'new-device': {
    ar: 'تم الدخول إلى حسابك من جهاز جديد. إن لم تكن أنت فاتصل على 937',
    en: 'Somebody logged in to your health portal account on a new device. If that was not you, call 937.',
  },
  'password-changed': {
    ar: 'تغيرت كلمة مرور حسابك. إن لم تغيرها أنت فاتصل على 937',
    en: 'Your health portal password was changed. If that was not you, call 937.',
  },
  'second-factor-changed': {
    ar: 'تغيرت وسائل التحقق من حسابك. إن لم تغيرها أنت فاتصل على 937',
    en: 'The ways to confirm a login to your health portal account were changed. If that was not you, call 937.',
  },
  'phone-changed': {
    ar: 'تغير رقم جوال حسابك. إن لم تغيره أنت فاتصل على 937',
    en: 'The phone of your health portal account was changed. If that was not you, call 937.',
  },
  'phone-restored': {
    ar: 'عاد رقم الجوال السابق إلى حسابك. إن لم تطلب ذلك فاتصل على 937',
    en: 'The former phone of your health portal account is back. If that was not you, call 937.',
  },
  'token-reused': {
    ar: 'استُخدمت جلسة حسابك من جهازين فأنهيناها. إن لم تكن أنت فاتصل على 937',
    en: 'A session of your health portal account was used on two devices, so it was ended. If that was not you, call 937.',
  },
};

export const changeKinds = Object.keys(notices) as ChangeKind[];

/**
 * Returns the SMS that tells an account's owner about a change to the account.
 * @param name the masked username, where the phone has several accounts. It is left out where one part has no room for it
 */
export function noticeMessage(kind: ChangeKind, language: Language, name?: string): string {
  const text = notices[kind][language];
  const named = `${name}\n${text}`;
  return name !== undefined && isOnePart(named) ? named : text;
}

const reminder: Text = {
  ar: 'اسم مستخدمك\n{username}\nإن لم تطلبه فاتصل على 937',
  en: 'Your health portal username is {username}\nIf you did not ask for it, call 937.',
};

/**
 * Returns the SMS that tells a forgotten username, for the person who asked with national ID and phone. The name stands on a
 * line of its own: Latin letters inside an Arabic line change places on some phones. One part, also for the longest name.
 */
export const reminderMessage = (username: string, language: Language): string =>
  reminder[language].replace('{username}', () => username);
