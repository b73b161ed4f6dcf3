import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventSchemas } from '#core/audit/events.ts';
import type { SecurityEventType } from '#core/model/records.ts';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { eventOf } from '../support/world/records.ts';
import { openWorld, type Person, type World } from '../support/world/world.ts';
import { openRecords } from '../support/world/world-records.ts';

let world: World;
let records: ReturnType<typeof openRecords>;
beforeAll(async () => {
  world = await openWorld();
  records = openRecords(world);
});
afterAll(() => world?.close());
beforeEach(() => {
  world.cloud.hooks.onCall = undefined;
});

/** The events of a subscriber that drops repeats by their id, as docs/events.md asks. */
function subscriber(): Map<string, { type: string; detail: Record<string, unknown> }> {
  const held = world.cloud.buses.events.map(({ detail, 'detail-type': type }) => [
    String(detail['id']),
    { type, detail },
  ]);
  return new Map(held as [string, { type: string; detail: Record<string, unknown> }][]);
}

const arrives = (...ids: string[]) =>
  expect.poll(() => ids.filter((id) => !subscriber().has(id)), { interval: 100 }).toEqual([]);

const failure = (name: string) => Object.assign(new Error(name), { name });

describe('an event that a DynamoDB transaction wrote', () => {
  it('arrives on the bus, and a subscriber that drops repeats has it once', async () => {
    const event = eventOf({ type: 'terms.accepted', details: { termsVersion: '2026-12' } });
    await records.write({ events: [event] });
    await arrives(event.id);
    expect(subscriber().get(event.id)).toEqual({
      type: 'terms.accepted',
      detail: {
        schema: 1,
        id: event.id,
        at: '2026-11-23T07:30:00.000Z',
        userId: event.userId,
        origin: event.origin,
        details: { termsVersion: '2026-12' },
      },
    });
    await sleep(500);
    expect(world.cloud.buses.events.filter(({ detail }) => detail['id'] === event.id)).toHaveLength(
      1,
    );
  });

  it('arrives with the notice of its change: the stream has two readers', async () => {
    const phone = newPhone();
    const event = eventOf();
    await records.write({ events: [event], notices: [records.noticeTo(phone)] });
    await arrives(event.id);
    expect(await world.sms(phone)).toContain('937');
  });

  it('arrives after an outage of the bus, and no event written meanwhile is lost', async () => {
    let refused = 0;
    world.cloud.hooks.onCall = ({ service }) => {
      if (service !== 'events') return;
      refused += 1;
      throw failure('InternalException');
    };
    const events = Array.from({ length: 25 }, () => eventOf());
    for (const event of events) await records.write({ events: [event] });
    await expect.poll(() => refused).toBeGreaterThan(2);
    world.cloud.hooks.onCall = undefined;
    await arrives(...events.map(({ id }) => id));
  });

  it('arrives twice when the publisher dies after the bus accepted it, and a subscriber keeps one', async () => {
    let deaths = 0;
    world.cloud.hooks.onAnswer = async ({ service }) => {
      if (service !== 'events' || deaths > 0) return;
      deaths += 1;
      await world.cloud.kill('event-publisher');
    };
    const event = eventOf();
    await records.write({ events: [event] });
    const times = () =>
      world.cloud.buses.events.filter(({ detail }) => detail['id'] === event.id).length;
    await expect.poll(times).toBe(2);
    world.cloud.hooks.onAnswer = undefined;
    expect([...subscriber().keys()].filter((id) => id === event.id)).toHaveLength(1);
  });

  it('is shown at /local/events', async () => {
    const event = eventOf();
    await records.write({ events: [event] });
    await arrives(event.id);
    const answer = await fetch(`${world.serving.url}/local/events`);
    const { events } = (await answer.json()) as { events: { detail: { id: string } }[] };
    expect(events.map(({ detail }) => detail.id)).toContain(event.id);
  });
});

describe('the events of a registration and a reset', () => {
  let person: Person;
  beforeAll(async () => {
    person = await world.subscriber();
    const ticket = await world.resetTicket(person);
    const newPassword = 'سماء صافية فوق البحر';
    const reset = { ticket, newPassword, confirmPassword: newPassword };
    expect((await world.post('/password-resets/complete', reset)).status).toBe(204);
  });

  it('match their schemas on the bus', async () => {
    const types = () => [...subscriber().values()].map(({ type }) => type);
    await expect.poll(types).toEqual(expect.arrayContaining(['account.opened', 'password.reset']));
    for (const { type, detail } of subscriber().values()) {
      const read = eventSchemas[type as SecurityEventType].safeParse(detail);
      expect(read.success, `${type}: ${JSON.stringify(detail)}`).toBe(true);
    }
  });

  it('hold no phone, name or national ID, and neither does a log line', () => {
    const seen = JSON.stringify([world.cloud.buses.events, world.logged]);
    for (const secret of [person.phone.slice(4), person.nationalId, person.username]) {
      expect(seen).not.toContain(secret);
    }
  });
});
