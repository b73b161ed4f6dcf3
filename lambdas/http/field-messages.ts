import type { Text } from '#core/values/language.ts';

/** Messages that say how to correct a field. */
export const fieldMessages = {
  required: { ar: 'هذا الحقل مطلوب.', en: 'This field is required.' },
  wrong_type: { ar: 'القيمة يجب أن تكون نصًا.', en: 'The value must be a string.' },
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
  username: {
    ar: 'من 4 إلى 32 حرفًا إنجليزيًا أو رقمًا أو . _ - ويبدأ بحرف.',
    en: 'Use 4 to 32 of a-z, 0-9, dot, underscore and hyphen, starting with a letter.',
  },
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
  password: {
    ar: 'كلمة المرور مطلوبة، بلا رموز تحكم.',
    en: 'A password is required, without control characters.',
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
  display: {
    ar: 'اكتب حروفًا ومسافات وثمانية أرقام على الأكثر، بلا روابط ولا رموز.',
    en: 'Use letters, spaces, hyphens, commas, brackets and at most 8 digits: no link, no number to call, no other signs.',
  },
  confirmation: {
    ar: 'كلمتا المرور غير متطابقتين.',
    en: 'The two passwords are not the same.',
  },
} as const satisfies Record<string, Text>;
