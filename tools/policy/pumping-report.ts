import { type Pumper, type PumpingRules, playDay } from './pumping.ts';

/** Honest codes a day, and the numbers of addresses a pumper has, for which a stage keeps its targets. */
const loads = [60_000, 100_000] as const;
const pumpers = [24, 40] as const;

/** Plans of a pumper. Midnight is when the day's money is new; at five, honest traffic rises. */
const plans: ReadonlyArray<Pick<Pumper, 'fromHour' | 'aims'>> = [
  { fromHour: 0, aims: 'at all prefixes' },
  { fromHour: 0, aims: 'at one prefix' },
  { fromHour: 5, aims: 'at one prefix' },
];

const sims = 20;

/** The worst day of a pumper, over its plans. */
export interface PumpingRow {
  readonly honestPerDay: number;
  readonly addresses: number;
  readonly behind: Pumper['behind'];
  /** Share of honest codes refused. */
  readonly refusedShare: number;
  /** Cost of its codes that nobody verifies, in the stage's currency. */
  readonly pumpedCost: number;
}

/**
 * The worst day of each pumper for which a stage has a target. Stages with the same rules are played once.
 * @returns one row a load and pumper
 */
export async function simulatePumping(rules: PumpingRules): Promise<PumpingRow[]> {
  const key = JSON.stringify(rules);
  const known = played.get(key) ?? playAll(rules);
  played.set(key, known);
  return known;
}

const played = new Map<string, Promise<PumpingRow[]>>();

async function playAll(rules: PumpingRules): Promise<PumpingRow[]> {
  const rows: PumpingRow[] = [];
  for (const honestPerDay of loads) {
    for (const addresses of pumpers) {
      rows.push(await worstDay(rules, honestPerDay, addresses, 'own addresses'));
    }
  }
  return rows;
}

/** The worst day of one pumper. */
export async function worstDay(
  rules: PumpingRules,
  honestPerDay: number,
  addresses: number,
  behind: Pumper['behind'],
): Promise<PumpingRow> {
  const days = [];
  for (const plan of plans) {
    days.push(await playDay(rules, honestPerDay, { ...plan, addresses, behind, sims }));
  }
  return {
    honestPerDay,
    addresses,
    behind,
    refusedShare: Math.max(...days.map(({ refusedShare }) => refusedShare)),
    pumpedCost: Math.max(...days.map(({ pumpedCost }) => pumpedCost)),
  };
}
