import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { callOf } from '../../../lambdas/http/call.ts';
import { callOrigin } from '../../../lambdas/http/origin.ts';
import { testKeys } from '../../support/fakes/keys.ts';

const { tags } = testKeys().ports;
const secret = 'a-secret-of-the-edge'.padEnd(64, '1');
const { addressOf, originOf } = callOrigin({ tags, edgeSecrets: async () => [secret] });

const call = (headers: Record<string, string>, sourceIp = '192.0.2.7') =>
  callOf({
    headers,
    requestContext: { identity: { sourceIp } },
  } as unknown as APIGatewayProxyEvent);

/** A call as CloudFront passes it on. */
const byEdge = (address: string) =>
  call({
    'X-Hawiya-Edge': secret,
    'CloudFront-Viewer-Address': `${address}:443`,
    'CloudFront-Viewer-Country': 'SA',
  });

describe('the origin of a call', () => {
  it('has the place that the edge names, and none without the secret of the edge', async () => {
    expect(await originOf(byEdge('203.0.113.7'))).toHaveProperty('place', 'SA');
    expect(await originOf(call({ 'CloudFront-Viewer-Country': 'SA' }))).not.toHaveProperty('place');
    expect(await originOf(call({ 'X-Hawiya-Edge': secret }))).not.toHaveProperty('place');
  });

  it('is the same through the edge and past it, except for the place', async () => {
    const { place: _, ...through } = await originOf(byEdge('203.0.113.7'));
    expect(through).toEqual(await originOf(call({}, '203.0.113.7')));
    expect(await addressOf(byEdge('203.0.113.7'))).toBe('203.0.113.7');
    expect(await addressOf(call({}, '203.0.113.7'))).toBe('203.0.113.7');
  });

  it('names the network by a keyed tag, the same for all addresses of an IPv6 customer, and the device by its family', async () => {
    const headers = { 'user-agent': 'Sehhaty/3.1 (iPhone; iOS 18.1)' };
    const one = await originOf(call(headers, '2001:db8:1:2::1'));
    expect(one).toEqual(await originOf(call(headers, '2001:db8:1:2::ffff')));
    expect(one).toEqual({
      addressTag: expect.stringMatching(/^[\w-]{43}$/),
      device: 'Sehhaty, iOS',
    });
    expect((await originOf(call(headers))).addressTag).not.toBe(one.addressTag);
  });
});
