import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { owners } from '../support/world/owner.ts';
import { openTable } from '../support/world/table-scan.ts';
import {
  type Answer,
  openWorld,
  outcome,
  type Person,
  type World,
} from '../support/world/world.ts';

let world: World;
let person: Person;
beforeAll(async () => {
  world = await openWorld();
  person = await world.subscriber();
});
afterAll(() => world.close());

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/;
const perAnswer = new Set(['date', 'x-amzn-requestid']);

/** The visible shape of an answer, without the values that differ between any two answers of one kind. */
function shape({ status, headers, body }: Answer) {
  const seen = structuredClone(body);
  if (seen?.challenge) {
    expect(seen.challenge.id).toMatch(/^[\w-]{44}$/);
    expect(seen.challenge.destination).toBeNull();
    for (const name of ['sendAgainAt', 'expiresAt']) expect(seen.challenge[name]).toMatch(instant);
    Object.assign(seen.challenge, { id: '', sendAgainAt: '', expiresAt: '' });
  }
  if (seen?.instance) seen.instance = '';
  const kept = [...headers].filter(([name]) => !perAnswer.has(name));
  return { status, headers: kept, body: JSON.stringify(seen) };
}

describe('a known and an unknown pair', () => {
  const strangers: [string, () => object][] = [
    [
      'an unknown username',
      () => ({ username: 'nobody.like.this', nationalId: person.nationalId }),
    ],
    ['another’s national ID', () => ({ username: person.username, nationalId: '1000000008' })],
    ['two unknown values', () => ({ username: 'nobody.at.all', nationalId: '2020202020' })],
  ];

  it.each(strangers)('get the same answers with %s, and no SMS', async (_name, stranger) => {
    const known = { username: person.username, nationalId: person.nationalId };
    const pairs = [known, stranger()];
    const starts = await Promise.all(pairs.map((pair) => world.post('/password-resets', pair)));
    expect(shape(starts[1] as Answer)).toEqual(shape(starts[0] as Answer));
    const [id, decoyId] = starts.map(({ body }) => body.challenge.id);

    const before = world.inbox.messages().length;
    // Send only for the unknown pair: an SMS to any phone would show.
    const decoySend = await world.post(`/challenges/${decoyId}/send`, {});
    expect(decoySend.status).toBe(202);
    await sleep(700);
    expect(world.inbox.messages()).toHaveLength(before);

    const wrong = await Promise.all(
      [id, decoyId].map((challenge) =>
        world.post(`/challenges/${challenge}/verify`, { code: '000000' }),
      ),
    );
    expect(shape(wrong[1] as Answer)).toEqual(shape(wrong[0] as Answer));
  });

  it('get the same answer from send and resend, and only the known pair gets an SMS', async () => {
    const someone = await world.subscriber();
    const known = { username: someone.username, nationalId: someone.nationalId };
    const unknown = { username: 'nobody.like.that', nationalId: someone.nationalId };
    const sends: Answer[][] = [];
    for (const pair of [known, unknown]) {
      const { id } = (await world.post('/password-resets', pair)).body.challenge;
      const send = () => world.post(`/challenges/${id}/send`, {});
      sends.push([await send(), await send()]);
    }
    const [[first, soon], [decoyFirst, decoySoon]] = sends as [Answer[], Answer[]];
    expect(shape(decoyFirst as Answer)).toEqual(shape(first as Answer));
    expect([soon, decoySoon].map((answer) => outcome(answer as Answer))).toEqual([
      'too_many_requests',
      'too_many_requests',
    ]);
    await world.sms(someone.phone, 2);
  });

  it('run out of sends at the same count, even when the phone got an SMS to register', async () => {
    const someone = await world.subscriber();
    await world.post('/registrations', { phone: someone.phone });
    const pairs = [
      { username: someone.username, nationalId: someone.nationalId },
      { username: 'nobody.like.those', nationalId: someone.nationalId },
    ];
    const outcomes = [];
    for (const pair of pairs) {
      const seen = [];
      for (let n = 0; n < 4; n++) {
        const { id } = (await world.post('/password-resets', pair)).body.challenge;
        seen.push(outcome(await world.post(`/challenges/${id}/send`, {})));
      }
      outcomes.push(seen);
    }
    expect(outcomes[0]).toEqual([202, 202, 202, 'too_many_requests']);
    expect(outcomes[1]).toEqual(outcomes[0]);
  });

  it('are told by no answer of a start, a send, a read or a repeated request', async () => {
    const someone = await world.subscriber();
    const known = { username: someone.username, nationalId: someone.nationalId };
    const last = someone.phone.slice(-3);
    for (const pair of [known, { ...known, username: 'nobody.like.one' }]) {
      const headers = { 'idempotency-key': randomUUID() };
      const start = () => world.post('/password-resets', pair, { headers });
      const answers = [await start(), await start()];
      const { id } = answers[0]?.body.challenge ?? {};
      answers.push(await world.post(`/challenges/${id}/send`, {}));
      answers.push(await world.get(`/challenges/${id}`));
      answers.push(await start());
      for (const { body } of answers) {
        expect(body.challenge).toMatchObject({ id, destination: null });
        expect(JSON.stringify({ ...body.challenge, id: '' })).not.toContain(`${last}"`);
      }
    }
  });

  it('look alike on a shared phone whose other account has used up its resets, and while a phone is held', async () => {
    const hands = owners(world);
    const mine = await world.subscriber();
    const wife = world.someone({ phone: mine.phone });
    const ticket = await world.registrationTicket(wife.phone, 2);
    await world.post('/registrations/complete', world.registration(ticket, wife));
    const moved = await hands.owner();
    const to = world.someone().phone;
    await hands.act(moved, 'phone/complete', { ticket: await hands.phoneTicket(moved, to) });
    for (let n = 0; n < 3; n++) {
      const { username, nationalId } = mine;
      const { id } = (await world.post('/password-resets', { username, nationalId })).body
        .challenge;
      expect((await world.post(`/challenges/${id}/send`, {})).status).toBe(202);
    }
    const pairs = [wife, moved, world.someone()].map(({ username, nationalId }) => ({
      username,
      nationalId,
    }));
    const seen: unknown[][] = [];
    for (const pair of pairs) {
      const shapes = [];
      for (let n = 0; n < 4; n++) {
        const start = await world.post('/password-resets', pair);
        const { id } = start.body.challenge;
        const send = await world.post(`/challenges/${id}/send`, {});
        const guess = await world.post(`/challenges/${id}/verify`, { code: '000000' });
        shapes.push(shape(start), outcome(send), shape(guess));
        if (send.status === 202) shapes.push(shape(await world.get(`/challenges/${id}`)));
      }
      seen.push(shapes);
    }
    expect(seen[0]).toEqual(seen[2]);
    expect(seen[1]).toEqual(seen[2]);
  });
});

