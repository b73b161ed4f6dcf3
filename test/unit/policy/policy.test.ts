import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { stageNamed } from '../../../lib/config/stages/index.ts';
import { policy, stageNames } from '../../../tools/policy/policy.ts';
import {
  ledgersOfPhone,
  type PolicyInput,
  policyInput,
  purposes,
} from '../../../tools/policy/policy-input.ts';
import type { PumpingRules } from '../../../tools/policy/pumping.ts';
import type { PumpingRow } from '../../../tools/policy/pumping-report.ts';
import type { Report } from '../../../tools/policy/report.ts';
import { judgeFormulas } from '../../../tools/policy/targets.ts';
import { endless, input, limits, withLimits } from './numbers.ts';

/** The report on other numbers, with pumpers who refuse nobody. */
const policyOf = (changed: PolicyInput) =>
  policy(
    ['--stage', 'x'],
    () => changed,
    async () => [],
  );

const main = fileURLToPath(new URL('../../../tools/policy/policy.ts', import.meta.url));

/** Runs the command as npm runs it. A status other than 0 rejects with `code`, `stdout` and `stderr`. */
const run = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args]);

/** What the command prints of all stages: their pumped days take seconds, so the tests here play them once. */
let printed: { readonly stdout: string; readonly stderr: string };
let reports: readonly Report[];
beforeAll(async () => {
  printed = await run('--json');
  reports = JSON.parse(printed.stdout);
});

/** The pumped days that the command has played for a stage with these rules. */
async function played(rules: PumpingRules): Promise<PumpingRow[]> {
  const stage = stageNames().find(
    (name) => JSON.stringify(policyInput(stageNamed(name)).pumping) === JSON.stringify(rules),
  );
  return [...(reports.find((report) => report.stage === stage)?.pumping ?? [])];
}

const policyOfStages = (args: readonly string[]) => policy(args, undefined, played);

describe('every existing stage', () => {
  it('is reported in a table', async () => {
    const { out } = await policyOfStages([]);
    for (const name of stageNames()) expect(out).toContain(`Stage ${name}\n`);
    expect(stageNames()).toContain('prod');
    expect(out).toContain('1,000 addresses');
    expect(out).toContain('holds: taking one account in a year');
  });

  it.each(stageNames())('%s keeps its targets, on pumped days too', async (name) => {
    const report = reports.find(({ stage }) => stage === name);
    expect(report?.verdicts.map(({ met }) => met)).toEqual([true, true, true, true, true]);
    expect(await policyOfStages(['--stage', name])).toMatchObject({ code: 0, err: '' });
  });

  it.each(stageNames())(
    '%s: a greedy pumper with 24 and 40 addresses leaves 95 % of honest codes, at 60,000 and 100,000 a day, and costs no more than its target',
    (name) => {
      const { pumping: rules, targets } = policyInput(stageNamed(name));
      const rows = reports.find(({ stage }) => stage === name)?.pumping ?? [];
      expect(rows.map(({ addresses, honestPerDay }) => [addresses, honestPerDay])).toEqual([
        [24, 60_000],
        [40, 60_000],
        [24, 100_000],
        [40, 100_000],
      ]);
      for (const row of rows) {
        expect(row.refusedShare).toBeLessThanOrEqual(targets.honestCodesRefused);
        expect(row.pumpedCost).toBeLessThanOrEqual(targets.unverifiedSpendPerDay);
        // It takes the whole share of each of its addresses.
        const share = rules.limits.unverifiedPerAddressAndDay * row.addresses;
        expect(row.pumpedCost).toBeGreaterThanOrEqual((share * rules.spending.pricePerSms) / 1000);
      }
    },
  );

  it('sends SMS of one part', () => {
    expect(stageNames().map((name) => policyInput(stageNamed(name)).partsPerSms)).toEqual(
      stageNames().map(() => 1),
    );
  });
});

describe('the SMS that strangers can cause', () => {
  it('use the same ledgers of a phone as the engine: registrations and changes of phone share one', () => {
    // Resets count by account.
    expect(ledgersOfPhone(purposes)).toBe(1);
    expect(ledgersOfPhone(['registration', 'phone-change'])).toBe(1);
    expect(ledgersOfPhone([...purposes, 'transaction'])).toBe(2);
    // The owner of the account sends these, to the account's own phone.
    expect(ledgersOfPhone(['account-closing'])).toBe(0);
  });

  it('may use the reported unverified money of registrations; that of accounts is another', async () => {
    const { registrations, accounts, namedAccounts } = policyInput(stageNamed('prod')).prices;
    expect([registrations.unverifiedPerHour, registrations.unverifiedPerDay]).toEqual([70, 140]);
    expect([accounts.unverifiedPerHour, accounts.unverifiedPerDay]).toEqual([50, 50]);
    expect([namedAccounts.unverifiedPerHour, namedAccounts.unverifiedPerDay]).toEqual([10, 10]);
    expect((await policyOfStages(['--stage', 'prod'])).out).toMatch(
      /phones that callers name \(registrations, changes of phone\) +70 +140\n +phones of accounts .* +50 +50\n.* that callers name .* +10 +10\n/,
    );
  });
});

