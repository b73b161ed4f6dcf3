/** One unit again and again (`abcabcabcabc`), or one run up or down (`123456789012`, `abcdefghijkl`). */
export function isRepetitive(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  if (points.length < 4) return false;
  const repeatsUnit = [1, 2, 3, 4].some(
    (unit) => points.length >= unit * 3 && points.every((point, i) => point === points[i % unit]),
  );
  return repeatsUnit || isRun(points, 1) || isRun(points, -1);
}

/** Neighbouring code points all the way; 9 and 0 are neighbours, as on a keypad. */
function isRun(points: number[], step: 1 | -1): boolean {
  const next = (point: number) => {
    if (point === 0x39 && step === 1) return 0x30;
    if (point === 0x30 && step === -1) return 0x39;
    return point + step;
  };
  return points.every((point, i) => i === 0 || point === next(points[i - 1] ?? Number.NaN));
}
