import { commonWords, wholePasswords } from './blocklist-data.ts';

/** Words of the service, and Arabic favourites that the English-centred dictionary does not know. */
const ownWords =
  'hawiya hawiyaportal saudi saudia saudiarabia riyadh jeddah makkah madinah ministry health moh portal ' +
  'welcome letmein كلمةالسر كلمةالمرور كلمةسر السعودية الرياض مكة المدينة جدة وزارةالصحة الصحة هوية بوابة ' +
  'محمد احمد أحمد عبدالله عبدالرحمن فاطمة عائشة الحمدلله بسمالله سبحانالله ماشاءالله اللهاكبر الله مرحبا حبيبي';

const whole = new Set(wholePasswords.split(' '));
const words = new Set([...commonWords.split(' '), ...ownWords.split(' ')]);

const decoration = /^\P{L}+|\P{L}+$/gu;
const space = /\s/g;

/**
 * Whether a folded (NFKC, lower-case) password is one an attacker tries first: one of the most common, or a
 * common word, once or twice, dressed with digits and signs (`password1234!`). The whole password is compared,
 * never a part of it (NIST SP 800-63B-4 §3.1.1.2): `correct password horse` passes.
 */
export function isBlocklisted(folded: string): boolean {
  const bare = folded.replace(decoration, '').replace(space, '');
  const half = bare.slice(0, bare.length / 2);
  return whole.has(folded) || words.has(bare) || (bare === half + half && words.has(half));
}
