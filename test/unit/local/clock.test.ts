import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock, type LocalClock } from '../../../local/clock.ts';
import { dateReading } from '../../../local/functions/function-date.ts';
import { openSandbox } from '../../../local/functions/function-sandbox.ts';
import { createClockRoutes } from '../../../local/pages/clock-routes.ts';

const day = 86_400;
let clock: LocalClock;
beforeEach(() => {
  clock = createClock();
});

describe('/local/clock', () => {
  let server: Server;
  let url: string;

  beforeEach(async () => {
    const answer = createClockRoutes(clock);
    server = createServer((request, response) => {
      if (!answer(request, response)) response.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/local/clock`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const post = (move: unknown) => send(JSON.stringify(move));

  async function send(body: string) {
    const response = await fetch(url, { method: 'POST', body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Seconds that the clock is ahead of the machine's, as `now` tells it. */
  const ahead = (now: unknown) => (Date.parse(String(now)) - Date.now()) / 1000;

  it('tells the real time at first', async () => {
    const body = (await (await fetch(url)).json()) as Record<string, unknown>;
    expect(body).toEqual({ now: expect.stringMatching(/Z$/), offsetSeconds: 0 });
    expect(ahead(body['now'])).toBeCloseTo(0, 0);
  });

  it('advances again and again, and runs on from there', async () => {
    expect((await post({ advanceSeconds: 300 })).body['offsetSeconds']).toBe(300);
    const { status, body } = await post({ advanceSeconds: 0.5 });
    expect({ status, offset: body['offsetSeconds'] }).toEqual({ status: 200, offset: 300.5 });
    expect(ahead(body['now'])).toBeCloseTo(300.5, 0);
    const before = clock.now();
    await expect.poll(() => clock.now()).toBeGreaterThan(before);
  });

  it('is set to an instant, of any time zone', async () => {
    const riyadh = await post({ now: '2099-11-24T03:00:00+03:00' });
    expect(riyadh.body['now']).toContain('2099-11-24T00:00:0');
    expect((await post({ now: '2099-11-25T00:00:00Z' })).body['now']).toContain('2099-11-25T00');
  });

  it('returns to real time when it is reset, and only then', async () => {
    await post({ advanceSeconds: day });
    const back = await post({ now: new Date().toISOString() });
    expect(back.status).toBe(400);
    expect(back.body['message']).toMatch(/^The clock only runs forward: it shows \d{4}-/);
    expect((await post({ advanceSeconds: -1 })).status).toBe(400);
    expect(clock.offsetSeconds()).toBe(day);
    expect((await post({ reset: true })).body['offsetSeconds']).toBe(0);
  });

  it.each([
    ['no JSON', 'advanceSeconds=300', 'The body is not JSON. Send one of'],
    ['nothing', '', 'The body is not JSON'],
    ['no object', '[]', 'expected object'],
    ['no move', '{}', 'Send one of {"advanceSeconds": 300}'],
    ['two moves', '{"reset":true,"advanceSeconds":1}', 'Send one of'],
    ['an unknown move', '{"advance":1}', 'Unrecognized key: "advance"'],
    ['text for seconds', '{"advanceSeconds":"300"}', 'advanceSeconds: '],
    ['a day for an instant', '{"now":"2026-11-24"}', 'now: Invalid ISO datetime'],
    ['a day there is not', '{"now":"2098-02-30T00:00:00Z"}', 'now: Invalid ISO datetime'],
    ['no reset', '{"reset":false}', 'reset: '],
    ['an eternity', '{"advanceSeconds":1e300}', 'The clock ends at 2100-01-01T00:00:00.000Z'],
    ['infinity', '{"advanceSeconds":1e999}', 'advanceSeconds: '],
  ])('refuses %s, says why, and does not move', async (_, body, message) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(answer.body['message']).toContain(message);
    expect(clock.offsetSeconds()).toBe(0);
  });

  it('knows no other method and no other path', async () => {
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(`${url}s`)).status).toBe(404);
  });
});

describe('a Date of another clock', () => {
  const at = Date.UTC(2030, 0, 1);
  const Moved = dateReading(() => at);

  it('shows the clock’s time in every way of asking for it', () => {
    expect(Moved.now()).toBe(at);
    expect(new Moved().getTime()).toBe(at);
    expect(Moved()).toBe(new Date(at).toString());
    class Later extends Moved {}
    const later = new Later();
    expect(later.getTime()).toBe(at);
    expect(later).toBeInstanceOf(Later);
  });

  it('keeps a given time unchanged', () => {
    expect(new Moved(5).getTime()).toBe(5);
    expect(new Moved(2026, 10, 24)).toEqual(new Date(2026, 10, 24));
    expect(new Moved(undefined as unknown as number).getTime()).toBeNaN();
    expect(Moved.UTC(2026)).toBe(Date.UTC(2026));
    expect(Moved.parse('2026-11-24')).toBe(Date.parse('2026-11-24'));
  });

  it('creates dates that are instances of Date', () => {
    expect(new Moved()).toBeInstanceOf(Date);
    expect(new Date()).toBeInstanceOf(Moved);
    expect([Moved.name, Moved.length]).toEqual(['Date', 7]);
  });
});

describe('a running function', () => {
  const bundle = `
    const loadedWith = Date;
    export const handler = async ({ waitMs }, context) => {
      const [early, started] = [Date.now(), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      return {
        early, late: loadedWith.now(), took: performance.now() - started,
        iso: new Date(), own: new Date(0).constructor === Date, left: context.getRemainingTimeInMillis(),
      };
    };`;
  interface Seen {
    readonly early: number;
    readonly late: number;
    readonly took: number;
    readonly iso: string;
    readonly own: boolean;
    readonly left: number;
  }
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hawiya-clock-'));
    await writeFile(join(directory, 'index.mjs'), bundle);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('sees a move at once, and its own time limit stays as it was', async () => {
    const names = {
      name: 'f',
      arn: 'arn',
      roleArn: 'arn',
      logGroup: 'logs',
      handler: 'index.handler',
    };
    const { invoke, end, open } = openSandbox(
      { ...names, directory, timeoutSeconds: 10, memoryMb: 128, logsJson: true, environment: {} },
      { access: () => ({}), onLog: () => {}, clockOffset: clock.offset },
    );
    await open();
    clock.advance(day);
    const running = invoke({ waitMs: 500 });
    await new Promise((resolve) => setTimeout(resolve, 250));
    clock.advance(30 * day);
    const outcome = await running;
    clock.reset();
    const back = await invoke({ waitMs: 0 });
    await end(() => outcome);

    const { early, late, took, iso, own, left } = (outcome as { value: Seen }).value;
    expect((early - Date.now()) / 1000).toBeCloseTo(day, -1);
    expect((late - early) / 1000).toBeCloseTo(30 * day, -1);
    expect(Date.parse(iso) - late).toBeLessThan(100);
    expect(took).toBeLessThan(5000);
    expect(left).toBeGreaterThan(5000);
    expect(left).toBeLessThanOrEqual(10_000);
    expect(own).toBe(true);
    expect(((back as { value: Seen }).value.early - Date.now()) / 1000).toBeCloseTo(0, -1);
  });
});
