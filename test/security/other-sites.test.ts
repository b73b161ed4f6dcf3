import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#core/model/routes.ts';
import { local } from '../../lib/config/stages/local.ts';
import { operations } from '../../openapi/document.ts';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { withBrowser } from '../support/portal/browser.ts';
import { type Owner, owners } from '../support/world/owner.ts';
import { relyingService } from '../support/world/relying-service.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, outcome, type Person, type World } from '../support/world/world.ts';

let world: World;
let owner: Owner;
let serviceToken: string;
beforeAll(async () => {
  world = await openWorld({ config: local });
  owner = await owners(world).owner();
  ({ token: serviceToken } = await relyingService(world));
});
afterAll(() => world.close());

const changing = routes.filter(({ method }) => method !== 'GET');
const elsewhere: Record<string, string>[] = [
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  { origin: 'http://localhost.evil.example', 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
];

/** The whole table, once pending writes have finished. */
async function stored(): Promise<unknown[]> {
  const table = openTable(world);
  for (let before = await table.scan(); ; ) {
    await sleep(700);
    const now = await table.scan();
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

/** Requests that an attacker can make in a person's name or at their cost, from what the attacker knows of them. */
const attempts = ({ username, nationalId }: Person, phone: string): [string, object][] => [
  ['/registrations', { phone }],
  ['/sessions', { username, password: 'a=b' }],
  ['/password-resets', { username, nationalId }],
];

describe('a request from another site’s page', () => {
  it.each(changing)('$method $path is refused, even when all else is right', async (route) => {
    const { method, path, token: kind } = route;
    const [body] = Object.values(operations[`${method} ${path}`]?.body?.examples ?? {});
    const token = kind && (kind === 'service' ? serviceToken : owner.token);
    const filled = path.replace('{id}', 'some-id');
    for (const headers of elsewhere) {
      const options = { headers, ...(token && { token }) };
      const answer =
        method === 'POST'
          ? await world.post(filled, body, options)
          : await world.del(filled, options, body);
      expect(outcome(answer)).toBe('cross_site_request');
    }
  });

  it('charges neither the address, the phone nor the account', async () => {
    const [phone, address] = [newPhone(), '203.0.113.77'];
    const before = await stored();
    for (const headers of elsewhere) {
      for (const [path, body] of attempts(owner, phone)) {
        const refused = await world.post(path, body, { headers, address });
        expect(outcome(refused)).toBe('cross_site_request');
      }
    }
    expect(await stored()).toEqual(before);
    expect(world.inbox.messages(phone)).toEqual([]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
  ])(
    'is refused from an old browser without Sec-Fetch headers, with the content type %j',
    async (type) => {
      const phone = newPhone();
      const before = await stored();
      for (const [path, body] of attempts(owner, phone)) {
        const refused = await world.post(path, body, { headers: { 'content-type': type } });
        expect(outcome(refused)).toBe('invalid_request');
        expect(refused.body.errors).toEqual([
          { path: 'Content-Type', message: expect.stringContaining('application/json') },
        ]);
      }
      expect(await stored()).toEqual(before);
      expect(world.inbox.messages(phone)).toEqual([]);
    },
  );

  it('is told apart from an app or a server, which sends no origin and is served', async () => {
    const phone = newPhone();
    expect((await world.post('/registrations', { phone })).status).toBe(202);
    await world.sms(phone);
  });
});

/** A page that tries every way to call without a preflight. The `=` of a form is part of the body it sends. */
const attack = (api: string, phone: string, username: string) => `<!doctype html>
<iframe name="nowhere"></iframe><iframe name="nowhere-else"></iframe>
<form method="post" enctype="text/plain" target="nowhere" action="${api}/registrations">
  <input name='{"phone":"' value='","phone":"${phone}"}'></form>
<form method="post" enctype="text/plain" target="nowhere-else" action="${api}/sessions">
  <input name='{"username":"${username}","password":"a' value='b"}'></form>
<script>
  const url = '${api}/registrations';
  const text = '{"phone":"${phone}"}';
  const post = (init) => fetch(url, { method: 'POST', mode: 'no-cors', ...init });
  post({ headers: { 'content-type': 'text/plain' }, body: text });
  post({ body: new Blob([text]) });
  post({ body: text, credentials: 'include', referrerPolicy: 'no-referrer' });
  navigator.sendBeacon(url, text);
  for (const form of document.forms) form.submit();
</script>`;
const shots = 6;

async function siteOf(host: string, body: string) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://${host}:${port}`, close: () => server.close() };
}

const refusals = () =>
  world.logged.filter((line) => /"status":403,"problem":"cross_site_request"/.test(line)).length;

describe('an attack page in a real browser', () => {
  it.each([
    ['another site', '127.0.0.1'],
    ['a sister host', 'localhost'],
  ])('sends requests from %s, and none has an effect', async (_where, host) => {
    const phone = newPhone();
    const page = attack(`${world.serving.url}/v1`, phone, owner.username);
    const site = await siteOf(host, page);
    const [before, refusedBefore] = [await stored(), refusals()];
    await withBrowser(async (page) => {
      await page.goto(site.url);
      await expect.poll(() => refusals() - refusedBefore).toBe(shots);
    });
    site.close();
    expect(await stored()).toEqual(before);
    expect(world.inbox.messages(phone)).toEqual([]);
  });
});
