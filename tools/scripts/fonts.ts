/**
 * `npm run fonts` writes `portal/src/theme/fonts`: the portal's typeface, cut down to the characters
 * that the portal shows, with its style sheet and its license. Run it after an update of
 * `@fontsource/ibm-plex-sans-arabic`, or when a text needs another character. A test compares the
 * folder with the package.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

interface SubsetOptions {
  readonly targetFormat: 'woff2';
  readonly noHinting: boolean;
  readonly keepFeatures?: readonly string[];
}
/** The package has no types. */
const subset = require('subset-font') as (
  font: Buffer,
  text: string,
  options: SubsetOptions,
) => Promise<Buffer>;

/** First and last code point. */
type Range = readonly [number, number];

interface Cut {
  readonly family: string;
  readonly name: string;
  /** The file of the package that has the characters. */
  readonly from: 'arabic' | 'latin';
  readonly ranges: readonly Range[];
  /** OpenType features to keep; all by default. Unused alternates of a digit are most of its size. */
  readonly features?: readonly string[];
}

const latinFeatures = ['kern', 'mark', 'ccmp', 'locl'];
const guillemets: readonly Range[] = [
  [0xab, 0xab],
  [0xbb, 0xbb],
];

/** Two families: a page in one language does not load the letters of the other. */
export const cuts: readonly Cut[] = [
  {
    family: 'Hawiya Arabic',
    name: 'arabic',
    from: 'arabic',
    // The letters, vowel signs and punctuation of Arabic; not those of Persian, Urdu and others.
    ranges: [
      [0x60c, 0x60c],
      [0x61b, 0x61b],
      [0x61f, 0x61f],
      [0x621, 0x63a],
      [0x640, 0x652],
      [0x670, 0x670],
    ],
  },
  {
    // The packaged Arabic files have no space, no full stop and no Western digit.
    family: 'Hawiya Arabic',
    name: 'digits',
    from: 'latin',
    // Space and ! % ( ) * + , - . / 0-9 : =
    ranges: [[0x20, 0x21], [0x25, 0x25], [0x28, 0x3a], [0x3d, 0x3d], [0xa0, 0xa0], ...guillemets],
    features: latinFeatures,
  },
  {
    family: 'Hawiya Latin',
    name: 'latin',
    from: 'latin',
    ranges: [
      [0x20, 0x7e],
      [0xa0, 0xa0],
      [0xb7, 0xb7],
      ...guillemets,
      [0x2013, 0x2014],
      [0x2018, 0x2019],
      [0x201c, 0x201d],
      [0x2026, 0x2026],
    ],
    features: latinFeatures,
  },
];

const weights = [400, 600];

export const folder = fileURLToPath(new URL('../../portal/src/theme/fonts/', import.meta.url));

/** The folder's files by name. */
export async function fontFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const source = dirname(require.resolve('@fontsource/ibm-plex-sans-arabic/package.json'));
  const files = new Map<string, Buffer>();
  for (const weight of weights) {
    for (const cut of cuts) {
      const packaged = `files/ibm-plex-sans-arabic-${cut.from}-${weight}-normal.woff2`;
      const font = await subset(readFileSync(join(source, packaged)), charactersOf(cut), {
        targetFormat: 'woff2',
        // Phones and Macs ignore hints, and hints are a quarter of the size.
        noHinting: true,
        ...(cut.features && { keepFeatures: cut.features }),
      });
      files.set(fileName(cut, weight), font);
    }
  }
  files.set('fonts.css', Buffer.from(styleSheet()));
  files.set('LICENSE', readFileSync(join(source, 'LICENSE')));
  return files;
}

const charactersOf = ({ ranges }: Cut): string =>
  ranges
    .flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)),
    )
    .join('');

const fileName = ({ name }: Cut, weight: number): string => `${name}-${weight}.woff2`;

const styleSheet = (): string =>
  `/* Written by tools/scripts/fonts.ts; do not edit. */\n${weights
    .flatMap((weight) => cuts.map((cut) => fontFace(cut, weight)))
    .join('\n')}`;

const fontFace = (cut: Cut, weight: number): string => `@font-face {
  font-family: "${cut.family}";
  font-style: normal;
  font-weight: ${weight};
  font-display: swap;
  src: url("./${fileName(cut, weight)}") format("woff2");
  unicode-range:${listInCss(cut.ranges.map(rangeInCss))};
}
`;

/** A list as the formatter writes it: on the property's line if it fits there. */
function listInCss(parts: readonly string[]): string {
  const line = parts.join(', ');
  return line.length < 82 ? ` ${line}` : `\n    ${line}`;
}

function rangeInCss([first, last]: Range): string {
  const hex = (point: number) => point.toString(16).toUpperCase().padStart(4, '0');
  return first === last ? `U+${hex(first)}` : `U+${hex(first)}-${hex(last)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of await fontFiles()) writeFileSync(join(folder, name), content);
}
