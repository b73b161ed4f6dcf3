import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phone as newPhone } from '../support/fakes/builders.ts';
import { type AttackName, attacks, type Victim } from '../support/takeover/attacks.ts';
import { intrude } from '../support/takeover/intruder.ts';
import { outcomes } from '../support/takeover/outcomes.ts';
import { aggregator, stageWith } from '../support/world/stage-with-provider.ts';
import { openTable } from '../support/world/table-scan.ts';
import { openWorld, type World } from '../support/world/world.ts';

/*
 * From inside every function, with its credentials, its secrets and the local cloud's IAM, an attacker tries to open,
 * change or close somebody's account. What succeeds is the table of docs/taken-over-functions.md, and nothing else may.
 */

let world: World;
let table: ReturnType<typeof openTable>;
beforeAll(async () => {
  const stage = stageWith('local', [
    { kind: 'sns' },
    aggregator({ url: 'http://127.0.0.1:9/sms' }),
  ]);
  // A right password opens a session here, so that each victim has one without another SMS.
  const limits = { ...stage.limits, passwordLength: 15 };
  world = await openWorld({ config: { ...stage, secondFactor: 'never', limits } });
  table = openTable(world);
});
afterAll(() => world?.close());

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));

/** A person with an account and a session. */
async function newVictim(): Promise<Victim> {
  const person = await world.subscriber();
  const { body } = await world.logIn(person);
  const { sub: userId, origin_jti: sessionId } = claimsOf(body.tokens.accessToken);
  const account = (await table.scan()).find(({ userId: of }) => of?.S === userId);
  if (!account) throw new Error('The person has no account');
  return {
    ...person,
    account,
    userId,
    sessionId,
    usernameTag: account['pk']?.S?.slice('account#'.length) ?? '',
    phoneTag: account['phoneTag']?.S ?? '',
  };
}

/** Tries every attack from inside a function. An attack that succeeds has spoilt its victim for the next one. */
async function successesOf(functionName: string): Promise<AttackName[]> {
  const intruder = await intrude(world, functionName);
  const succeeded: AttackName[] = [];
  let person: Promise<Victim> | undefined;
  const victim = () => {
    person ??= newVictim();
    return person;
  };
  for (const [name, attack] of Object.entries(attacks)) {
    if (!(await attack({ world, intruder, phone: newPhone(), victim }))) continue;
    succeeded.push(name as AttackName);
    person = undefined;
  }
  return succeeded;
}

describe('an attacker inside a function', () => {
  it.each(Object.keys(outcomes))(
    '%s succeeds with what the table says and nothing else',
    async (name) => {
      expect(await successesOf(name)).toEqual(outcomes[name]?.succeed);
    },
  );

  it('was tried for every function of the stage', () => {
    const names = world.cloud.functions.map(({ name }) => name);
    expect(Object.keys(outcomes).toSorted()).toEqual(names.toSorted());
  });

  it.each(['account', 'event-publisher', 'information', 'sms-receipts', 'transaction'])(
    'opens, changes and closes no account from %s',
    (name) => {
      const harmless: AttackName[] = ['read a phone', 'write an event'];
      const others = outcomes[name]?.succeed.filter((attack) => !harmless.includes(attack));
      expect(others).toEqual([]);
    },
  );
});
