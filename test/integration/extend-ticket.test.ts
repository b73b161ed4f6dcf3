import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mintTicket, readTicket } from '#core/challenge/ticket.ts';
import { extendTicket } from '#core/flows/extend-ticket.ts';
import type { Problem } from '#core/model/problems.ts';
import { nationalId, phone, unique } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { implementations, type Stores } from '../support/world/stores.ts';

const minute = 60;
const password = 'a perfectly fine passphrase';

const outcomeOf = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => 'done',
    ({ code }: Problem) => code,
  );

describe.each(implementations)('a ticket that is extended, on %s', (_, open) => {
  let stores: Stores;
  let engine: ReturnType<typeof openEngine>;
  beforeAll(async () => {
    stores = await open();
  });
  beforeEach(() => {
    engine = openEngine(stores);
  });

  const someone = (): Human => ({
    username: `u${unique()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')}`.slice(0, 20),
    nationalId: nationalId(),
    phone: phone(),
    password,
  });
  const extend = (ticket: string) => extendTicket(engine.ports)(ticket);
  const pass = (minutes: number) => engine.clock.advance(minutes * minute);

  it('is good for its usual ten minutes from then, and opens the account', async () => {
    const human = someone();
    const first = await engine.registrationTicket(human.phone);
    pass(9);
    const { ticket, expiresAt } = await extend(first);
    expect(expiresAt).toBe(engine.clock() + 10 * minute);
    pass(5);
    // The former ticket keeps its own end.
    expect(await outcomeOf(engine.open(first, human))).toBe('ticket_invalid');
    pass(4);
    expect(await outcomeOf(engine.open(ticket, human))).toBe('done');
  });

  it('ends thirty minutes after its code, however often it is extended', async () => {
    const human = someone();
    let ticket = await engine.registrationTicket(human.phone);
    const verifiedAt = engine.clock();
    for (let n = 0; n < 3; n++) {
      pass(9);
      ({ ticket } = await extend(ticket));
    }
    const last = await extend(ticket);
    expect(last.expiresAt).toBe(verifiedAt + 30 * minute);
    pass(2);
    expect((await extend(last.ticket)).expiresAt).toBe(verifiedAt + 30 * minute);
    pass(1);
    expect(await outcomeOf(extend(last.ticket))).toBe('ticket_invalid');
    expect(await outcomeOf(engine.open(last.ticket, human))).toBe('ticket_invalid');
  });

  it('is refused once it has expired or is spent, and also where it is of a login or forged', async () => {
    const human = someone();
    const late = await engine.registrationTicket(phone());
    pass(10);
    expect(await outcomeOf(extend(late))).toBe('ticket_invalid');

    const spent = await engine.registrationTicket(human.phone);
    await engine.open(spent, human);
    expect(await outcomeOf(extend(spent))).toBe('ticket_invalid');

    const forged = `${spent.slice(0, -4)}AAAA`;
    expect(await outcomeOf(extend(forged))).toBe('ticket_invalid');
    expect(await outcomeOf(extend('no ticket'))).toBe('ticket_invalid');
  });

  it('of a reset sets the new password', async () => {
    const human = await engine.register(someone());
    const first = await engine.resetTicket(human, human.phone);
    pass(9);
    const { ticket } = await extend(first);
    pass(9);
    expect(await outcomeOf(engine.completeReset(ticket, 'another fine passphrase'))).toBe('done');
    expect(await outcomeOf(extend(ticket))).toBe('ticket_invalid');
  });

  it('keeps the instant of its verification, and a signature for a longer life than the longest does not help', async () => {
    const human = someone();
    const first = await engine.registrationTicket(human.phone);
    const before = await readTicket(engine.ports)(first);
    pass(5);
    const read = await readTicket(engine.ports)((await extend(first)).ticket);
    expect(read).toMatchObject({ at: before?.at, extendedSeconds: 5 * minute });
    if (!before) throw new Error('The ticket is genuine');
    const endless = await mintTicket(engine.ports.proofSigningKeys)(
      before.challengeId,
      before,
      65_535,
    );
    await engine.ports.challenges.extendTicket(before.challengeId.hash, {
      purpose: 'registration',
      now: engine.clock(),
      until: engine.clock() + 86_400,
    });
    pass(25);
    expect(await outcomeOf(engine.open(endless, human))).toBe('ticket_invalid');
    expect(await outcomeOf(extend(endless))).toBe('ticket_invalid');
  });

  it('in parallel gets the same end each time, and opens one account', async () => {
    const human = someone();
    const first = await engine.registrationTicket(human.phone);
    pass(9);
    const all = await Promise.all(Array.from({ length: 5 }, () => extend(first)));
    expect(new Set(all.map(({ ticket }) => ticket)).size).toBe(1);
    pass(9);
    const [{ ticket } = { ticket: '' }] = all;
    expect(await outcomeOf(engine.open(ticket, human))).toBe('done');
    expect(await outcomeOf(engine.open(ticket, someone()))).toBe('ticket_invalid');
  });

  it('a crash between the write and the answer leaves the former ticket good, which can be extended again', async () => {
    const human = someone();
    const first = await engine.registrationTicket(human.phone);
    pass(9);
    const dying = {
      ...engine.ports,
      proofSigningKeys: Object.assign(async () => {
        const ring = await engine.ports.proofSigningKeys();
        return {
          ...ring,
          get current(): never {
            throw new Error('The function died');
          },
        };
      }),
    };
    await expect(extendTicket(dying)(first)).rejects.toThrow('The function died');
    const { ticket } = await extend(first);
    pass(9);
    expect(await outcomeOf(engine.open(ticket, human))).toBe('done');
  });
});
