import { mostDigits, mostDigitsInARow } from '#core/values/display-text.ts';
import type { Text } from '#core/values/language.ts';

/** Messages that say how to correct a field. */
export const fieldMessages = {
  required: { ar: 'هذا الحقل مطلوب.', en: 'This field is required.' },
  wrong_type: { ar: 'القيمة يجب أن تكون نصًا.', en: 'The value must be a string.' },
  wrong_type_boolean: {
    ar: 'القيمة يجب أن تكون true أو false.',
    en: 'The value must be true or false.',
  },
  wrong_type_object: {
    ar: 'القيمة يجب أن تكون كائن JSON.',
    en: 'The value must be a JSON object.',
  },
  too_long: { ar: 'القيمة أطول من اللازم.', en: 'The value is too long.' },
  unknown_field: { ar: 'حقل غير معروف، احذفه.', en: 'Unknown field: leave it out.' },
  content_type: {
    ar: 'أرسل الطلب مع Content-Type: application/json.',
    en: 'Send the header Content-Type: application/json.',
  },
  not_json: {
    ar: 'يجب أن يكون محتوى الطلب بصيغة JSON.',
    en: 'The body must be JSON.',
  },
  not_object: { ar: 'يجب أن يكون المحتوى كائن JSON.', en: 'The body must be a JSON object.' },
  body_too_large: {
    ar: 'محتوى الطلب أكبر من 16 كيلوبايت.',
    en: 'The body is larger than 16 KB.',
  },
  phone: {
    ar: 'اكتب رقم الجوال مثل 0551234567.',
    en: 'Write a mobile number such as 0551234567 or +966551234567.',
  },
  national_id: {
    ar: 'اكتب رقم الهوية أو الإقامة: 10 أرقام تبدأ بـ 1 أو 2. تحقق من الأرقام.',
    en: 'Write the national ID or Iqama: 10 digits, the first 1 or 2. Check the digits.',
  },
  username_characters: {
    ar: 'اكتب حروفًا إنجليزية وأرقامًا و . _ - فقط.',
    en: 'Use only the letters a to z, digits, dot, underscore and hyphen.',
  },
  username_start: { ar: 'ابدأ بحرف إنجليزي.', en: 'Start with a letter from a to z.' },
  username_length: { ar: 'اكتب من 4 إلى 32 خانة.', en: 'Use 4 to 32 characters.' },
  code: {
    ar: 'اكتب أرقام الرمز كما وصلتك، أو رمز الاسترداد كاملًا.',
    en: 'Write the digits of the code, or the whole of a recovery code.',
  },
  method: {
    ar: 'اختر sms أو totp أو recovery-code.',
    en: 'Choose sms, totp or recovery-code.',
  },
  flow: {
    ar: 'اختر واحدًا من الأسماء التي في وثيقة الواجهة.',
    en: 'Choose one of those that the OpenAPI document lists.',
  },
  token_transport: {
    ar: 'اكتب cookie أو احذف الحقل.',
    en: 'Write "cookie", or leave it out.',
  },
  in_cookie: {
    ar: 'احذفه: مع cookie تأتي القيمة من ملف تعريف الارتباط.',
    en: 'Leave it out: with "cookie" it comes in the cookie.',
  },
  idempotency_key: {
    ar: 'أرسل مفتاحًا عشوائيًا من 16 إلى 64 حرفًا مثل UUID.',
    en: 'Send 16 to 64 random letters, digits, hyphens or underscores, such as a UUID.',
  },
  // The whole rule of `readDisplayText`: its reader is a developer, who needs no second try.
  display: {
    ar: `اكتب سطرًا واحدًا من حروف عربية أو لاتينية وأرقام ومسافات وشرطات وفواصل وأقواس، فيه حرف واحد على الأقل. ${mostDigits} أرقام على الأكثر، لا يتوالى منها أكثر من ${mostDigitsInARow} ولو فصلت بينها علامات، إلا في مبلغ مثل 1250.00. النقطة داخل عدد مثل 12.50 فقط. بلا روابط ولا علامات أخرى.`,
    en: `Write one line of Arabic or Latin letters, digits, spaces, hyphens, commas and brackets, with at least one letter. At most ${mostDigits} digits, and at most ${mostDigitsInARow} in a row, also with signs between them, except in an amount such as 1250.00. A dot only in a number such as 12.50. No link, no other sign.`,
  },
  confirmation: {
    ar: 'كلمتا المرور غير متطابقتين.',
    en: 'The two passwords are not the same.',
  },
} as const satisfies Record<string, Text>;
