/** The longest chain of calls in which each call began after the previous one had ended. */
export function roundTrips(
  calls: readonly { readonly from: number; readonly to: number }[],
): number {
  let length = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { from, to } of calls.toSorted((a, b) => a.to - b.to)) {
    if (from < until) continue;
    length += 1;
    until = to;
  }
  return length;
}
