import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { withBrowser } from '../support/portal/browser.ts';
import { axeFaults } from '../support/portal/looks.ts';
import { watch } from '../support/portal/watched-page.ts';
import { openWorld, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ config: local });
  await world.serving.portalReady();
});
afterAll(() => world?.close());

it('one window shows the portal and the phone that receives its SMS, in the portal’s language', async () => {
  const { directory, url } = world.serving;
  const { phone } = world.someone();
  await withBrowser(async (page) => {
    const { faults } = await watch(page, url);
    await page.goto(directory.demo);
    const [portal, inbox] = [page.frameLocator('#portal'), page.frameLocator('#inbox')];
    await portal.getByRole('link', { name: 'فتح حساب جديد' }).click();
    await portal.locator('[name=phone]').fill(phone);
    await portal.locator('[name=phone]').press('Enter');
    const code = await world.code(phone);
    await inbox.locator('li').filter({ hasText: phone }).waitFor();
    expect(await inbox.getByRole('button').innerText()).toBe(code);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await inbox.getByRole('button').click();
    await portal.locator('[name=code]').click();
    await page.keyboard.press('ControlOrMeta+V');
    await portal.locator('[name=nationalId]').waitFor();

    await portal.getByRole('button', { name: 'English' }).click();
    await inbox.getByRole('heading', { name: 'Inbox' }).waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('ltr');
    expect(await page.locator('h1').innerText()).toBe('Hawiya: a phone beside the portal');
    expect(await axeFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

it('another site cannot show the portal in a frame, and outside of a frame its policy forbids all frames', async () => {
  const { url } = world.serving;
  const policy = async (dest: string) =>
    (await fetch(url, { headers: { 'sec-fetch-dest': dest } })).headers.get(
      'content-security-policy',
    );
  expect(await policy('document')).toContain("frame-ancestors 'none'");
  expect(await policy('iframe')).toContain("frame-ancestors 'self'");

  const other = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><iframe src="${url}/"></iframe><iframe src="${url}/local/inbox">`);
  });
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  await withBrowser(async (page) => {
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    for (const frame of page.frames().slice(1)) expect(frame.url()).toMatch(/^chrome-error:/);
    expect(page.frames()).toHaveLength(3);
  });
  other.close();
});
