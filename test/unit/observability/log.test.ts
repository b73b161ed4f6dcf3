import { describe, expect, it } from 'vitest';
import { describeError, log } from '../../../lambdas/observability/log.ts';
import { collectLog } from '../http/lines.ts';

const written = collectLog();

describe('a log line', () => {
  it('is one line of JSON with its fields', () => {
    log('INFO', 'outbox', { delivery: 'sent' });
    expect(written.lines()).toEqual([
      { timestamp: expect.any(String), level: 'INFO', message: 'outbox', delivery: 'sent' },
    ]);
    expect(written.text()).toMatch(/^[^\n]*\n$/);
  });
});

describe('the record of an error', () => {
  it('has its class and its place, without its message', () => {
    const told = describeError(new TypeError('0551234567 is no function'));
    expect(told.error).toBe('TypeError');
    expect(told.at?.[0]).toMatch(/^at .*log\.test\.ts:\d+:\d+/);
    expect(JSON.stringify(told)).not.toContain('0551234567');
  });

  it('has six frames at most', () => {
    const deep = (n: number): Error => (n === 0 ? new Error('x') : deep(n - 1));
    expect(describeError(deep(20)).at).toHaveLength(6);
  });

  it('has the place even when the message was set later, as the AWS SDK does', () => {
    const error = Object.assign(new Error(), { message: '0551234567 at home (a:1:1)' });
    expect(describeError(error).at?.[0]).toContain('log.test.ts');
    expect(JSON.stringify(describeError(error))).not.toContain('0551234567');
  });

  it('never contains a line of the message, even if that looks like a frame', () => {
    const told = describeError(new Error('no\n    at 0551234567 (file:///x.ts:1:1)\n    at end'));
    expect(JSON.stringify(told)).not.toMatch(/0551234567|at end/);
    expect(told.at?.[0]).toContain('log.test.ts');
  });

  it('has the request id that AWS support asks for', () => {
    const error = Object.assign(new Error('x'), { $metadata: { requestId: 'r-1' } });
    expect(describeError(error).awsRequestId).toBe('r-1');
    expect(describeError(new Error('x'))).not.toHaveProperty('awsRequestId');
  });

  it('has the type of a thrown value that is no error', () => {
    expect(describeError('0551234567')).toEqual({ error: 'string' });
    expect(describeError(undefined)).toEqual({ error: 'undefined' });
  });
});
