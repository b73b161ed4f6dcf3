/**
 * What is no sentence but a pattern: one unit again and again (`abcabcabcabc`), or nothing but runs of four and more: one
 * character (`aaaabbbb`), up or down (`123456789012`), along the rows and columns of a keyboard (`qwertyuiopas`, `1qaz2wsx`).
 */
export function isRepetitive(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  if (points.length < 4) return false;
  const repeatsUnit = [1, 2, 3, 4].some(
    (unit) => points.length >= unit * 3 && points.every((point, i) => point === points[i % unit]),
  );
  return repeatsUnit || isOfRuns(points);
}

/** Fewer in a row are in many words. */
const shortestRun = 4;

function isOfRuns(points: readonly number[]): boolean {
  for (let at = 0; at < points.length; ) {
    const length = runFrom(points, at);
    if (length < shortestRun) return false;
    at += length;
  }
  return true;
}

/** How many from there on follow one another in one way. */
function runFrom(points: readonly number[], at: number): number {
  const lengths = steps.map((isNext) => {
    let end = at + 1;
    while (end < points.length && isNext(points[end - 1] ?? 0, points[end] ?? 0)) end += 1;
    return end - at;
  });
  return Math.max(...lengths);
}

/** As they are on the keyboards that people here type on; a row goes on with the next. */
const keyboards = [
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ',
];

type IsNext = (before: number, after: number) => boolean;

/** Neighbouring code points; 9 and 0 are neighbours, as on a keypad. */
const isUp: IsNext = (before, after) => after === (before === 0x39 ? 0x30 : before + 1);
function along(row: string): IsNext {
  const places = new Map([...row].map((key, place) => [key.codePointAt(0), place]));
  return (before, after) => places.get(after) === (places.get(before) ?? Number.NaN) + 1;
}
const turned =
  (isNext: IsNext): IsNext =>
  (before, after) =>
    isNext(after, before);

const forwards = [isUp, ...keyboards.map(along)];
const steps: readonly IsNext[] = [
  (before, after) => before === after,
  ...forwards,
  ...forwards.map(turned),
];
