import { afterAll, beforeAll, expect, it } from 'vitest';
import { stageConfig } from '../../lib/config/stage-config.ts';
import { nationalId, phone } from '../support/fakes/builders.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, outcome, toNextHour, username, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  const config = stageConfig({
    stage: 'local',
    portalHost: 'localhost',
    registrationNumber: '1234567890',
    smsSenderId: 'HAWIYA',
    termsVersion: '2026-11',
    retainData: false,
    logRetentionDays: 7,
    limits: { failuresPerServiceAndHour: 20 },
  });
  world = await openWorld({ config });
});
afterAll(() => world.close());

/** Starts a reset of the pair and asks for its SMS. */
async function startReset(pair = { username: username(), nationalId: nationalId() }) {
  const { id } = (await world.post('/password-resets', pair)).body.challenge;
  await world.post(`/challenges/${id}/send`, {});
  return id as string;
}

/** The number of wrong codes in a burst that were judged. */
async function answered(ids: string[], each: number): Promise<number> {
  const guesses = ids.flatMap((id) =>
    Array.from({ length: each }, () => world.post(`/challenges/${id}/verify`, { code: '000000' })),
  );
  const outcomes = (await Promise.all(guesses)).map(outcome);
  return outcomes.filter((one) => one === 'code_incorrect').length;
}

it('after a burst at many accounts a new challenge allows two attempts, and nothing is closed', async () => {
  toNextHour(world.clock);
  const person = await world.subscriber();
  const { username, nationalId } = person;
  const sprayed = await Promise.all(Array.from({ length: 5 }, () => startReset()));
  expect(await answered(sprayed, 10)).toBe(25);
  // A function's log lines arrive a moment after its answers.
  const opened = () => world.logged.filter((line) => line.includes('"GuessingBreakerOpened":1'));
  await expect.poll(() => opened().length).toBe(1);
  const breakers = (await openTable(world).scan()).map(({ pk }) => pk?.S);
  expect(breakers).toContain('breaker#guessing-service');

  // A function caches the breaker's state for ten seconds.
  world.clock.advance(10);
  const { id } = (await world.post('/registrations', { phone: phone() })).body.challenge;
  const late = [await startReset({ username, nationalId }), await startReset(), id];
  for (const each of late) expect(await answered([each], 10)).toBe(2);

  expect(await world.registrationTicket(phone())).toEqual(expect.any(String));
});
