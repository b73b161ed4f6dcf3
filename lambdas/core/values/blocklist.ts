import { commonWords, wholePasswords } from './blocklist-data.ts';

/** Words of Hawiya and its portal, and common Arabic passwords that the English-centred dictionary lacks. */
const ownWords =
  'hawiya hawiyaportal saudi saudia saudiarabia riyadh jeddah makkah madinah ministry health moh portal ' +
  'welcome letmein كلمةالسر كلمةالمرور كلمةسر السعودية الرياض مكة المدينة جدة وزارةالصحة الصحة هوية بوابة ' +
  'محمد احمد أحمد عبدالله عبدالرحمن فاطمة عائشة الحمدلله بسمالله سبحانالله ماشاءالله اللهاكبر الله مرحبا حبيبي';

const whole = new Set(wholePasswords.split(' '));
const words = new Set([...commonWords.split(' '), ...ownWords.split(' ')]);

const decoration = /^\P{L}+|\P{L}+$/gu;
const space = /\s/g;

/**
 * Tells whether a password is one that an attacker tries first. That is one of the most common passwords, or a common
 * word, written once or twice and surrounded by digits and signs (`password1234!`). The whole password is compared,
 * never a part of it (NIST SP 800-63B-4 §3.1.1.2), so `correct password horse` passes.
 * @param folded the password in NFKC and lower case
 */
export function isBlocklisted(folded: string): boolean {
  const bare = folded.replace(decoration, '').replace(space, '');
  const half = bare.slice(0, bare.length / 2);
  return whole.has(folded) || words.has(bare) || (bare === half + half && words.has(half));
}
