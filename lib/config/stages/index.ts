import type { StageConfig } from '../stage-config.ts';
import { dev } from './dev.ts';
import { local } from './local.ts';
import { prod } from './prod.ts';

const stages: Record<string, StageConfig> = { dev, local, prod };

export const stageNames = Object.keys(stages);

/**
 * @param name the stage, from `cdk -c stage=<name>`
 * @throws Error that lists the existing stages
 */
export function stageNamed(name: string): StageConfig {
  const found = stages[name];
  if (found) return found;
  throw new Error(`There is no stage "${name}". Stages: ${stageNames.join(', ')}.`);
}
