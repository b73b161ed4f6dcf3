import type { Text } from '../values/language.ts';
import type { PasswordReason } from '../values/password.ts';
import type { Country } from '../values/phone.ts';
import type { LimitKind } from './limit-kind.ts';
import type { FactorMethod } from './second-factor.ts';
import type { ToldEnd } from './session-end.ts';

interface ProblemKind {
  readonly status: number;
  /** What is wrong. The title is the same for every occurrence (RFC 9457 §3.1.3). */
  readonly title: Text;
  /** How to correct it. */
  readonly detail: Text;
}

/** All errors of the API. The set is closed, because clients switch over `code`. */
export const problemKinds = {
  invalid_request: {
    status: 400,
    title: { ar: 'الطلب غير صحيح', en: 'The request is not valid' },
    detail: {
      ar: 'صحّح الحقول المذكورة ثم أعد المحاولة.',
      en: 'Correct the fields named in errors and send it again.',
    },
  },
  code_incorrect: {
    status: 400,
    title: { ar: 'الرمز غير صحيح', en: 'The code is not correct' },
    detail: {
      ar: 'راجع آخر رسالة نصية أو تطبيق المصادقة واكتب الرمز مرة أخرى.',
      en: 'Check the latest SMS or the authenticator app and type the code again.',
    },
  },
  credentials_incorrect: {
    status: 401,
    title: {
      ar: 'اسم المستخدم أو كلمة المرور غير صحيحة',
      en: 'The username or password is not correct',
    },
    detail: {
      ar: 'تحقق منهما، أو أعد تعيين كلمة المرور إن نسيتها.',
      en: 'Check both, or reset the password if you forgot it.',
    },
  },
  unauthenticated: {
    status: 401,
    title: { ar: 'سجّل الدخول أولًا', en: 'Log in first' },
    detail: {
      ar: 'انتهت الجلسة أو لا توجد. سجّل الدخول من جديد.',
      en: 'The session has ended or there is none. Log in again.',
    },
  },
  cross_site_request: {
    status: 403,
    title: { ar: 'الطلب ليس من صفحات البوابة', en: 'The request is not from the portal’s pages' },
    detail: {
      ar: 'افتح البوابة نفسها وأعد المحاولة منها.',
      en: 'Of web pages only the portal’s own may call; by cookie with JSON and the header X-Hawiya-Client: browser.',
    },
  },
  second_factor_required: {
    status: 403,
    title: { ar: 'مطلوب رمز آخر', en: 'Another code is required' },
    detail: {
      ar: 'لهذا الحساب حماية أقوى من الرسائل. أرسل رمز تطبيق المصادقة أو رمز استرداد.',
      en: 'This account is protected by more than SMS. Send a code of its authenticator app or a recovery code.',
    },
  },
  not_found: {
    status: 404,
    title: { ar: 'لا يوجد شيء هنا', en: 'There is nothing here' },
    detail: { ar: 'تحقق من العنوان وطريقة الطلب.', en: 'Check the address and the method.' },
  },
  username_taken: {
    status: 409,
    title: { ar: 'اسم المستخدم محجوز', en: 'The username is taken' },
    detail: { ar: 'اختر اسم مستخدم آخر.', en: 'Choose another username.' },
  },
  identity_registered: {
    status: 409,
    title: {
      ar: 'لهذه الهوية أو الإقامة حساب',
      en: 'This national ID or Iqama already has an account',
    },
    detail: {
      ar: 'سجّل الدخول، أو أعد تعيين كلمة المرور إن نسيتها.',
      en: 'Log in, or reset the password if you forgot it.',
    },
  },
  phone_full: {
    status: 409,
    title: {
      ar: 'بلغ هذا الجوال الحد الأقصى من الحسابات',
      en: 'This phone has the most accounts it may have',
    },
    detail: { ar: 'ابدأ من جديد برقم جوال آخر.', en: 'Start again with another mobile number.' },
  },
  challenge_expired: {
    status: 410,
    title: { ar: 'انتهت صلاحية هذه الخطوة', en: 'This step has expired' },
    detail: {
      ar: 'ابدأ من جديد ليصلك رمز جديد.',
      en: 'It is unknown, expired or already used. Start again to get a new code.',
    },
  },
  ticket_invalid: {
    status: 410,
    title: { ar: 'انتهت صلاحية هذه الخطوة', en: 'This step has expired' },
    detail: {
      ar: 'ابدأ من جديد وتحقق برمز جديد.',
      en: 'The ticket is unknown, expired or already used. Start again and verify a new code.',
    },
  },
  destination_unsupported: {
    status: 422,
    title: { ar: 'لا نرسل رسائل إلى هذا الرقم', en: 'No SMS goes to this number' },
    detail: {
      ar: 'استخدم رقم جوال من بلد نرسل إليه، لا رقم هاتف ثابت.',
      en: 'Use a mobile number of a country that we send to, not a landline.',
    },
  },
  password_rejected: {
    status: 422,
    title: { ar: 'كلمة المرور غير مقبولة', en: 'The password is not accepted' },
    detail: {
      ar: 'اختر كلمة مرور أخرى للأسباب المذكورة. ما زال بإمكانك المتابعة.',
      en: 'Choose another one for the reasons given. The step stays open.',
    },
  },
  terms_outdated: {
    status: 422,
    title: { ar: 'تغيّرت شروط الاستخدام', en: 'The terms of use have changed' },
    detail: {
      ar: 'اقرأ الشروط الحالية ووافق عليها.',
      en: 'Read the current terms (GET /v1/terms) and accept that version.',
    },
  },
  challenge_locked: {
    status: 429,
    title: { ar: 'محاولات خاطئة كثيرة', en: 'Too many wrong codes' },
    detail: {
      ar: 'ابدأ من جديد ليصلك رمز جديد.',
      en: 'This code no longer works. Start again to get a new one.',
    },
  },
  too_many_requests: {
    status: 429,
    title: { ar: 'طلبات كثيرة', en: 'Too many requests' },
    detail: {
      ar: 'انتظر المدة المذكورة ثم أعد المحاولة.',
      en: 'Wait the seconds given in retryAfter and try again.',
    },
  },
  unavailable: {
    status: 503,
    title: { ar: 'الخدمة غير متاحة الآن', en: 'The service is unavailable' },
    detail: {
      ar: 'لم يضع شيء. أعد المحاولة بعد قليل.',
      en: 'Nothing is lost. Send the same request again shortly.',
    },
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;
/** A function, so that a bundle without it drops the texts. */
export const problemCodes = (): ProblemCode[] => Object.keys(problemKinds) as ProblemCode[];

/** A wrong field: its path and how to correct it. The value is left out, because it may be personal. */
export interface FieldError {
  readonly path: string;
  readonly message: Text;
}

/** Members that some problems carry besides their code. */
export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly attemptsLeft?: number;
  readonly reasons?: readonly PasswordReason[];
  /** Code points of the shortest password. */
  readonly minimumLength?: number;
  /** The countries whose mobiles are accepted. */
  readonly countries?: readonly Country[];
  /** The accepted kinds of second factor. */
  readonly methods?: readonly FactorMethod[];
  /** Which limit refuses, where that tells a stranger nothing. */
  readonly limit?: LimitKind;
  /** Why the session ended, where Hawiya knows. */
  readonly reason?: ToldEnd;
  /** How long it was not used, where that is why it ended. Seconds. */
  readonly idleSeconds?: number;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** An error that the API answers as it is. Every other error becomes `unavailable`. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, extras: ProblemExtras = {}, options?: ErrorOptions) {
    super(code, options);
    this.name = 'Problem';
    this.code = code;
    this.extras = extras;
  }
}
