import { frontCodedWords, wholePasswords } from './blocklist-data.ts';

/** Words of Hawiya and its portal, and common Arabic passwords that the English-centred dictionary lacks. */
const ownWords =
  'hawiya hawiyaportal saudi saudia saudiarabia riyadh jeddah makkah madinah ministry health moh portal ' +
  'welcome letmein كلمةالسر كلمةالمرور كلمةسر السعودية الرياض مكة المدينة جدة وزارةالصحة الصحة هوية بوابة ' +
  'محمد احمد أحمد عبدالله عبدالرحمن فاطمة عائشة الحمدلله بسمالله سبحانالله ماشاءالله اللهاكبر الله مرحبا حبيبي';

interface Blocklist {
  /** Passwords that are blocked as they are. */
  readonly whole: ReadonlySet<string>;
  /** Words that are blocked with whatever digits and signs surround them. */
  readonly words: ReadonlySet<string>;
}

let read: Blocklist | undefined;

/** Read at the first password, not at the cold start. */
function blocklist(): Blocklist {
  read ??= {
    whole: new Set(wholePasswords.split(' ')),
    words: new Set([...decoded(frontCodedWords), ...ownWords.split(' ')]),
  };
  return read;
}

/** Reads what `tools/scripts/blocklist.ts` writes: a digit for the letters shared with the word before, then the rest. */
function decoded(text: string): string[] {
  let word = '';
  return Array.from(text.matchAll(/(\d)(\D*)/g), ([, shared = '', rest = '']) => {
    word = word.slice(0, Number(shared)) + rest;
    return word;
  });
}

const decoration = /^\P{L}+|\P{L}+$/gu;
const space = /\s/g;

/**
 * Tells whether a password is one that an attacker tries first. That is one of the most common passwords, or a common
 * word, written once or twice and surrounded by digits and signs (`password1234!`). The whole password is compared,
 * never a part of it (NIST SP 800-63B-4 §3.1.1.2), so `correct password horse` passes.
 * @param folded the password in NFKC and lower case
 */
export function isBlocklisted(folded: string): boolean {
  const { whole, words } = blocklist();
  const bare = folded.replace(decoration, '').replace(space, '');
  const half = bare.slice(0, bare.length / 2);
  return whole.has(folded) || words.has(bare) || (bare === half + half && words.has(half));
}
