import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#core/model/routes.ts';
import { local } from '../../lib/config/stages/local.ts';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { type Owner, owners } from '../support/world/owner.ts';
import { openWorld, type World } from '../support/world/world.ts';

/* What people's tools send by themselves: monitors, HTTP libraries, editors on Windows. */

let world: World;
let owner: Owner;
beforeAll(async () => {
  world = await openWorld({ config: local });
  owner = await owners(world).owner();
});
afterAll(() => world.close());

const reading = routes.filter(({ method }) => method === 'GET');

describe('HEAD', () => {
  const ask = (method: string, path: string, token?: string) =>
    fetch(`${world.serving.url}/v1${path}`, {
      method,
      headers: { 'accept-language': 'en', ...(token && { authorization: `Bearer ${token}` }) },
    });

  it.each(reading)('$path is answered as GET is, without the content', async (route) => {
    const { id } = (await world.post('/registrations', { phone: newPhone() })).body.challenge;
    const path = route.path.replace('{id}', id);
    const token = route.token && owner.token;
    const [get, head] = [await ask('GET', path, token), await ask('HEAD', path, token)];
    expect([get.status, head.status]).toEqual([200, 200]);
    expect(await head.text()).toBe('');
    for (const name of ['content-type', 'cache-control', 'vary', 'x-content-type-options']) {
      expect(head.headers.get(name), name).toBe(get.headers.get(name));
    }
  });

  it('needs the token that GET needs, and is not there where GET is not', async () => {
    expect((await ask('HEAD', '/account')).status).toBe(401);
    expect((await ask('HEAD', '/challenges/none')).status).toBe(410);
    expect((await ask('HEAD', '/sessions')).status).toBe(404);
    expect((await ask('HEAD', '/nowhere')).status).toBe(404);
  });
});

describe('a locale in Accept-Language', () => {
  it.each([
    ['en_US', 'en'],
    ['en_GB.UTF-8', 'en'],
    ['ar_SA', 'ar'],
    ['fr_FR, en_US;q=0.8', 'en'],
  ])('%s is its language', async (locale, language) => {
    const { body } = await world.get('/terms', { headers: { 'accept-language': locale } });
    expect(body.terms.language).toBe(language);
  });
});

describe('a byte order mark before the JSON', () => {
  it('is ignored, by the gateway and by the function', async () => {
    const phone = newPhone();
    const body = `\uFEFF${JSON.stringify({ phone })}`;
    expect((await world.postRaw('/registrations', body)).status).toBe(202);
    await world.sms(phone);
  });

  it('saves no body that is malformed', async () => {
    expect((await world.postRaw('/registrations', '\uFEFF{')).status).toBe(400);
    expect((await world.postRaw('/registrations', '\uFEFF\uFEFF{}')).status).toBe(400);
  });
});
