import { type Cell, medianIn, rowOf, type Table } from '../report/table.ts';
import type { Results } from '../results.ts';

/** The README's lines: ratios, which say the same on another machine. */
export function summaryOf(results: Results): string {
  const table = (section: string) => results[section]?.tables[0];
  return [
    '| what | measured |',
    '| --- | --- |',
    ...coldLines(table('cold')),
    ...sizeLines(table('size')),
    ...warmLines(table('warm')),
    ...flowLines(table('flows')),
    ...throughputLines(table('throughput')),
    ...loadLines(table('load')),
  ].join('\n');
}

const ratio = (cell: Cell | undefined): string => `${(medianIn(cell) ?? Number.NaN).toFixed(2)}×`;

function coldLines(cold: Table | undefined): string[] {
  const row = cold && rowOf(cold, 'verification');
  if (!row) return [];
  return [
    `| Cold start of \`verification\`, to the same code as a plain minified ES module | ${ratio(row[3])} to import, ${ratio(row[6])} with the first request |`,
    `| The same, to the same code by the CDK's defaults | ${ratio(row[9])} to import, ${ratio(row[10])} with the first request |`,
  ];
}

function sizeLines(size: Table | undefined): string[] {
  const row = size && rowOf(size, 'verification');
  const largest = Math.max(...(size?.rows ?? []).map((each) => medianIn(each[1]) ?? 0));
  if (!row) return [];
  return [
    `| Bundles | \`verification\` ${medianIn(row[1])?.toFixed(0)} kB, ${ratio(row[4])} of the usual; the largest ${largest.toFixed(0)} kB |`,
  ];
}

function warmLines(warm: Table | undefined): string[] {
  const row = warm && rowOf(warm, 'POST /challenges/{id}/verify, right code');
  const within = warm?.rows.filter((each) => (medianIn(each[5]) ?? 0) <= 1).length;
  if (!row) return [];
  return [
    `| CPU of a warm right code, SDK included | ${medianIn(row[3])?.toFixed(1)} ms; ${within} of ${warm?.rows.length} calls within their target |`,
  ];
}

function flowLines(flows: Table | undefined): string[] {
  const row = flows && rowOf(flows, 'POST /challenges/{id}/verify, right code');
  const login = flows && rowOf(flows, 'POST /sessions, known device');
  if (!row || !login) return [];
  return [
    `| Round trips to AWS | a right code ${row[3]}, for ${row[5]} write unit; a log-in on a known device ${login[3]} |`,
  ];
}

function throughputLines(throughput: Table | undefined): string[] {
  const to = (peer: string, flow: string) => {
    const row = throughput?.rows.find((each) => each[0] === flow && each[1] === peer);
    return row && `${ratio(row[5])} in ${flow}`;
  };
  const flows = ['start registration', 'wrong code', 'right code', 'start reset', 'log in'];
  const compared = flows
    .map((flow) => to('better-auth', flow))
    .filter((text) => text !== undefined);
  const limit = to('minimum on DynamoDB Local', 'right code');
  return [
    ...(compared.length > 0
      ? [
          `| Requests a second on the local cloud, to better-auth on SQLite | ${compared.join(', ')} |`,
        ]
      : []),
    ...(limit ? [`| The same, to one HMAC and one conditional update | ${limit} |`] : []),
  ];
}

function loadLines(load: Table | undefined): string[] {
  if (!load) return [];
  const errors = load.rows.reduce((sum, row) => sum + (medianIn(row[4]) ?? 0), 0);
  const requests = load.rows.reduce((sum, row) => sum + (medianIn(row[3]) ?? 0), 0);
  const count = requests.toLocaleString('en');
  return [
    `| Mixed traffic at 1×, 2× and 4× a quarter of the capacity | ${errors} errors in ${count} requests |`,
  ];
}
