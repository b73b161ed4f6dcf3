import * as z from 'zod';
import { type Advisory, type AdvisorySource, NoAnswer } from './advisories.ts';
import type { LockedPackage } from './locked-packages.ts';

/** OSV.dev, the open database of weaknesses that has GitHub's advisories too. */
const base = 'https://api.osv.dev/v1';
/** The most that OSV takes at once. */
const batch = 1000;
/** Pages of one package. More are a defect, and would go on for ever. */
const mostPages = 50;
const timeoutMs = 30_000;

const batchAnswer = z.object({
  results: z.array(
    z.object({
      vulns: z.array(z.object({ id: z.string() })).default([]),
      next_page_token: z.string().optional(),
    }),
  ),
});

const record = z.object({
  summary: z.string().default(''),
  /** When the advisory turned out to be wrong. */
  withdrawn: z.string().optional(),
  database_specific: z.object({ severity: z.string().optional() }).default({}),
});

interface Query {
  readonly of: LockedPackage;
  readonly page?: string | undefined;
}

/** @param fetcher the global `fetch`, or a fake */
export const osv = (packages: readonly LockedPackage[], fetcher: typeof fetch): AdvisorySource => ({
  name: 'OSV',
  ask: async () => {
    const found: { package: string; id: string }[] = [];
    let due: Query[] = packages.map((of) => ({ of }));
    for (let page = 0; due.length > 0; page++) {
      if (page === mostPages) throw new NoAnswer('its pages do not end');
      const next: Query[] = [];
      for (let at = 0; at < due.length; at += batch) {
        const asked = due.slice(at, at + batch);
        const results = await askBatch(asked, fetcher);
        asked.forEach(({ of }, index) => {
          const { vulns = [], next_page_token: token } = results[index] ?? {};
          found.push(...vulns.map(({ id }) => ({ package: of.name, id })));
          if (token) next.push({ of, page: token });
        });
      }
      due = next;
    }
    return described(found, fetcher);
  },
});

/** @returns a result for each query, in their order */
async function askBatch(queries: readonly Query[], fetcher: typeof fetch) {
  const body = JSON.stringify({
    queries: queries.map(({ of: { name, version }, page }) => ({
      package: { name, ecosystem: 'npm' },
      version,
      page_token: page,
    })),
  });
  const answer = await json(`${base}/querybatch`, fetcher, { method: 'POST', body });
  const { success, data } = batchAnswer.safeParse(answer);
  if (!success) throw new NoAnswer('its answer has another form');
  if (data.results.length !== queries.length) throw new NoAnswer('it left packages out');
  return data.results;
}

/** Adds title and severity: the batch has ids alone. Withdrawn advisories are left out. */
async function described(found: { package: string; id: string }[], fetcher: typeof fetch) {
  const advisories: Advisory[] = [];
  for (const { package: name, id } of found) {
    const { data } = record.safeParse(
      await json(`${base}/vulns/${encodeURIComponent(id)}`, fetcher),
    );
    if (!data) throw new NoAnswer(`its record ${id} has another form`);
    if (data.withdrawn !== undefined) continue;
    const severity = severityOf(data.database_specific.severity);
    advisories.push({ package: name, id, title: data.summary, severity });
  }
  return advisories;
}

/** GitHub's words, as OSV's records of npm packages have them. */
const severityNames: Readonly<Record<string, Advisory['severity']>> = {
  LOW: 'low',
  MODERATE: 'moderate',
  HIGH: 'high',
  CRITICAL: 'critical',
};
const severityOf = (text = ''): Advisory['severity'] => severityNames[text] ?? 'unknown';

async function json(url: string, fetcher: typeof fetch, init: RequestInit = {}): Promise<unknown> {
  try {
    const answer = await fetcher(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) throw new NoAnswer(`status ${answer.status}`);
    return await answer.json();
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer(error instanceof Error ? error.message : String(error));
  }
}
