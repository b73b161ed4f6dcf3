import { medianIn } from '../report/table.ts';
import type { Results } from '../results.ts';

const bar = 12;
const gap = 14;
const [left, right, top] = [130, 70, 56];
const width = 720;

/** Bars of the cold starts: import and first request, as deployed and as usual. */
export function coldChart(results: Results): string {
  const functions = (results['cold']?.tables[0]?.rows ?? [])
    .filter(([name]) => name !== 'an empty handler')
    .map(([name, ours, usual, , oursTotal, usualTotal, ratio]) => ({
      name: String(name),
      ratio: medianIn(ratio) ?? 0,
      ours: { imported: medianIn(ours) ?? 0, total: medianIn(oursTotal) ?? 0 },
      usual: { imported: medianIn(usual) ?? 0, total: medianIn(usualTotal) ?? 0 },
    }));
  const longest = Math.max(1, ...functions.map(({ usual }) => usual.total));
  const scale = (milliseconds: number) => (milliseconds / longest) * (width - left - right);
  const row = 2 * bar + gap;
  const height = top + functions.length * row + 8;

  const rows = functions.map(({ name, ratio, ours, usual }, index) => {
    const y = top + index * row;
    const label = `${Math.round(ours.total)} ms · ${ratio.toFixed(2)}×`;
    return [
      `<text x="${left - 8}" y="${y + bar + 4}" text-anchor="end">${name}</text>`,
      barOf('ours', scale(ours.imported), scale(ours.total), y),
      barOf('usual', scale(usual.imported), scale(usual.total), y + bar),
      `<text class="small" x="${left + scale(ours.total) + 5}" y="${y + bar - 2}">${label}</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">Cold start of each function: import and first request, in milliseconds</title>
<style>
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .small { font-size: 10px; }
  .ours { fill: #0a7f5a; } .usual { fill: #8c959f; } .later { opacity: 0.55; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .ours { fill: #3fb68b; } .usual { fill: #6e7681; }
  }
</style>
${legend()}
${rows.join('\n')}
</svg>
`;
}

const barOf = (kind: string, imported: number, total: number, y: number): string =>
  [
    `<rect class="${kind}" x="${left}" y="${y}" width="${imported.toFixed(1)}" height="${bar - 2}"/>`,
    `<rect class="${kind} later" x="${(left + imported).toFixed(1)}" y="${y}" width="${(total - imported).toFixed(1)}" height="${bar - 2}"/>`,
  ].join('\n');

function legend(): string {
  const entries = [
    { kind: 'ours', text: 'as deployed: import' },
    { kind: 'ours later', text: 'first request' },
    { kind: 'usual', text: 'bundled the usual way: import' },
    { kind: 'usual later', text: 'first request' },
  ];
  const offsets = [0, 150, 260, 480];
  return entries
    .map(({ kind, text }, index) => {
      const x = left + (offsets[index] ?? 0);
      return `<rect class="${kind}" x="${x}" y="20" width="12" height="12"/><text x="${x + 17}" y="30">${text}</text>`;
    })
    .join('\n');
}
