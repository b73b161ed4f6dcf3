/**
 * `Date` as it is, except that what reads the machine's clock (`Date.now()`, `new Date()`, `Date()`) reads
 * another one. Made to replace the global of a sandbox: dates made by either are instances of both.
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
