import type { Ports } from '#core/ports/index.ts';

const stores = [
  'accounts',
  'breakers',
  'challenges',
  'devices',
  'directoryTokens',
  'directoryUsers',
  'ledgers',
  'notices',
  'sessionStore',
] as const;

/** Ports that note each call of a store or of the directory, in the order in which the calls are made. */
export function watchCalls<Watched extends Ports>(ports: Watched) {
  const calls: string[] = [];
  const watch = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get(target, method) {
        const original: unknown = Reflect.get(target, method);
        if (typeof original !== 'function') return original;
        return (...inputs: unknown[]) => {
          calls.push(`${name}.${String(method)}`);
          return Reflect.apply(original, target, inputs);
        };
      },
    });
  const watched = Object.fromEntries(stores.map((name) => [name, watch(name, ports[name])]));
  return { ports: { ...ports, ...watched } as Watched, calls };
}