describe('a decoy', () => {
  it('locks like any other challenge', async () => {
    const pair = { username: 'nobody.like.this', nationalId: '2020202020' };
    const { id } = (await world.post('/password-resets', pair)).body.challenge;
    await world.post(`/challenges/${id}/send`, {});
    const seen = [];
    for (let n = 0; n < 6; n++) {
      seen.push(outcome(await world.post(`/challenges/${id}/verify`, { code: `00000${n}` })));
    }
    expect(seen).toEqual([...Array(5).fill('code_incorrect'), 'challenge_locked']);
  });
});

describe('a stranger who does not know the pair', () => {
  it('cannot use up the owner’s failures by guessing at the pair', async () => {
    const pair = { username: person.username, nationalId: '1010101010' };
    for (let n = 0; n < 4; n++) {
      const { id } = (await world.post('/password-resets', pair)).body.challenge;
      await world.post(`/challenges/${id}/send`, {});
      await openTable(world).clear('ledger#phone-password-reset', /^sends/);
      // Failures count only after the sender has handled the challenge. It handles decoys too.
      await sleep(500);
      for (let i = 0; i < 5; i++) await world.post(`/challenges/${id}/verify`, { code: '000000' });
    }
    // Twenty wrong codes use up the stranger's guesses for the day, not the owner's.
    expect(outcome(await world.post('/password-resets', pair))).toBe('too_many_requests');
    const { username, nationalId } = person;
    expect((await world.post('/password-resets', { username, nationalId })).status).toBe(202);
  });
});
