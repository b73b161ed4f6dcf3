import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { crashingIn, crashPoints } from '../support/world/crash-points.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, outcome, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ config: local });
});
afterAll(() => world.close());
afterEach(() => {
  world.cloud.hooks.onCall = undefined;
  world.cloud.hooks.onAnswer = undefined;
});

const count = async (kind: string) =>
  (await openTable(world).scan()).filter(({ pk }) => pk?.S?.startsWith(`${kind}#`)).length;

describe('a login whose function dies as its second factor completes it', () => {
  it.each(crashPoints(4))(
    'ends in exactly one session and one device when retried with its ticket, after a crash at call %i (%s)',
    async (n, moment) => {
      const person = await world.subscriber();
      const ticket = await world.loginTicket(await world.typePassword(person), person);
      const before = [await count('session'), await count('device')];
      const complete = () => world.post('/sessions/complete', { ticket, ownDevice: true });

      expect(outcome(await crashingIn(world, 'session', n, moment, complete))).toBe('unavailable');
      const again = await complete();

      // After the last call the login is complete and only the answer is lost: the ticket is spent.
      const wasDone = n === 4 && moment === 'onAnswer';
      expect(outcome(again)).toBe(wasDone ? 'ticket_invalid' : 201);
      expect(outcome(await complete())).toBe('ticket_invalid');
      const [sessions = 0, devices = 0] = before;
      expect([await count('session'), await count('device')]).toEqual([sessions + 1, devices + 1]);
      if (wasDone) return;
      const { accessToken: token } = again.body.tokens;
      expect((await world.get('/account', { token })).status).toBe(200);
      const { secret: device } = again.body.device;
      expect((await world.typePassword(person, { device })).status).toBe(201);
    },
  );
});
