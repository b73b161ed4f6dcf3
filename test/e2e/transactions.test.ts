import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { owners } from '../support/world/owner.ts';
import { pharmacy, relyingService } from '../support/world/relying-service.ts';
import { openWorld, outcome, passwordAlone, type World } from '../support/world/world.ts';

type Service = Awaited<ReturnType<typeof relyingService>>;

let world: World;
let service: Service;
let other: Service;
beforeAll(async () => {
  const relyingServices = [...passwordAlone.relyingServices, pharmacy];
  world = await openWorld({ config: { ...passwordAlone, relyingServices } });
  service = await relyingService(world);
  other = await relyingService(world, 'pharmacy');
});
afterAll(() => world.close());

const inactive = { status: 200, body: { active: false } };

describe('a transaction', () => {
  it('is approved by the person who reads its text, and told to its service once', async () => {
    const phone = newPhone();
    const started = await service.start({ phone, display: 'Prescription  ٤٤٧١' });
    expect(started.status).toBe(202);
    expect(started.body.challenge).toMatchObject({ purpose: 'transaction', sent: true });
    const [, code] = /: (\d{6})/.exec(await world.sms(phone)) ?? [];
    expect(await world.sms(phone)).toBe(
      `E-prescription: Prescription 4471\nYour code: ${code} Never share it.\n@localhost #${code}`,
    );
    const { id } = started.body.challenge;
    expect((await world.get(`/challenges/${id}`)).body.challenge.purpose).toBe('transaction');
    const { ticket, expiresAt } = (await world.post(`/challenges/${id}/verify`, { code })).body;
    const told = await service.introspect(ticket);
    expect(told).toMatchObject({ status: 200 });
    expect(told.body).toEqual({
      active: true,
      challenge: id,
      purpose: 'dispense',
      display: 'Prescription 4471',
      destination: `•••• ${phone.slice(-3)}`,
      expiresAt,
      verifiedAt: new Date(Date.parse(expiresAt) - 600_000).toISOString(),
    });
    expect(await service.introspect(ticket)).toMatchObject(inactive);
  });

  it('speaks Arabic on request, and has the usual cool-down for a resend', async () => {
    const phone = newPhone();
    const { body } = await service.start({ phone, display: 'وصفة ٤٤٧١', language: 'ar' });
    const code = await world.code(phone);
    expect(await world.sms(phone)).toBe(
      `الوصفة: وصفة 4471\nرمزك: ${code} لا تشاركه\n@localhost #${code}`,
    );
    expect(outcome(await world.post(`/challenges/${body.challenge.id}/send`, {}))).toBe(
      'too_many_requests',
    );
  });

  it('starts once under one Idempotency-Key, and its ticket is told again under the same key', async () => {
    const [phone, key] = [newPhone(), randomUUID()];
    const [first, second] = await Promise.all([
      service.start({ phone, key }),
      service.start({ phone, key }),
    ]);
    expect(second.body).toEqual(first.body);
    const code = await world.code(phone);
    const { id } = first.body.challenge;
    const { ticket } = (await world.post(`/challenges/${id}/verify`, { code })).body;
    const [told, again] = [randomUUID(), randomUUID()];
    const answers = [
      await service.introspect(ticket, told),
      await service.introspect(ticket, told),
    ];
    expect(answers.map(({ body }) => body.active)).toEqual([true, true]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(await service.introspect(ticket, again)).toMatchObject(inactive);
    expect(world.inbox.messages(phone)).toHaveLength(1);
  });

  it('is told to one of twenty parallel introspections', async () => {
    const ticket = await service.ticket({ phone: newPhone() });
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.introspect(ticket)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(answers.filter(({ body }) => body.active)).toHaveLength(1);
  });

  it.each([
    ['a link', 'see evil.example', 'Write one line'],
    ['an address', 'a@b', 'Write one line'],
    ['a second line', 'one\ntwo', 'Write one line'],
    ['a number to call', 'call 0551234567', 'Write one line'],
    ['eight digits', 'code 1234 and 5678', 'At most 7 digits, and at most 5 in a row'],
    ['a text that is too long', 'a'.repeat(140), 'Use at most 91 characters'],
    ['an Arabic text in an English SMS that has no room for it', 'و'.repeat(40), 'Use at most'],
  ])('refuses %s, and sends nothing', async (_what, display, message) => {
    const phone = newPhone();
    const { status, body } = await service.start({ phone, display });
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'invalid_request', 'display']);
    expect(body.errors[0].message).toContain(message);
    expect(world.inbox.messages(phone)).toEqual([]);
  });

  it('needs a purpose that its service is listed with, and a mobile number that the stage supports', async () => {
    const phone = newPhone();
    const { body } = await service.start({ phone, purpose: 'deliver' });
    expect([body.code, body.errors[0].path]).toEqual(['invalid_request', 'purpose']);
    const elsewhere = await service.start({ phone: '+14155550100' });
    expect(outcome(elsewhere)).toBe('destination_unsupported');
    const [review] = passwordAlone.reviewNumbers;
    const known = await service.start({ phone: review?.phone ?? '' });
    expect(outcome(known)).toBe('destination_unsupported');
  });
});

