/**
 * Tells whether a text is a mere pattern. It may repeat one unit of up to four characters (`abcabcabcabc`), or consist
 * of runs of at least four characters. A run repeats one character (`aaaabbbb`), counts up or down (`123456789012`), or
 * follows a keyboard (`qwertyuiopas`, `1qaz2wsx`).
 */
export function isRepetitive(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  if (points.length < 4) return false;
  const repeatsUnit = [1, 2, 3, 4].some(
    (unit) => points.length >= unit * 3 && points.every((point, i) => point === points[i % unit]),
  );
  return repeatsUnit || consistsOfRuns(points);
}

/** Shorter runs occur in many words. */
const shortestRun = 4;

function consistsOfRuns(points: readonly number[]): boolean {
  for (let at = 0; at < points.length; ) {
    const length = runLength(points, at);
    if (length < shortestRun) return false;
    at += length;
  }
  return true;
}

/** The length of the longest run that starts at an index. */
function runLength(points: readonly number[], at: number): number {
  const lengths = steps.map((isNext) => {
    let end = at + 1;
    while (end < points.length && isNext(points[end - 1] ?? 0, points[end] ?? 0)) end += 1;
    return end - at;
  });
  return Math.max(...lengths);
}

/** The order of keys on Latin and Arabic keyboards, by rows and by columns. Each row continues with the next. */
const keyboards = [
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ',
];

type IsNext = (before: number, after: number) => boolean;

/** The next code point follows. 0 follows 9, as on a keypad. */
const isUp: IsNext = (before, after) => after === (before === 0x39 ? 0x30 : before + 1);
function isNextKey(row: string): IsNext {
  const positions = new Map([...row].map((key, position) => [key.codePointAt(0), position]));
  return (before, after) => positions.get(after) === (positions.get(before) ?? Number.NaN) + 1;
}
const reversed =
  (isNext: IsNext): IsNext =>
  (before, after) =>
    isNext(after, before);

const forwards = [isUp, ...keyboards.map(isNextKey)];
const steps: readonly IsNext[] = [
  (before, after) => before === after,
  ...forwards,
  ...forwards.map(reversed),
];
