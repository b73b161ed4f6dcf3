/**
 * Families of browsers only. The whole User-Agent would identify a person and is never stored. The first match wins.
 */
const programmes: readonly [name: string, pattern: RegExp][] = [
  ['Edge', /\b(Edg|EdgA|EdgiOS)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS)\//],
  ['Safari', /\bVersion\/[\d.]+.*\bSafari\//],
];

const systems: readonly [name: string, pattern: RegExp][] = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(iPhone|iPad|iPod|iOS)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\b(Mac OS X|Macintosh|macOS)\b/],
  ['Linux', /\bLinux\b/],
];

/** The ministry's own apps begin with their name, `Sehhaty/3.2`. All browsers begin with `Mozilla/`. */
const app = /^(?!Mozilla\/)([A-Za-z][A-Za-z0-9-]{0,19})\/\d/;
/** Characters that are read. No real User-Agent is longer, and matching has to stay cheap. */
const longest = 512;

/** A device's name for its owner, from the User-Agent: `Chrome, Android`, or `Unknown`. */
export function deviceLabel(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, longest);
  const programme = app.exec(text)?.[1] ?? named(programmes, text);
  const names = [programme, named(systems, text)].filter((name) => name !== undefined);
  return names.length > 0 ? names.join(', ') : 'Unknown';
}

const named = (families: typeof systems, text: string): string | undefined =>
  families.find(([, pattern]) => pattern.test(text))?.[0];
