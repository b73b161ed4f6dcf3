/*
 * Words as the search of the help page compares them. People leave out hamza and vowel signs, write ه for ة, take the
 * digits and letters of any keyboard, and mistype.
 */

/** Vowel signs and other marks, the hamza that NFKD splits off its letter, the stretching of a word, what is invisible. */
const marks = /[\p{M}\p{Default_Ignorable_Code_Point}\u0621\u0640]/gu;

/** Letters that are written for each other, also those of Persian and Urdu keyboards. */
const sameLetters: Readonly<Record<string, string>> = {
  ٱ: 'ا',
  ة: 'ه',
  ہ: 'ه',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  گ: 'ك',
};

/** Words in every question and in none of the answers' sense. */
const empty = new Set(
  [
    'ما لا لم لن هل في من الى على عن مع ان او ثم كيف ماذا لماذا متى اين هو هي انا لي هذا هذه عند كل قد لكن اريد',
    'مو مش وش ايش ليش شلون وين ابي ابغى ودي يا',
    'a an the i my me we you it is are was be do does did to of in on at for and or not no how what why when can',
  ].flatMap((line) => line.split(' ')),
);

/** Writes a text so that two spellings of a word become one. */
export const normaliseWords = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(marks, '')
    .replace(/[ٱةہىیکگ]/g, (letter) => sameLetters[letter] ?? letter);

/** The words of a text that say what it is about, without what is attached to them; all its words if it has no others. */
export function stemsOf(text: string): readonly string[] {
  const words = normaliseWords(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => !empty.has(word));
  return [...new Set((telling.length > 0 ? telling : words).map(stemOf))];
}

/** `وبالجوال` and `جوالي` are `جوال`. English loses the endings of plurals and verbs. At least three letters stay. */
const stemOf = (word: string): string =>
  word
    .replace(/^(?:[وف]?[بكل]?ال|[وف]?لل|[وف](?=.{4}))(?=.{3})/u, '')
    .replace(/^([\u0600-\u06ff]{3,}?)(?:كم|هم|ها|نا|ني|ات|ين|ون|تي|ته|ي|ه|ك|ت)$/u, '$1')
    .replace(/^([a-z]{3,}?)(?:ing|ed|es|s|e)$/, '$1');

/** Whether one typing mistake makes one word of the other, or two in a long one: a letter too many, missing, other or swapped. */
export function isNear(one: string, other: string): boolean {
  const allowed = one.length >= 8 ? 2 : 1;
  if (one.length < 4 || Math.abs(one.length - other.length) > allowed) return false;
  return editDistance([...one], [...other]) <= allowed;
}

/** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
function editDistance(one: readonly string[], other: readonly string[]): number {
  let before: number[] = [];
  let above = [0, ...other.keys()].map((_, at) => at);
  for (const [row, letter] of one.entries()) {
    const now = [row + 1];
    for (const [column, against] of other.entries()) {
      const swap =
        letter === other[column - 1] && against === one[row - 1]
          ? (before[column - 1] ?? Number.POSITIVE_INFINITY) + 1
          : Number.POSITIVE_INFINITY;
      now.push(
        Math.min(
          (above[column + 1] ?? 0) + 1,
          (now[column] ?? 0) + 1,
          (above[column] ?? 0) + (letter === against ? 0 : 1),
          swap,
        ),
      );
    }
    before = above;
    above = now;
  }
  return above[other.length] ?? 0;
}
