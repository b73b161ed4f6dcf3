import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { type Advisory, audit, NoAnswer, verdict } from '../../../tools/audit/advisories.ts';
import { lockedPackages } from '../../../tools/audit/locked-packages.ts';
import { npmAudit } from '../../../tools/audit/npm-audit.ts';
import { osv } from '../../../tools/audit/osv.ts';

const weak: Advisory = { package: 'left', id: 'GHSA-1', title: 'Reads too far', severity: 'high' };
const source = (name: string, ask: () => Promise<Advisory[]>) => ({ name, ask });
const answers = (name: string, ...advisories: Advisory[]) => source(name, async () => advisories);
const silent = (name: string) =>
  source(name, async () => {
    throw new NoAnswer('405 Method Not Allowed');
  });

describe('an audit', () => {
  it('asks the second source only where the first does not answer', async () => {
    const second = vi.fn(async () => [weak]);
    expect(await audit([answers('first'), source('second', second)])).toEqual({
      kind: 'answered',
      source: 'first',
      advisories: [],
    });
    expect(second).not.toHaveBeenCalled();
    expect(await audit([silent('first'), source('second', second)])).toEqual({
      kind: 'answered',
      source: 'second',
      advisories: [weak],
    });
  });

  it('fails where no source answers, and says why each did not: silence is no good news', async () => {
    const { text, status } = verdict(await audit([silent('first'), silent('second')]));
    expect(status).toBe(2);
    expect(text).toContain('first: 405 Method Not Allowed');
    expect(text).toContain('second: 405 Method Not Allowed');
  });

  it('does not take a defect of its own for a silent source', async () => {
    const broken = source('first', async () => {
      throw new TypeError('x is undefined');
    });
    await expect(audit([broken, answers('second')])).rejects.toThrow('x is undefined');
  });

  it.each([
    [[], 0],
    [['low', 'moderate'], 0],
    [['low', 'high'], 1],
    [['critical'], 1],
    [['unknown'], 1],
  ] as const)('with advisories of severity %j has exit status %d', async (severities, status) => {
    const advisories = severities.map((severity) => ({ ...weak, severity }));
    const result = verdict(await audit([answers('first', ...advisories)]));
    expect(result.status).toBe(status);
    for (const { title } of advisories) expect(result.text).toContain(title);
  });
});

describe('npm audit', () => {
  const printing = (printed: unknown) =>
    npmAudit(async () => (typeof printed === 'string' ? printed : JSON.stringify(printed)));

  it('names each advisory once, and not the packages that are weak by another', async () => {
    const via = { name: 'left', title: 'Reads too far', url: 'GHSA-1', severity: 'high' };
    const vulnerabilities = { left: { via: [via] }, right: { via: ['left', via] } };
    expect(await printing({ auditReportVersion: 2, vulnerabilities }).ask()).toEqual([weak]);
  });

  it('answers an empty list if nothing is known', async () => {
    expect(await printing({ auditReportVersion: 2, vulnerabilities: {} }).ask()).toEqual([]);
  });

  it.each([
    ['the error of a registry without that endpoint', { message: '405', statusCode: 405 }],
    ['no output', ''],
    ['a report of another version', { auditReportVersion: 3, vulnerabilities: {} }],
  ])('does not take %s for an answer', async (_what, printed) => {
    await expect(printing(printed).ask()).rejects.toThrow(NoAnswer);
  });
});

