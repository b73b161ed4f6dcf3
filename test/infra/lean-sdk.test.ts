import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOptions } from '../../lib/bundles/function-bundles.ts';
import { functionSettings } from '../../lib/config/function-settings.ts';
import { local } from '../../lib/config/stages/local.ts';

/** A module that is bundled as the functions are. */
const fixture = fileURLToPath(new URL('../support/infra/bundled-clients.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'hawiya-lean-'));
afterAll(() => rmSync(directory, { recursive: true }));

let bundled: typeof import('../support/infra/bundled-clients.ts');
beforeAll(async () => {
  const options = bundleOptions([], directory, functionSettings(local));
  await build({ ...options, entryPoints: [{ in: fixture, out: 'fixture/index' }] });
  bundled = await import(join(directory, 'fixture/index.mjs'));
}, 120_000);

describe('a bundled client', () => {
  it('throws the class that an adapter names', async () => {
    const { error, isConditional } = await bundled.putAnsweredBy('ConditionalCheckFailedException');
    expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', $fault: 'client' });
    expect(isConditional).toBe(true);
  });

  it('throws the base exception under its own name for an error that no adapter names', async () => {
    const { error, isOfService, tries } = await bundled.putAnsweredBy('ResourceNotFoundException');
    expect(error).toMatchObject({ name: 'ResourceNotFoundException', $fault: 'client' });
    expect(isOfService).toBe(true);
    expect(tries).toBe(1);
  });

  it('retries a throttled call, although no adapter names the error', async () => {
    const { error, tries } = await bundled.putAnsweredBy('ProvisionedThroughputExceededException');
    expect(error.name).toBe('ProvisionedThroughputExceededException');
    expect(tries).toBe(2);
  });

  it('signs its calls for the region and with the credentials of the environment', async () => {
    const { authorization } = await bundled.putAnsweredBy('ResourceNotFoundException');
    expect(authorization).toMatch(/Credential=AKIDEXAMPLE\/\d{8}\/me-central-1\/dynamodb\//);
  });
});

it('a code of an authenticator app is the same by Node’s HMAC', () => {
  // RFC 6238, appendix B: 59 s after 1970, SHA-1.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect(bundled.totpCode(secret, bundled.totpStep(59))).toBe('287082');
});
