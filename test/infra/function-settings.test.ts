import { type App, Stack, Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../lambdas/functions/settings.ts';
import { settingsAsJson } from '../../lib/bundles/function-bundles.ts';
import { functionSettings } from '../../lib/config/function-settings.ts';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { prod } from '../../lib/config/stages/prod.ts';
import { HawiyaFunction } from '../../lib/constructs/hawiya-function.ts';
import { functions, synthesise, synthesiseAll } from '../support/infra/synth.ts';
import { aggregator, stageWith } from '../support/world/stage-with-provider.ts';

/** As many characters as the configuration takes. */
const longest = (prefix: string, n: number) => `${prefix}${n}-`.padEnd(31, 'x');
const numbered = <Item>(length: number, item: (n: number) => Item) =>
  Array.from({ length }, (_, n) => item(n));

/** Prod with every list as long as the configuration takes, and long entries. */
const full: StageConfig = {
  ...prod,
  reviewNumbers: numbered(10, (n) => ({
    phone: `+96655123456${n}`,
    from: '2026-12-01',
    until: '2026-12-30',
    sendsPerDay: 20,
  })),
  relyingServices: numbered(50, (n) => ({
    id: longest('service', n),
    name: { ar: 'الوصفة', en: 'E-prescription' },
    purposes: numbered(20, (each) => longest('purpose', each)),
    challengesPerHour: 500,
    challengesPerDay: 5000,
    spendPerDay: 100,
  })),
  tokenDomain: 'hawiya-prod',
  sms: stageWith(
    'qa',
    numbered(4, (n) =>
      aggregator({
        name: `aggregator-${n}`,
        receipts: { ...aggregator().receipts, key: `receipts-${n}` } as never,
      }),
    ),
  ).sms,
};

/** Bytes of a value once it is deployed. An ARN has up to 128 characters, the id of an app client inside a list has 26. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, unknown[]] };
  if (!join) return 128;
  return join[1].reduce<number>(
    (sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : 26),
    0,
  );
}

/** Bytes of each function's environment. */
function environments(config: StageConfig): Record<string, number> {
  const all = Object.entries(functions(synthesise(config).api)).map(([name, { Properties }]) => {
    const { Variables } = (Properties['Environment'] ?? { Variables: {} }) as {
      Variables: Record<string, unknown>;
    };
    const sizes = Object.entries(Variables).map(([key, value]) => key.length + bytesOf(value));
    return [name, sizes.reduce((sum, size) => sum + size, 0)];
  });
  return Object.fromEntries(all);
}

describe('the environment of a function', () => {
  const largest = environments(full);

  it('stays below 1.5 kB, whatever the stage configures', () => {
    const { transaction: _, ...others } = largest;
    expect(Object.keys(others)).toContain('smsreceipts');
    expect(Math.max(...Object.values(others))).toBeLessThan(1500);
  });

  it('holds as many relying services as may be configured, in the one function that knows them', () => {
    // 63 bytes a service with an id of 31 characters: the ids of the app clients are known to the deployment only.
    const { transaction } = largest;
    expect(transaction).toBeGreaterThan(50 * 63);
    expect(transaction).toBeLessThan(3800);
    expect(environments(prod)['transaction']).toBeLessThan(700);
  });
});

it('an environment beyond Lambda’s 4 kB fails the synthesis, not the deployment', () => {
  const add = (bytes: number) => (app: App) => {
    new HawiyaFunction<object>(new Stack(app, 'Other'), 'Function', {
      flow: 'event-publisher',
      environment: { LONG: 'x'.repeat(bytes) },
      permissions: [],
      logRetentionDays: 7,
      retainLog: false,
    });
  };
  expect(() => synthesiseAll(prod, undefined, add(4092))).not.toThrow();
  expect(() => synthesiseAll(prod, undefined, add(4093))).toThrow(
    'The environment of event-publisher has about 4097 bytes, and Lambda takes 4096: shorten the configuration in LONG',
  );
});

describe('a setting', () => {
  it('that is misspelt or missing does not compile', () => {
    // @ts-expect-error there is no such setting
    const misspelt = () => settingsOf({ LIMTS: SETTINGS.LIMITS });
    // @ts-expect-error the function did not name it
    const unnamed = () => settingsOf({ LIMITS: SETTINGS.LIMITS }).SESSIONS;
    const { LIMITS: _, ...without } = functionSettings(prod);
    // @ts-expect-error the stage does not set it
    const missing = () => settingsAsJson(without);
    expect([misspelt, unnamed, missing]).toHaveLength(3);
  });

  it.each<[string, Partial<StageConfig>]>([
    ['PORTAL_HOST', { portalHost: Token.asString({ Ref: 'Host' }) }],
    ['LIMITS', { limits: { ...prod.limits, codeLength: Token.asNumber({ Ref: 'Length' }) } }],
    ['REVIEW_NUMBERS', { reviewNumbers: Token.asAny([]) as never }],
  ])('%s that only the deployment knows fails the synthesis', (name, part) => {
    expect(() => synthesise({ ...prod, ...part })).toThrow(
      `The setting ${name} holds a value that only the deployment knows`,
    );
  });

  it('of the sender holds no rules for receipts, which only the webhook reads', () => {
    const { SMS_PROVIDERS, RECEIPT_RULES } = functionSettings(full);
    expect(Object.keys(RECEIPT_RULES)).toHaveLength(4);
    for (const provider of SMS_PROVIDERS) expect(provider).not.toHaveProperty('receipts');
  });
});
