import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressIn, viewerOf } from '../../../lambdas/http/edge.ts';
import { collectLog } from './lines.ts';

const log = collectLog();
const secret = 'a-secret-of-the-edge'.padEnd(64, '1');
const older = 'the-one-before'.padEnd(64, '2');
const peer = '192.0.2.7';

const named = {
  'cloudfront-viewer-address': '203.0.113.7:46532',
  'cloudfront-viewer-country': 'SA',
};

function viewer(headers: Record<string, string>, known: string[] = [secret]) {
  const header = (name: string) => headers[name];
  return viewerOf(async () => known)({ peer, header });
}

describe('the viewer of a call', () => {
  it('is the one that the edge names, when the call has a secret of the edge', async () => {
    const viewerNamed = { address: '203.0.113.7', place: 'SA' };
    expect(await viewer({ ...named, 'x-hawiya-edge': secret })).toEqual(viewerNamed);
    const two = [older, secret];
    expect(await viewer({ ...named, 'x-hawiya-edge': secret }, two)).toEqual(viewerNamed);
    expect(await viewer({ ...named, 'x-hawiya-edge': older }, two)).toEqual(viewerNamed);
  });

  it('is the peer, whatever a caller without the secret writes', async () => {
    const forged: Record<string, string>[] = [
      {},
      { 'x-hawiya-edge': '' },
      { 'x-hawiya-edge': secret.slice(0, -1) },
      { 'x-hawiya-edge': `${secret}1` },
      { 'x-hawiya-edge': older },
      { 'x-hawiya-edge': 'undefined' },
    ];
    for (const headers of forged) {
      expect(await viewer({ ...named, ...headers })).toEqual({ address: peer });
    }
    expect(await viewer({ ...named, 'x-hawiya-edge': secret }, [])).toEqual({ address: peer });
    expect(await viewer({ ...named, 'x-hawiya-edge': '' }, [''])).toEqual({ address: peer });
  });

  it('is the peer when only X-Forwarded-For names another, with the secret or without it', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9', 'true-client-ip': '203.0.113.9' };
    expect(await viewer(headers)).toEqual({ address: peer });
    expect(await viewer({ ...headers, 'x-hawiya-edge': secret })).toEqual({ address: peer });
  });

  it('is found without reading the secrets when the call shows none', async () => {
    const unread = () => Promise.reject(new Error('not to be read'));
    const who = await viewerOf(unread)({ peer, header: () => undefined });
    expect(who).toEqual({ address: peer });
  });

  it.each(['Riyadh', '', 'S1', 'SA,AE', '<b>', 'ES\n'])(
    'has no place for the country %j',
    async (place) => {
      const headers = { ...named, 'x-hawiya-edge': secret, 'cloudfront-viewer-country': place };
      expect(await viewer(headers)).toEqual({ address: '203.0.113.7' });
    },
  );

  it('leaves a log line without the secret when that is unknown, and none on a stage without an edge', async () => {
    await viewer({ ...named, 'x-hawiya-edge': 'somebody-tries' });
    expect(log.lines()).toEqual([
      expect.objectContaining({ message: 'edge', error: 'UnknownSecret' }),
    ]);
    expect(log.text()).not.toMatch(/somebody-tries|203\.0\.113\.7/);
    await viewer({ ...named, 'x-hawiya-edge': 'somebody-tries' }, []);
    expect(log.lines()).toHaveLength(1);
  });
});

describe('the address that CloudFront writes', () => {
  it.each([
    ['203.0.113.7:443', '203.0.113.7'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['2001:db8::1:443', '2001:db8::1'],
    ['2001:db8:1:2:3:4:5:6:46532', '2001:db8:1:2:3:4:5:6'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001:9', '2001:0db8:0000:0000:0000:0000:0000:0001'],
    ['::1:65535', '::1'],
  ])('%s is %s', (text, address) => {
    expect(addressIn(text)).toBe(address);
  });

  it.each([
    '',
    '203.0.113.7',
    ':443',
    '203.0.113.7:',
    '203.0.113.256:443',
    '203.0.113.7:443:443',
    '203.0.113.7:port',
    '203.0.113.7, 10.0.0.1:443',
    '[]:443',
    'portal.example:443',
    '[::1:443',
  ])('%j is no address', (text) => {
    expect(addressIn(text)).toBeUndefined();
  });

  it('is read for every address and port, with brackets and without', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(fc.ipV4(), port, (ip, n) => {
        expect(addressIn(`${ip}:${n}`)).toBe(ip);
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), port, (ip, n) => {
        expect(addressIn(`[${ip}]:${n}`)).toBe(ip);
        expect(addressIn(`${ip}:${n}`)).toBe(ip);
      }),
    );
  });
});