describe('a relying service over its limit', () => {
  it('is told how long to wait, and no other caller is', async () => {
    const ask = () => other.start({ phone: newPhone(), purpose: 'deliver' });
    const answers = await Promise.all(Array.from({ length: 12 }, ask));
    const outcomes = answers.map(outcome).toSorted();
    expect(outcomes).toEqual([202, 202, 202, ...Array(9).fill('too_many_requests')]);
    const refused = await ask();
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(3600);
    expect((await service.start({ phone: newPhone() })).status).toBe(202);
    const registered = await world.post('/registrations', { phone: newPhone() });
    expect(registered.status).toBe(202);
  });
});

describe('the ticket of a transaction', () => {
  it('is inactive when it belongs to another service or flow, is forged or made up, all alike', async () => {
    const ticket = await service.ticket({ phone: newPhone() });
    const person = await world.subscriber();
    const forged = `${ticket.slice(0, -4)}AAAA`;
    const reset = await world.resetTicket(person);
    const registration = await world.registrationTicket(newPhone());
    expect(await other.introspect(ticket)).toMatchObject(inactive);
    for (const one of [forged, reset, registration, 'no-ticket', 'a'.repeat(256)]) {
      expect((await service.introspect(one)).body).toEqual({ active: false });
    }
    // None of these requests has used up a good ticket.
    expect((await service.introspect(ticket)).body.active).toBe(true);
    const newPassword = 'سماء صافية فوق البحر';
    const completion = { ticket: reset, newPassword, confirmPassword: newPassword };
    expect((await world.post('/password-resets/complete', completion)).status).toBe(204);
  });

  it('completes no flow of Hawiya’s own', async () => {
    const hands = owners(world);
    const owner = await hands.owner();
    const ticket = await service.ticket(
      { phone: owner.phone },
      world.inbox.messages(owner.phone).length + 1,
    );
    const newPassword = 'سماء صافية فوق البحر';
    const answers = [
      await world.post('/registrations/complete', world.registration(ticket, world.someone())),
      await world.post('/password-resets/complete', {
        ticket,
        newPassword,
        confirmPassword: newPassword,
      }),
      await world.post('/sessions/complete', { ticket }),
      await hands.act(owner, 'phone/complete', { ticket }),
      await hands.act(owner, 'close/complete', { ticket }),
    ];
    expect(answers.map(outcome)).toEqual(Array(5).fill('ticket_invalid'));
    expect((await service.introspect(ticket)).body.active).toBe(true);
  });

  it('is inactive once its ten minutes are over', async () => {
    const ticket = await service.ticket({ phone: newPhone() });
    world.clock.advance(601);
    expect(await service.introspect(ticket)).toMatchObject(inactive);
  });
});

describe('the access tokens', () => {
  it('of a person open no service’s endpoint, and those of a service no person’s endpoint', async () => {
    const owner = await owners(world).owner();
    const refused = { status: 401, body: { code: 'unauthenticated' } };
    expect(await service.start({ phone: newPhone() }, owner.token)).toMatchObject(refused);
    expect(await service.introspect('ticket', undefined, owner.token)).toMatchObject(refused);
    expect(await world.get('/account', { token: service.token })).toMatchObject(refused);
    expect(await world.post('/challenges', {})).toMatchObject(refused);
  });

  it('are given only for the client’s own secret, scope and grant, as RFC 6749 says', async () => {
    const { clientId, clientSecret } = service.client;
    const byForm = await service.ask({ client_id: clientId, client_secret: clientSecret });
    expect(byForm).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } });
    const granted = await service.ask({ scope: 'otp/challenge' });
    expect(granted.status).toBe(200);
    const errors = [
      await service.ask({}, 'wrong'),
      await service.ask({ client_id: world.serving.directory.clientId }),
      await service.ask({ scope: 'aws.cognito.signin.user.admin' }),
      await service.ask({ grant_type: 'password' }),
      await service.ask({ grant_type: '' }),
    ];
    expect(errors.map(({ status }) => status)).toEqual(Array(5).fill(400));
    expect(errors.map(({ body }) => body['error'])).toEqual([
      'invalid_client',
      'invalid_client',
      'invalid_scope',
      'unsupported_grant_type',
      'invalid_request',
    ]);
    const payload = String(granted.body['access_token']).split('.')[1] ?? '';
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(claims).toMatchObject({
      sub: clientId,
      client_id: clientId,
      token_use: 'access',
      scope: 'otp/challenge',
    });
    expect(claims.username).toBeUndefined();
  });
});
