import { beforeEach, describe, expect, it } from 'vitest';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import type { Ports } from '#core/ports/index.ts';
import { anywhere, limits, nationalId, phone as newPhone } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { implementations } from '../support/world/stores.ts';
import { username as newUsername } from '../support/world/world.ts';

/** The sender counts the codes of resets to one phone; no answer does (docs/decisions/0033). */
describe.each(implementations)('the resets of one phone in %s', (_, open) => {
  let engine: ReturnType<typeof openEngine>;
  let phone: string;
  let family: Human[];

  beforeEach(async () => {
    engine = openEngine(await open());
    phone = newPhone();
    family = [];
    for (let n = 0; n < limits.accountsPerPhone; n++) {
      family.push(
        await engine.register({
          username: newUsername(),
          nationalId: nationalId(),
          phone,
          password: 'river wolf teapot',
        }),
      );
      // Three registrations an hour.
      engine.clock.advance(1800);
    }
    // To the beginning of an hour.
    engine.clock.advance(3600 - (engine.clock() % 3600));
  });

  const capLedger = () =>
    ({ scope: 'resets-to-phone', tag: engine.keys.tag('phone', phone) }) as const;
  const counted = async () => (await engine.ports.ledgers.counts(capLedger(), engine.clock())).uses;
  const resets = async (human: Human, times: number) => {
    const outcomes = [];
    for (let n = 0; n < times; n++) outcomes.push((await engine.sendReset(human)).outcome);
    return outcomes;
  };
  const person = (n: number): Human => {
    const human = family[n];
    if (!human) throw new Error('The family is smaller');
    return human;
  };

  it('are closed by no pair for another: two that use up their own budgets leave a third its three', async () => {
    for (const n of [0, 1]) {
      expect(await resets(person(n), 3)).toEqual(['sent', 'sent', 'sent']);
      await expect(engine.sendReset(person(n))).rejects.toThrow('too_many_requests');
    }
    expect(await resets(person(2), 3)).toEqual(['sent', 'sent', 'sent']);
  });

  it('are dropped beyond the cap without a word, and the code never verifies', async () => {
    for (const n of [0, 1, 2]) await resets(person(n), 3);
    const texts = engine.textsTo(phone).length;
    const { id, outcome } = await engine.sendReset(person(3));
    expect(outcome).toBe('phone-capped');
    expect(engine.textsTo(phone)).toHaveLength(texts);
    const { decoy, asked, delivery } = (await engine.ports.challenges.find(engine.hashOf(id))) as {
      decoy: boolean;
      asked?: unknown;
      delivery?: string;
    };
    expect([decoy, asked, delivery]).toEqual([false, undefined, 'sent']);
    await expect(engine.verify(id, engine.codeOf(id))).rejects.toMatchObject({
      code: 'code_incorrect',
      extras: { attemptsLeft: 4 },
    });
    // The next hour has room again.
    engine.clock.advance(3600);
    expect(await resets(person(3), 1)).toEqual(['sent']);
  });

  it('leave a code usable that went out before the cap was full', async () => {
    const { id } = await engine.sendReset(person(0));
    const right = engine.codeOf(id);
    for (const n of [1, 2]) await resets(person(n), 3);
    await resets(person(3), 2);
    engine.clock.advance(limits.resendSeconds);
    await sendChallenge(engine.ports)({ id, address: anywhere });
    expect(await engine.deliver(id)).toBe('phone-capped');
    await expect(engine.verify(id, right)).resolves.toHaveProperty('ticket');
  });

  it('count a send once, however often and in parallel it is delivered, and through retries', async () => {
    const { id } = await engine.startReset(person(0));
    await sendChallenge(engine.ports)({ id, address: anywhere });
    engine.sms.failing = true;
    const owed = { idHash: engine.hashOf(id), sendNumber: 1 };
    const twice = [0, 0].map(() => deliverChallenge(engine.ports)({ ...owed, round: 0 }));
    await Promise.all(twice);
    expect(await counted()).toBe(1);
    engine.clock.advance(2);
    await deliverChallenge(engine.ports)({ ...owed, round: 1 });
    engine.sms.failing = false;
    engine.clock.advance(4);
    expect(await deliverChallenge(engine.ports)({ ...owed, round: 2 })).toBe('sent');
    expect(await counted()).toBe(1);
  });

  it('count a send once after a crash between the charge and the provider, also in the next hour', async () => {
    engine.clock.advance(3599);
    const { id } = await engine.startReset(person(0));
    await sendChallenge(engine.ports)({ id, address: anywhere });
    const startedAt = engine.clock();
    const owed = { idHash: engine.hashOf(id), sendNumber: 1, round: 0 };
    const dying: Ports = {
      ...engine.ports,
      sms: {
        inOrder: () => {
          throw new Error('The process died');
        },
      },
    };
    await expect(deliverChallenge(dying)(owed)).rejects.toThrow('The process died');
    engine.clock.advance(2);
    expect(await deliverChallenge(engine.ports)(owed)).toBe('sent');
    const { usesThisPart } = await engine.ports.ledgers.counts(capLedger(), engine.clock());
    expect(usesThisPart).toBe(0);
    expect((await engine.ports.ledgers.counts(capLedger(), startedAt)).usesThisPart).toBe(1);
  });

  it('get their unit back where nobody was texted, once, and their account’s unit never', async () => {
    const { id } = await engine.startReset(person(0));
    await sendChallenge(engine.ports)({ id, address: anywhere });
    const broke: Ports = {
      ...engine.ports,
      spending: {
        ...engine.ports.spending,
        accounts: { perDay: 0, unverifiedPerHour: 0, unverifiedPerDay: 0 },
      },
    };
    const owed = { idHash: engine.hashOf(id), sendNumber: 1, round: 0 };
    expect(await deliverChallenge(broke)(owed)).toBe('no-budget');
    expect(await deliverChallenge(broke)(owed)).toBe('settled-before');
    expect(await counted()).toBe(0);
    // A decoy's units are never returned either.
    const challenge = await engine.ports.challenges.find(engine.hashOf(id));
    const tag = challenge && 'ledgerTag' in challenge ? challenge.ledgerTag : '';
    const ofAccount = { scope: 'phone-password-reset', tag } as const;
    expect(await engine.ports.ledgers.counts(ofAccount, engine.clock())).toMatchObject({ uses: 1 });
  });

  it('keep the unit of a send that may be out, and return that of one that expired in the queue', async () => {
    engine.sms.silent = true;
    const { id } = await engine.startReset(person(0));
    await sendChallenge(engine.ports)({ id, address: anywhere });
    await deliverChallenge(engine.ports)({ idHash: engine.hashOf(id), sendNumber: 1, round: 0 });
    engine.sms.silent = false;
    engine.sms.failing = true;
    const other = await engine.startReset(person(1));
    await sendChallenge(engine.ports)({ id: other.id, address: anywhere });
    const owed = { idHash: engine.hashOf(other.id), sendNumber: 1 };
    await deliverChallenge(engine.ports)({ ...owed, round: 0 });
    expect(await counted()).toBe(2);
    engine.clock.advance(limits.codeSeconds);
    expect(await deliverChallenge(engine.ports)({ ...owed, round: 1 })).toBe('expired');
    await deliverChallenge(engine.ports)({ idHash: engine.hashOf(id), sendNumber: 1, round: 1 });
    expect(await counted()).toBe(1);
  });
});
