import * as z from 'zod';

/** A positive whole number that a stage may set. */
export interface WholeNumber {
  readonly default: number;
  readonly min?: number;
  readonly max?: number;
}

export type WholeNumbers = Readonly<Record<string, WholeNumber>>;

export type ValuesOf<Settings extends WholeNumbers> = {
  readonly [Name in keyof Settings]: number;
};

const boundedBy = ({ min = 1, max = Number.MAX_SAFE_INTEGER }: WholeNumber) =>
  z.int().min(min).max(max);

type StageShape<Settings extends WholeNumbers> = {
  [Name in keyof Settings]: z.ZodDefault<z.ZodInt>;
};

/** Schema of the numbers in a stage's configuration. A missing number has its default; an unknown name is an error. */
export function stageNumbers<Settings extends WholeNumbers>(settings: Settings) {
  const fields = Object.entries(settings).map(([name, setting]) => [
    name,
    boundedBy(setting).default(setting.default),
  ]);
  return z.strictObject(Object.fromEntries(fields) as StageShape<Settings>);
}