describe('a stage that misses a target', () => {
  it('fails and says which target, by how much, and what to change: without a year’s budget', async () => {
    const { code, err } = await policyOf({ ...input, limits: endless() });
    expect(code).toBe(1);
    expect(err).toMatch(/^Stage test: MISSED: taking one account in a year is up to 1\.\d+e-2/);
    expect(err).toContain('the target is 1.00e-4 (1 in 10,000): 110 times too much.');
    expect(err).toContain('With limits.failuresPerYear 39 it would hold.');
  });

  it('names the nearest sufficient value of every number that alone is enough', async () => {
    const adviceFor = async (change: Partial<typeof limits>) =>
      (await policyOf(withLimits(change))).err.split('too much. ')[1];
    expect(await adviceFor({ failuresPerYear: 64 })).toBe(
      'With limits.failuresPerYear 39, or with limits.sendsPerPhoneAndDay 1 (and ' +
        'limits.sendsPerPhoneAndHour 1), or with limits.sendsPerPhoneAndHour 1, or with ' +
        'limits.codeLength 7 it would hold.',
    );
    expect(await adviceFor({ failuresPerYear: 49 })).toBe(
      'With limits.failuresPerYear 39, or with limits.phoneFirstFailuresPerYear 10, or with ' +
        'limits.sendsPerPhoneAndDay 2 (and ' +
        'limits.sendsPerPhoneAndHour 2), or with limits.sendsPerPhoneAndHour 2, or with ' +
        'limits.attemptsPerChallenge 3, or with limits.codeLength 7 it would hold.',
    );
  });

  it('gets advice that holds, and the value before it does not hold', () => {
    for (const failuresPerYear of [40, 50, 64, 80]) {
      const missed = withLimits({ failuresPerYear });
      const remedies = judgeFormulas(missed).find(({ met }) => !met)?.remedies ?? [];
      expect(remedies.length).toBeGreaterThan(1);
      for (const { name, value, along } of remedies.filter((remedy) => !remedy.along)) {
        const key = name.replace('limits.', '') as keyof typeof limits;
        const own = { ...limits, failuresPerYear }[key];
        const holds = (candidate: number) =>
          judgeFormulas(withLimits({ failuresPerYear, [key]: candidate }))[0]?.met;
        const before = value + Math.sign(own - value);
        expect([name, along, holds(value), holds(before)]).toEqual([name, undefined, true, false]);
      }
    }
  });

  it('gets the same report for money', async () => {
    const registrations = { ...input.prices.registrations, unverifiedPerDay: 440 };
    const { code, err } = await policyOf({ ...input, prices: { ...input.prices, registrations } });
    expect(code).toBe(1);
    expect(err).toContain('up to 500 SAR; the target is 200 SAR: 2.5 times too much.');
    expect(err).toContain('With spending.registrations.unverifiedPerDay 140 it would hold.');
  });

  it('is told when no single number is enough', async () => {
    const targets = { ...input.targets, takeoverPerAccountAndYear: 1e-9 };
    const { err } = await policyOf({ ...input, targets });
    expect(err).toContain('No single number is enough to hold it.');
  });
});

describe('the policy command', () => {
  it('prints JSON with the same numbers', async () => {
    const { out } = await policyOfStages(['--stage', 'prod', '--json']);
    expect(JSON.parse(out)).toEqual(reports.filter(({ stage }) => stage === 'prod'));
  });

  it('refuses an unknown stage and an unknown option with another exit code', async () => {
    expect(await policy(['--stage', 'nowhere'])).toMatchObject({ code: 2, out: '' });
    expect((await policy(['--stage', 'nowhere'])).err).toContain('There is no stage "nowhere"');
    expect((await policy(['--verbose'])).code).toBe(2);
    expect((await policy(['--addresses', 'many'])).code).toBe(2);
  });

  it('runs the way npm runs it', async () => {
    expect(reports.map(({ stage }) => stage)).toEqual(stageNames());
    expect(printed.stderr).toBe('');
    await expect(run('--stage', 'nowhere')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('There is no stage'),
    });
  });
});
