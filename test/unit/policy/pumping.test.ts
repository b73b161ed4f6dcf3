import { describe, expect, it } from 'vitest';
import { stageNamed } from '../../../lib/config/stages/index.ts';
import { policyInput } from '../../../tools/policy/policy-input.ts';
import { type Pumper, type PumpingRules, playDay } from '../../../tools/policy/pumping.ts';

const { pumping: rules, targets } = policyInput(stageNamed('prod'));
const pumper: Pumper = {
  addresses: 40,
  fromHour: 0,
  aims: 'at all prefixes',
  sims: 20,
  behind: 'own addresses',
};
const withRules = ({ limits = {}, spending = {} }: Changed): PumpingRules => ({
  limits: { ...rules.limits, ...limits },
  spending: { ...rules.spending, ...spending },
});
interface Changed {
  readonly limits?: Partial<PumpingRules['limits']>;
  readonly spending?: Partial<PumpingRules['spending']>;
}

/** The pumpers for which a stage has targets are in `policy.test.ts`, which plays their days once. */
describe('a greedy pumper among honest people', () => {
  it('closes the door for nearly everyone where no money is kept for first codes', async () => {
    const { refusedShare } = await playDay(
      withRules({ spending: { keptForFirstCodes: 0 } }),
      60_000,
      pumper,
    );
    expect(refusedShare).toBeGreaterThan(0.5);
  });

  it('costs what honest people earn where the address’s share is that of an hour', async () => {
    const hourly = { unverifiedPerAddressAndDay: 24 * 60 };
    const { pumpedCost } = await playDay(withRules({ limits: hourly }), 60_000, pumper);
    expect(pumpedCost).toBeGreaterThan(4 * targets.unverifiedSpendPerDay);
  });

  it('without honest people costs at most the unverified money of registrations', async () => {
    const { pumpedCost } = await playDay(rules, 0, { ...pumper, addresses: 400, sims: 0 });
    expect(pumpedCost).toBeLessThanOrEqual(rules.spending.registrations.unverifiedPerDay / 1000);
    expect(pumpedCost).toBeGreaterThan(100);
  });

  it('is absent from a day in which nobody is refused', async () => {
    const day = await playDay(rules, 60_000, { ...pumper, addresses: 0, sims: 0 });
    expect(day).toMatchObject({ honestRefused: 0, pumpedCodes: 0, pumpedCost: 0 });
    expect(day.honestCodes).toBeGreaterThan(59_000);
  });
});
