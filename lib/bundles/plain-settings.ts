import { Token } from 'aws-cdk-lib';
import type { Settings } from '../../lambdas/functions/settings.ts';

/**
 * The bundles are made before the synthesis, when a CDK token still stands for a value that only the deployment knows.
 * @throws Error that names the setting with a token
 */
export function requirePlainJson(settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!holdsToken(value)) continue;
    throw new Error(
      `The setting ${name} holds a value that only the deployment knows: pass it in the environment`,
    );
  }
}

function holdsToken(value: unknown): boolean {
  if (Token.isUnresolved(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some((entry) => entry.some(holdsToken));
}
