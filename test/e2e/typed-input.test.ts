import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { local } from '../../lib/config/stages/local.ts';
import { phone as somePhone } from '../support/fakes/builders.ts';
import { owners } from '../support/world/owner.ts';
import { openWorld, outcome, type World } from '../support/world/world.ts';

/** A phone is full with its first account. */
const stage: StageConfig = { ...local, limits: { ...local.limits, accountsPerPhone: 1 } };

let world: World;
let hands: ReturnType<typeof owners>;
beforeAll(async () => {
  world = await openWorld({ config: stage });
  hands = owners(world);
});
afterAll(() => world.close());

const spaced = (text: string) => `${text.slice(0, 3)} ${text.slice(3)} `;

describe('what phones and keyboards add', () => {
  it.each([
    ['a selector of emoji', (phone: string) => phone.replace('5', '5\ufe0f')],
    ['the tel: of a link', (phone: string) => `tel:${phone}`],
    ['dashes and a mark', (phone: string) => `\u202a${phone.replace('+966', '+966–')}\u202c`],
    ['digits of Bengal', (phone: string) => phone.replaceAll('5', '৫')],
  ])('a phone is taken with %s', async (_what, written) => {
    const phone = somePhone();
    const answer = await world.post('/registrations', { phone: written(phone) });
    expect(answer.status).toBe(202);
    expect(await world.sms(phone)).toMatch(/#\d{6}$/);
  });

  it.each([
    ['an en dash', '–'],
    ['a minus', '\u2212'],
    ['a non-breaking space', '\u00a0'],
    ['a dot', '.'],
  ])('a code is taken with %s in it', async (_what, separator) => {
    const phone = somePhone();
    const { id } = (await world.post('/registrations', { phone })).body.challenge;
    const code = await world.code(phone);
    const typed = `\u200e${code.slice(0, 3)}${separator}${code.slice(3)}\ufeff`;
    expect((await world.post(`/challenges/${id}/verify`, { code: typed })).status).toBe(200);
  });

  it('marks, a keyboard’s blank and other dashes change no username: one account, in every call', async () => {
    const written = (name: string) => `\u200e${name[0]}. ${name.slice(1)}–Q\u200e`;
    const person = world.someone();
    const username = `${person.username[0]}.${person.username.slice(1)}-q`;
    const ticket = await world.registrationTicket(person.phone);
    const details = { ...world.registration(ticket, person), username: written(person.username) };
    const opened = await world.post('/registrations/complete', details);
    expect([opened.status, opened.body.account?.username]).toEqual([201, username]);

    const { password } = person;
    for (const typed of [username, written(person.username), username.toUpperCase()]) {
      expect((await world.typePassword({ username: typed, password })).status).toBe(202);
    }
    const again = world.someone();
    const other = await world.registrationTicket(again.phone);
    const twin = { ...world.registration(other, again), username: written(person.username) };
    expect(outcome(await world.post('/registrations/complete', twin))).toBe('username_taken');

    const nationalId = spaced(person.nationalId);
    const reset = await world.post('/password-resets', {
      username: written(person.username),
      nationalId,
    });
    await world.post(`/challenges/${reset.body.challenge.id}/send`, {});
    expect(await hands.smsLike(person.phone, /reset your password: \d{6}/)).toHaveLength(1);
  });

  it.each(['ar', 'en'] as const)(
    'a username that cannot be read is told what to correct (%s)',
    async (language) => {
      const message = async (username: string) => {
        const body = { username, nationalId: '1000000008' };
        const answer = await world.post('/password-resets', body, { language });
        expect(outcome(answer)).toBe('invalid_request');
        return answer.body.errors[0].message;
      };
      const messages = await Promise.all(['sara@moh', 'نورة', '1sara', 'abc'].map(message));
      const [sign, arabic, start, short] = messages;
      expect(sign).toBe(arabic);
      expect(new Set([sign, start, short]).size).toBe(3);
      expect(short).toContain('32');
    },
  );
});

describe('a current password', () => {
  it('is right with white space and marks around it, at the login', async () => {
    const person = await world.subscriber();
    const around = [
      ` ${person.password}`,
      `${person.password}\u00a0`,
      `\u200f${person.password}\n`,
    ];
    for (const password of around) {
      expect(outcome(await world.typePassword({ ...person, password }))).toBe(202);
    }
  });

  it('is right with them where it is asked for again', async () => {
    const owner = await hands.owner();
    const currentPassword = ` ${owner.password}\u200e `;
    const phone = somePhone();
    expect((await hands.act(owner, 'phone', { phone, currentPassword })).status).toBe(202);
    expect((await hands.act(owner, 'close', { currentPassword })).status).toBe(202);
    const offer = await hands.act(owner, 'authenticators/totp', { currentPassword });
    expect(offer.status).toBe(201);
    const next = 'a passphrase of seven words';
    expect((await hands.changePassword(owner, next, currentPassword)).status).toBe(204);
  });
});

describe('a new password', () => {
  it('with an invisible character is refused with that reason, and the ticket stays usable', async () => {
    const person = world.someone();
    const ticket = await world.registrationTicket(person.phone);
    const complete = (password: string) =>
      world.post('/registrations/complete', { ...world.registration(ticket, person), password });
    for (const mark of ['\u200e', '\u200b', '\ufe0f', '\u0007']) {
      const refused = await complete(`${person.password}${mark}`);
      expect(outcome(refused)).toBe('password_rejected');
      expect(refused.body.reasons).toEqual(['invisible']);
      expect(refused.body.detail).toContain('invisible character');
    }
    const persian = 'کلید خانه\u200cام را گم کرده‌ام دیروز';
    expect((await complete(persian)).status).toBe(201);
    expect((await world.typePassword({ ...person, password: persian })).status).toBe(202);
  });

  it('that is the current one is refused with that reason: nobody is logged out, and nobody is told', async () => {
    const owner = await hands.owner();
    const other = await hands.logIn(owner);
    const before = world.inbox.messages(owner.phone).length;
    for (const current of [owner.password, `${owner.password} `]) {
      const refused = await hands.changePassword(owner, owner.password, current);
      expect(outcome(refused)).toBe('password_rejected');
      expect(refused.body.reasons).toEqual(['unchanged']);
    }
    expect((await hands.refresh(other)).status).toBe(201);
    expect((await hands.account(owner)).status).toBe(200);
    expect(world.inbox.messages(owner.phone)).toHaveLength(before);
  });

  it('that equals a wrong current one is refused before it is judged, and says nothing of the right one', async () => {
    const owner = await hands.owner();
    const wrong = 'a passphrase that is not theirs';
    for (let n = 0; n < 12; n++) {
      const refused = await hands.changePassword(owner, wrong, wrong);
      expect(refused.body.reasons).toEqual(['unchanged']);
    }
    expect((await hands.changePassword(owner, wrong)).status).toBe(204);
  });
});

describe('a number that gets no account', () => {
  it.each([
    ['of another country', '+447700900111'],
    ['of a landline', '0112345678'],
  ])('%s is told that a mobile of the supported countries is needed', async (_what, phone) => {
    const answer = await world.post('/registrations', { phone });
    expect(outcome(answer)).toBe('destination_unsupported');
    expect(answer.body.countries).toEqual(['SA']);
    expect(answer.body.detail).toContain('We send to Saudi Arabia.');
    expect(answer.body.detail).not.toMatch(/most accounts/);
    const arabic = await world.post('/registrations', { phone }, { language: 'ar' });
    expect(arabic.body.detail).toContain('المملكة العربية السعودية');
  });

  it('because its phone filled up after the code is told so', async () => {
    const phone = somePhone();
    const tickets = [
      await world.registrationTicket(phone),
      await world.registrationTicket(phone, 2),
    ];
    const complete = (ticket = '') =>
      world.post('/registrations/complete', world.registration(ticket, world.someone({ phone })));
    expect((await complete(tickets[0])).status).toBe(201);
    const full = await complete(tickets[1]);
    expect([full.status, outcome(full)]).toEqual([409, 'phone_full']);
  });
});
