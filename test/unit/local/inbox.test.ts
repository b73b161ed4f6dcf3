import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { createLocalRoutes, type Directory } from '../../../local/pages/local-routes.ts';
import { createInbox, type Inbox, type InboxMessage } from '../../../local/pages/sms-inbox.ts';

const directory: Directory = {
  portal: 'http://localhost:3000/',
  demo: 'http://localhost:3000/local/demo',
  api: 'http://localhost:3000/v1',
  reference: 'http://localhost:3000/reference/',
  inbox: 'http://localhost:3000/local/inbox',
  clock: 'http://localhost:3000/local/clock',
  events: 'http://localhost:3000/local/events',
  reviewNumbers: 'http://localhost:3000/local/review-numbers',
  dynamodb: 'http://127.0.0.1:4001',
  cognito: 'http://127.0.0.1:4002',
  tables: { Table: 'hawiya-local' },
  userPoolId: 'pool',
  clientId: 'client',
  issuer: 'https://cognito-idp.me-south-1.amazonaws.com/pool',
  tokenEndpoint: 'http://127.0.0.1:4002/oauth2/token',
  serviceClients: [],
  jwksUri: 'http://127.0.0.1:4002/pool/.well-known/jwks.json',
};
const first = {
  phone: '+966500000001',
  body: 'رمزك 123456\n@localhost #123456',
  senderId: 'HAWIYA',
};
const second = { phone: '+966500000002', body: 'Your code: 654321', senderId: 'HAWIYA' };

let clock: number;
let inbox: Inbox;
let server: Server;
let base: string;

beforeEach(async () => {
  clock = Date.UTC(2026, 0, 2, 12);
  inbox = createInbox({ now: () => clock });
  server = createServer(
    createLocalRoutes({
      inbox,
      clock: createClock(),
      buses: { events: [] },
      directory,
      reviewCodes: () => [],
      portal: { handle: () => false },
    }),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const get = async (path: string) => (await fetch(base + path)).json();
const list = async (path: string) => (await get(path)) as InboxMessage[];

describe('the pages of the problems', () => {
  it('open at the type URI of a problem, and say so for an unknown one', async () => {
    const page = await fetch(`${base}/problems/code_incorrect`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<title>code_incorrect · ');
    expect(await (await fetch(`${base}/problems/`)).text()).toContain('/problems/unavailable');
    expect((await fetch(`${base}/problems/nothing`)).status).toBe(404);
  });
});

describe('the messages', () => {
  beforeEach(() => {
    inbox.deliver(first);
    clock += 1000;
    inbox.deliver(second);
    clock += 1000;
    inbox.deliver(first);
  });

  it('come oldest first, with ISO instants and ids of their own', async () => {
    const messages = await list('/local/sms');
    const { phone, body } = first;
    expect(messages[0]).toEqual({ id: '1', phone, body, at: '2026-01-02T12:00:00.000Z' });
    expect(messages.map(({ at }) => at.slice(17, 19))).toEqual(['00', '01', '02']);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
  });

  it.each([
    ['encoded', '%2B966500000002'],
    ['with a plus that became a space', '+966500000002'],
    ['as people write it', '٠٥٠ ٠٠٠–٠٠٠٢'],
  ])('of one phone are found by its number, %s', async (_, phone) => {
    const messages = await list(`/local/sms?phone=${phone}`);
    expect(messages).toEqual(inbox.messages('+966500000002'));
    expect(messages).toHaveLength(1);
  });

  it('of a phone without messages are an empty list', async () => {
    expect(await get('/local/sms?phone=%2B966599999999')).toEqual([]);
  });

  it('keep the newest ten thousand', () => {
    for (let count = 0; count < 10_000; count += 1) inbox.deliver(second);
    expect(inbox.messages()).toHaveLength(10_000);
    expect(inbox.messages().at(-1)?.id).toBe('10003');
  });
});

describe('the pages', () => {
  it('show the inbox without content from elsewhere', async () => {
    const response = await fetch(`${base}/local/inbox`);
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).not.toMatch(/(src|href)="?http/);
  });

  it('never insert a message as HTML', async () => {
    expect(await (await fetch(`${base}/local/inbox`)).text()).not.toContain('innerHTML');
  });

  it('describe on one page what the cloud offers', async () => {
    const html = await (await fetch(`${base}/local/start`)).text();
    expect(html).toContain(directory.api);
    expect(html).toContain(directory.inbox);
    expect(html).toContain(directory.reference);
  });
});

describe('the directory', () => {
  it('tells a tool where everything is', async () => {
    expect(await get('/local')).toEqual(directory);
  });

  it('has no other path (404) and no other method (405)', async () => {
    expect((await fetch(`${base}/nothing`)).status).toBe(404);
    expect((await fetch(`${base}/local/sms`, { method: 'DELETE' })).status).toBe(405);
  });
});
