import { beforeEach, describe, expect, it } from 'vitest';
import { sign } from '#core/crypto/webhook-signature.ts';
import { takeReceipt } from '#core/delivery/take-receipt.ts';
import type { Receipt } from '#core/ports/outbox.ts';
import { type FakeClock, fakeClock } from '../../../support/fakes/clock.ts';

const key = 'k'.repeat(32);
const idHash = `password-reset.${'h'.repeat(43)}`;
const rule = {
  key: 'agg',
  signatureHeader: 'x-signature',
  timestampHeader: 'x-timestamp',
  reference: 'message.ref',
  status: 'message.status',
  delivered: ['DELIVERED', '0'],
  failed: ['EXPIRED'],
};
const rules = { agg: rule, 'agg-2': rule };

let clock: FakeClock;
let recorded: [idHash: string, receipt: Receipt][];
beforeEach(() => {
  clock = fakeClock();
  recorded = [];
});

const receiptOf = (status: unknown, ref: unknown = `${idHash}.2`) =>
  JSON.stringify({ message: { ref, status } });

interface Change {
  readonly provider?: string;
  readonly signedBy?: string;
  readonly at?: number;
  readonly headers?: (headers: Record<string, string>) => Record<string, string>;
  readonly sent?: string;
  readonly with?: string;
}

/** A webhook call, correctly signed except for the change. */
function take(body: string, change: Change = {}) {
  const timestamp = String(change.at ?? clock());
  const signature = sign(change.with ?? key, {
    provider: change.signedBy ?? 'agg',
    timestamp,
    body: Buffer.from(body),
  });
  const signed = { 'x-timestamp': timestamp, 'x-signature': signature };
  const headers: Record<string, string> = change.headers?.(signed) ?? signed;
  const challenges = {
    recordReceipt: async (hash: string, receipt: Receipt) => void recorded.push([hash, receipt]),
  };
  const notices = {
    recordReceipt: async (id: string, receipt: Receipt) =>
      void recorded.push([`notice ${id}`, receipt]),
  };
  return takeReceipt({ clock, challenges, notices, rules, keys: async () => key })({
    provider: change.provider ?? 'agg',
    body: Buffer.from(change.sent ?? body),
    header: (name) => headers[name],
  });
}

describe('a signed receipt', () => {
  it.each<[unknown, string]>([
    ['DELIVERED', 'delivered'],
    [0, 'delivered'],
    ['EXPIRED', 'failed'],
  ])('of status %s is recorded as %s', async (status, delivery) => {
    expect(await take(receiptOf(status))).toBe('receipt-recorded');
    const receipt = { sendNumber: 2, provider: 'agg', delivery, now: clock() };
    expect(recorded).toEqual([[idHash, receipt]]);
  });

  it('with a status on the way changes nothing', async () => {
    expect(await take(receiptOf('QUEUED'))).toBe('receipt-passing');
    expect(recorded).toEqual([]);
  });

  it.each(['', '{', '[]', 'null', receiptOf('DELIVERED', 'h.1'), receiptOf({}), '{"message":1}'])(
    'that cannot be read is accepted and changes nothing: %s',
    async (body) => {
      expect(await take(body)).toBe('receipt-unreadable');
      expect(recorded).toEqual([]);
    },
  );

  it('may be up to five minutes old, or ahead', async () => {
    for (const at of [clock() - 300, clock() + 300]) await take(receiptOf('DELIVERED'), { at });
    expect(recorded).toHaveLength(2);
  });
});

describe('the reference', () => {
  const noticeId = 'n'.repeat(22);

  it('of a notice is told apart from that of a challenge, whatever their ids are', async () => {
    expect(await take(receiptOf('DELIVERED', `n.${noticeId}.1`))).toBe('receipt-recorded');
    await take(receiptOf('DELIVERED', `${idHash}.1`));
    expect(recorded.map(([id]) => id)).toEqual([`notice ${noticeId}`, idHash]);
  });

  it.each([
    `n.${idHash}.1`,
    `${'h'.repeat(43)}.1`,
    `${noticeId}.1`,
    `n.${noticeId}`,
    `n.n.${noticeId}.1`,
    `n${noticeId}.1`,
  ])('%s is not one that we sent', async (reference) => {
    expect(await take(receiptOf('DELIVERED', reference))).toBe('receipt-unreadable');
    expect(recorded).toEqual([]);
  });
});

describe('a receipt that the provider did not sign', () => {
  const body = receiptOf('DELIVERED');
  const refused: [string, Change][] = [
    ['another key', { with: 'x'.repeat(32) }],
    ['another body', { sent: body.replace('.2', '.1') }],
    ['another time', { headers: (h) => ({ ...h, 'x-timestamp': String(Date.now()) }) }],
    ['no time', { headers: (h) => ({ ...h, 'x-timestamp': '' }) }],
    ['no signature', { headers: ({ 'x-signature': _, ...rest }) => rest }],
    [
      'half a signature',
      { headers: (h) => ({ ...h, 'x-signature': h['x-signature']?.slice(0, 32) ?? '' }) },
    ],
    ['another provider, though the two share their key', { provider: 'agg-2' }],
    ['another provider’s name in the signature', { signedBy: 'agg-2' }],
    ['a provider that is not configured', { provider: 'other' }],
    ['a provider of that name', { provider: 'constructor' }],
  ];
  it.each(refused)('is refused: %s', async (_, change) => {
    const unauthenticated = expect.objectContaining({ code: 'unauthenticated' });
    await expect(take(body, change)).rejects.toEqual(unauthenticated);
    expect(recorded).toEqual([]);
  });

  it('is refused when it is old, or too far ahead', async () => {
    for (const at of [clock() - 301, clock() + 301]) {
      await expect(take(body, { at })).rejects.toThrow();
    }
  });

  it('is refused unread when it is huge', async () => {
    await expect(take('x'.repeat(17_000))).rejects.toThrow();
  });
});

it('the signature covers provider, time and body, joined by dots', () => {
  // printf '%s' 'agg.1700000000.{}' | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
  const signed = sign(key, { provider: 'agg', timestamp: '1700000000', body: Buffer.from('{}') });
  expect(signed).toBe('9e3581dd22cfa502d175842b19d53d4928e5c0c98f1858cfc84827441978c496');
});

it('a guessable key verifies no signature, not even its own', async () => {
  const challenges = { recordReceipt: async () => undefined };
  const taking = takeReceipt({
    clock,
    challenges,
    notices: challenges,
    rules,
    keys: async () => 'short',
  })({
    provider: 'agg',
    body: Buffer.from('{}'),
    header: () => '1',
  });
  await expect(taking).rejects.toThrow('shorter than 32');
});
