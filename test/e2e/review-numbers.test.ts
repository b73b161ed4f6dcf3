import { afterAll, beforeAll, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { waitUntil } from '../support/wait-until.ts';
import { owners } from '../support/world/owner.ts';
import { openWorld, outcome, type Person, type World } from '../support/world/world.ts';

let world: World;
let phone: string;
let code: string;
let other: { phone: string; code: string };
beforeAll(async () => {
  const [listing] = local.reviewNumbers;
  if (!listing) throw new Error('The local stage lists no number');
  const second = { ...listing, phone: '+966500000098' };
  world = await openWorld({ config: { ...local, reviewNumbers: [listing, second] } });
  const listed = await fetch(`${world.serving.url}/local/review-numbers`);
  const { reviewNumbers } = (await listed.json()) as {
    reviewNumbers: { phone: string; code: string }[];
  };
  const [first, next] = reviewNumbers;
  if (!first || !next) throw new Error('No codes of the listed numbers');
  ({ phone, code } = first);
  other = next;
});
afterAll(() => world.close());

const handled = () => world.logged.filter((line) => line.includes('"delivery":"review"')).length;

/** Sends a code, and waits until the sender has handled it. @returns the ticket that the known code gives */
async function ticketAfter(send: () => Promise<{ id: string }>, typed = code): Promise<string> {
  const before = handled();
  const { id } = await send();
  await waitUntil(() => handled() > before || undefined, 'The sender handled nothing');
  const verified = await world.post(`/challenges/${id}/verify`, { code: typed });
  expect(outcome(verified)).toBe(200);
  return verified.body.ticket;
}

async function register(): Promise<Person> {
  const reviewer = world.someone({ phone });
  const ticket = await ticketAfter(
    async () => (await world.post('/registrations', { phone })).body.challenge,
  );
  const opened = await world.post('/registrations/complete', world.registration(ticket, reviewer));
  expect(opened.status).toBe(201);
  return reviewer;
}

const logIn = (reviewer: Person) =>
  ticketAfter(async () => (await world.typePassword(reviewer)).body.challenge);

it('a reviewer registers, logs in and resets a password with the code known beforehand, without any SMS', async () => {
  const reviewer = await register();
  const session = await world.post('/sessions/complete', { ticket: await logIn(reviewer) });
  expect(session.status).toBe(201);

  const { username, nationalId } = reviewer;
  const started = await world.post('/password-resets', { username, nationalId });
  const ticket = await ticketAfter(async () => {
    const { challenge } = started.body;
    await world.post(`/challenges/${challenge.id}/send`, {});
    return challenge;
  });
  const newPassword = 'سماء صافية فوق البحر';
  const before = handled();
  const body = { ticket, newPassword, confirmPassword: newPassword };
  expect((await world.post('/password-resets/complete', body)).status).toBe(204);
  // The notice of the reset is handled as well.
  await waitUntil(() => handled() > before || undefined, 'The sender handled nothing');
  expect(handled()).toBeGreaterThan(before);
  expect((await logIn({ ...reviewer, password: newPassword })).length).toBeGreaterThan(20);

  expect(world.inbox.messages(phone)).toEqual([]);
});

it('a review number’s code verifies no other phone, and an ordinary account cannot move to the number', async () => {
  const hands = owners(world);
  const victim = await hands.owner();
  const { username, nationalId } = victim;
  const { id } = (await world.post('/password-resets', { username, nationalId })).body.challenge;
  const before = world.inbox.messages(victim.phone).length;
  await world.post(`/challenges/${id}/send`, {});
  await world.sms(victim.phone, before + 1);
  const tried = await world.post(`/challenges/${id}/verify`, { code });
  expect(tried.body).toMatchObject({ code: 'code_incorrect', attemptsLeft: 4 });

  const move = { phone, currentPassword: victim.password };
  expect(outcome(await hands.act(victim, 'phone', move))).toBe('destination_unsupported');
});

it('a review account moves to another review number, with that number’s code', async () => {
  const hands = owners(world);
  const reviewer = await register();
  const opened = await world.post('/sessions/complete', { ticket: await logIn(reviewer) });
  const session = { token: opened.body.tokens.accessToken };
  const ticket = await ticketAfter(async () => {
    const move = { phone: other.phone, currentPassword: reviewer.password };
    return (await hands.act(session, 'phone', move)).body.challenge;
  }, other.code);
  expect((await hands.act(session, 'phone/complete', { ticket })).status).toBe(200);
  expect(world.inbox.messages(other.phone)).toEqual([]);
});

it('the use of a review number is counted, and neither number nor code is logged', () => {
  expect(handled()).toBeGreaterThan(0);
  const lines = world.logged.join('\n');
  expect(lines.match(/"ReviewNumberUsed":1/g)).toHaveLength(handled());
  expect(lines).not.toContain(phone);
  expect(lines).not.toContain(phone.slice(4));
});
