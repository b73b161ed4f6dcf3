import { describe, expect, it } from 'vitest';
import { storesThatReadBeforeTheyCount } from '../support/model/broken-stores.ts';
import { checkInParallel, checkInterleaved, type Outcome } from '../support/model/check.ts';
import { dynamoStores, fakeStores } from '../support/world/stores.ts';

/** Outcomes that the stories must reach: stories whose calls never get far prove little. */
const reached = [
  'register ok',
  'register too_many_requests',
  'reset ok',
  'reset too_many_requests',
  'send ok',
  'send too_many_requests',
  'send challenge_locked',
  'send challenge_expired',
  'deliver sent',
  'deliver decoy',
  'deliver expired',
  'deliver settled-before',
  'verify ok',
  'verify code_incorrect',
  'verify challenge_locked',
  'verify challenge_expired',
  'credit ok',
  'credit gave back',
  'open ok',
  'open username_taken',
  'open identity_registered',
  'open ticket_invalid',
  'renew ok',
  'renew password_rejected',
  'renew ticket_invalid',
];

/** Outcomes that even a few stories reach, with any seed. */
const common = [
  'register ok',
  'reset ok',
  'send ok',
  'deliver sent',
  'verify ok',
  'open ok',
  'credit gave back',
];

function expectNoFailure({ failure, tally }: Outcome, among: readonly string[]): void {
  if (failure) expect.fail(failure);
  console.log([...tally].map(([what, count]) => `${count} × ${what}`).join(', '));
  expect([...tally.keys()]).toEqual(expect.arrayContaining([...among]));
}

/** Four people, a sender and a clock act in any order. The rules are in `support/model/laws.ts`. */
describe('the rules of the engine', () => {
  it('hold in every story on the fake, for any order of parallel store calls', async () => {
    const check = { name: 'On the fake', runs: 500, scenes: 14, open: () => fakeStores() };
    expectNoFailure(await checkInterleaved(check), reached);
  });

  it('hold in every story on DynamoDB, with calls in parallel', async () => {
    const check = { name: 'On DynamoDB', runs: 20, scenes: 14, open: dynamoStores };
    expectNoFailure(await checkInParallel(check), common);
  });

  it('catch a store that reads before it counts, and print its story', async () => {
    const open = storesThatReadBeforeTheyCount;
    const check = { name: 'On a broken store', runs: 1200, scenes: 6, open };
    const { failure } = await checkInterleaved(check);
    expect(failure).toMatch(/^\d+\. at the same time:$/m);
    expect(failure).toMatch(/verifies #\d+ with .+ code → code_incorrect \(\d left\)/);
    expect(failure).toMatch(/^✗ \S+’s call (tells twice|answered|verified)/m);
  });
});
