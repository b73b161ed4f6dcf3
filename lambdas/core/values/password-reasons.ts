import type { Text } from './language.ts';
import type { PasswordReason } from './password.ts';

/**
 * The reasons for refusing a password, as people read them (NIST SP 800-63B-4 §3.1.1.2 requires a reason). `{n}` stands
 * for the shortest length that the stage allows.
 */
export const reasonTexts: Record<PasswordReason, Text> = {
  too_short: { ar: 'أقصر من {n} حرفًا.', en: 'It is shorter than {n} characters.' },
  too_long: { ar: 'أطول من 128 حرفًا.', en: 'It is longer than 128 characters.' },
  blocklisted: { ar: 'شائعة ويسهل تخمينها.', en: 'It is common and easily guessed.' },
  repetitive: { ar: 'تكرار أو تسلسل يسهل تخمينه.', en: 'It is a repetition or a sequence.' },
  contains_username: { ar: 'تحتوي على اسم المستخدم.', en: 'It contains the username.' },
  contains_identifier: { ar: 'تحتوي على رقم الهوية.', en: 'It contains the national ID.' },
  outer_space: { ar: 'تبدأ أو تنتهي بمسافة.', en: 'It starts or ends with a space.' },
  invisible: {
    ar: 'فيها محرف لا يظهر، ربما من اللصق. اكتبها بيدك.',
    en: 'It has an invisible character, perhaps from a paste. Type it instead.',
  },
  unchanged: { ar: 'هي كلمة المرور الحالية نفسها.', en: 'It is the same as the current one.' },
};
