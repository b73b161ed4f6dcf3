/**
 * A `Date` that reads another clock than the machine's in `Date.now()`, `new Date()` and `Date()`.
 * It replaces the global of a sandbox: dates made by either one are instances of both.
 * @param now epoch milliseconds
 */
export function dateReading(now: () => number): DateConstructor {
  const real = Date;
  return new Proxy(real, {
    apply: () => new real(now()).toString(),
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
