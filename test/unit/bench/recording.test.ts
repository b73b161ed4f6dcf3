import { describe, expect, it } from 'vitest';
import { unitsOf } from '../../bench/recording/capacity-proxy.ts';
import { callKey } from '../../bench/recording/recording.ts';
import { contentsOf, loadedFiles, partOf } from '../../bench/size/contents.ts';
import { roundTrips } from '../../support/world/round-trips.ts';

describe('the key of a recorded call', () => {
  it('is the same for another id of the same kinds', () => {
    const body = (id: string) => JSON.stringify({ Key: { pk: { S: `account#${id}` } } });
    expect(callKey('GetItem', body('a'))).toBe('GetItem account');
    expect(callKey('GetItem', body('b'))).toBe(callKey('GetItem', body('a')));
  });

  it('tells secrets apart', () => {
    expect(callKey('GetSecretValue', '{"SecretId":"arn:1"}')).toBe('GetSecretValue arn:1');
  });
});

it('parallel calls are one round trip, and calls after each other several', () => {
  const [first, beside, after] = [
    { from: 0, to: 10 },
    { from: 1, to: 11 },
    { from: 12, to: 20 },
  ];
  expect(roundTrips([first, beside])).toBe(1);
  expect(roundTrips([first, beside, after])).toBe(2);
  expect(roundTrips([])).toBe(0);
});

it('units of a transaction are added up, and a failed condition costs one', () => {
  const ConsumedCapacity = [{ CapacityUnits: 4 }, { CapacityUnits: 2 }];
  expect(unitsOf('TransactWriteItems', 200, { ConsumedCapacity })).toEqual({ read: 0, write: 6 });
  expect(unitsOf('Query', 200, { ConsumedCapacity: { CapacityUnits: 1.5 } })).toEqual({
    read: 1.5,
    write: 0,
  });
  expect(unitsOf('UpdateItem', 400, {})).toEqual({ read: 0, write: 1 });
});

describe('the contents of a bundle', () => {
  it('belong to the package in whose folder they are', () => {
    expect(partOf('node_modules/@aws-sdk/client-sns/node_modules/@smithy/core/a.js')).toBe(
      '@smithy',
    );
    expect(partOf('node_modules/@aws-sdk/client-dynamodb/dist-es/a.js')).toBe('@aws-sdk clients');
    expect(partOf('node_modules/@aws-sdk/core/a.js')).toBe('@aws-sdk core');
    expect(partOf('node_modules/zod/v4/core.js')).toBe('zod');
    expect(partOf('node_modules/otplib/a.js')).toBe('other');
    expect(partOf('lambdas/core/values/blocklist-data.ts')).toBe('block list');
    expect(partOf('lambdas/core/values/phone.ts')).toBe('own code');
  });

  it('include shared files, and on demand what is imported later', () => {
    const output = (...imports: ['import-statement' | 'dynamic-import', string][]) => ({
      bytes: 1,
      inputs: { 'lambdas/a.ts': { bytesInOutput: 3 } },
      imports: imports.map(([kind, path]) => ({ kind, path })),
      exports: [],
    });
    const outputs = {
      entry: output(['import-statement', 'shared'], ['dynamic-import', 'later']),
      shared: output(['import-statement', 'entry']),
      later: output(),
      other: output(),
    };
    const metafile = { inputs: {}, outputs };
    expect(loadedFiles(metafile, 'entry', false).sort()).toEqual(['entry', 'shared']);
    const all = loadedFiles(metafile, 'entry', true);
    expect(all.sort()).toEqual(['entry', 'later', 'shared']);
    expect(contentsOf(metafile, all)['own code']).toBe(9);
  });
});
