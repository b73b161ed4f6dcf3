import { describe, expect, it } from 'vitest';
import { stageNamed } from '../../../lib/config/stages/index.ts';
import { policyInput } from '../../../tools/policy/policy-input.ts';
import { sentence } from '../../../tools/policy/report.ts';
import { judgeFormulas } from '../../../tools/policy/targets.ts';
import { verifyingSims } from '../../../tools/policy/verifying-sims.ts';
import { input, limits, withLimits } from './numbers.ts';

describe('SIMs that verify everything', () => {
  it('get what is given back, then what is left of each ledger, and the notices of their accounts', () => {
    // 34 given back, 6 + 6 of logins and registrations, 15 resets, 15 phones proved first, 30 closings, 30 notices.
    expect(verifyingSims(input, 1)).toMatchObject({ sms: 136, earnedSms: 1.5 });
    expect(verifyingSims(input, 1).cost).toBeCloseTo(136 * 0.05);
    expect(verifyingSims({ ...input, smsPerSend: 2 }, 10).sms).toBe(2720);
  });

  it('take of each purse what they spend there: the fuller one counts', () => {
    // 600 of accounts, from which 115 SMS of a SIM are paid at most.
    expect(verifyingSims(input, 10).shareOfPurse).toBeCloseTo((10 * 115 * 0.05) / 600);
    const poor = { ...input.prices.registrations, perDay: 20 };
    const prices = { ...input.prices, registrations: poor };
    expect(verifyingSims({ ...input, prices }, 10).shareOfPurse).toBeCloseTo((10 * 40 * 0.05) / 20);
  });

  it('cost more with each SMS that is given back, and no more than without any rule where none is', () => {
    const smsWith = (verifiedSmsPerPhoneAndDay: number) =>
      verifyingSims(withLimits({ verifiedSmsPerPhoneAndDay }), 1).sms;
    expect(smsWith(41) - smsWith(40)).toBe(1);
    // A phone's first verified code always gives back.
    expect(smsWith(7)).toBe(103);
  });

  it('fail a stage whose purse they take too much of, with the number that would be enough', () => {
    const { prices } = policyInput(stageNamed('prod'));
    const tight = {
      ...input,
      limits: { ...limits, verifiedSmsPerPhoneAndDay: 100 },
      prices,
      targets: { ...input.targets, takenByVerifyingSims: 0.5 },
    };
    const verdict = judgeFormulas(tight).find(({ target }) => target === 'takenByVerifyingSims');
    if (!verdict) throw new Error('The target was not judged');
    expect(verdict.met).toBe(false);
    expect(sentence(verdict, 'SAR')).toMatch(
      /^MISSED: share of a purse's day that 500 SIMs take .* is up to 65\.6 %; the target is 50 %/,
    );
    expect(verdict.remedies).toEqual([{ name: 'limits.verifiedSmsPerPhoneAndDay', value: 58 }]);
  });
});
