/** Family names only: the whole User-Agent would tell people apart, and is kept nowhere. First match wins. */
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

/** An app of the ministry's own says its name first, `Sehhaty/3.2`; browsers all begin with `Mozilla/`. */
const app = /^(?!Mozilla\/)([A-Za-z][A-Za-z0-9-]{0,19})\/\d/;
/** Longer ones are nobody's, and not worth the matching. */
const longest = 512;

/** What a person knows the device by, from its User-Agent: `Chrome, Android`; `Unknown` where it says nothing. */
export function deviceLabel(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, longest);
  const programme = app.exec(text)?.[1] ?? named(programmes, text);
  const names = [programme, named(systems, text)].filter((name) => name !== undefined);
  return names.length > 0 ? names.join(', ') : 'Unknown';
}

const named = (families: typeof systems, text: string): string | undefined =>
  families.find(([, pattern]) => pattern.test(text))?.[0];