/** An OSV with one advisory for `left`, on the second page. */
function fakeOsv(change: Partial<Record<string, () => Response>> = {}) {
  const asked: { path: string; queries: { page_token?: string }[] }[] = [];
  const fetcher: typeof fetch = async (url, init) => {
    const path = new URL(String(url)).pathname;
    const { queries = [] } = JSON.parse(String(init?.body ?? '{}'));
    asked.push({ path, queries });
    const changed = change[path]?.();
    if (changed) return changed;
    if (path.startsWith('/v1/vulns/')) {
      return Response.json({
        summary: 'Reads too far',
        database_specific: { severity: 'HIGH' },
      });
    }
    return Response.json({
      results: queries.map((query: { package: { name: string }; page_token?: string }) => {
        if (query.package.name !== 'left') return {};
        return query.page_token
          ? { vulns: [{ id: 'GHSA-1' }] }
          : { vulns: [], next_page_token: 'more' };
      }),
    });
  };
  return { asked, fetcher };
}

describe('OSV', () => {
  const left = { name: 'left', version: '1.0.0' };
  const others = Array.from({ length: 1500 }, (_, n) => ({ name: `p${n}`, version: '1.0.0' }));

  it('is asked for every package, in batches and to the last page', async () => {
    const { asked, fetcher } = fakeOsv();
    expect(await osv([left, ...others], fetcher).ask()).toEqual([weak]);
    expect(asked.map(({ path, queries }) => [path, queries.length])).toEqual([
      ['/v1/querybatch', 1000],
      ['/v1/querybatch', 501],
      ['/v1/querybatch', 1],
      ['/v1/vulns/GHSA-1', 0],
    ]);
    expect(asked[0]?.queries[0]).toEqual({
      package: { name: 'left', ecosystem: 'npm' },
      version: '1.0.0',
    });
  });

  it('reports no advisory that was withdrawn', async () => {
    const { fetcher } = fakeOsv({
      '/v1/vulns/GHSA-1': () => Response.json({ withdrawn: '2026-01-01T00:00:00Z' }),
    });
    expect(await osv([left], fetcher).ask()).toEqual([]);
  });

  it('reports an advisory without a severity as one of unknown severity', async () => {
    const { fetcher } = fakeOsv({ '/v1/vulns/GHSA-1': () => Response.json({}) });
    expect(await osv([left], fetcher).ask()).toMatchObject([{ severity: 'unknown' }]);
  });

  const batch = '/v1/querybatch';
  it.each<[string, string, () => Response]>([
    ['an error', batch, () => new Response('', { status: 503 })],
    ['fewer results than packages', batch, () => Response.json({ results: [] })],
    ['something else', batch, () => Response.json({ ok: true })],
    ['text', batch, () => new Response('<html>')],
    ['pages without an end', batch, () => Response.json({ results: [{ next_page_token: 'x' }] })],
    ['an advisory without its record', '/v1/vulns/GHSA-1', () => new Response('', { status: 404 })],
  ])('does not take %s for an answer', async (_what, path, answer) => {
    const { fetcher } = fakeOsv({ [path]: answer });
    await expect(osv([left], fetcher).ask()).rejects.toThrow(NoAnswer);
  });

  it('out of reach is no answer', async () => {
    const fetcher: typeof fetch = async () => {
      throw new TypeError('fetch failed');
    };
    await expect(osv([left], fetcher).ask()).rejects.toThrow(NoAnswer);
  });
});

describe('the packages of the lock file', () => {
  it('are all installed ones by their own names, and not the repository’s own', () => {
    const packages = lockedPackages(
      JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': { version: '0.1.0' },
          client: { version: '0.1.0' },
          'node_modules/@hawiya/client': { link: true },
          'node_modules/left': { version: '1.0.0' },
          'node_modules/right/node_modules/left': { version: '2.0.0' },
          'node_modules/again/node_modules/left': { version: '2.0.0' },
          'node_modules/@scope/alias': { name: 'empty', version: '3.0.0' },
        },
      }),
    );
    expect(packages.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'left@1.0.0',
      'left@2.0.0',
      'empty@3.0.0',
    ]);
  });

  it('of this repository are found', () => {
    const text = readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8');
    const names = lockedPackages(text).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(300);
    expect(names).toEqual(expect.arrayContaining(['aws-cdk-lib', '@middy/core', 'zod']));
  });
});
