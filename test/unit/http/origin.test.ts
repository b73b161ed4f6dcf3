import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { callOf } from '../../../lambdas/http/call.ts';
import { callOrigin } from '../../../lambdas/http/origin.ts';
import { holding, ring } from '../crypto/keys.ts';

const keys = holding(ring());

function origin(COUNTRY_HEADER: string, headers: Record<string, string>, sourceIp = '192.0.2.7') {
  const event = { headers, requestContext: { identity: { sourceIp } } };
  return callOrigin({ keys }, { COUNTRY_HEADER })(callOf(event as unknown as APIGatewayProxyEvent));
}

describe('the origin of a call', () => {
  const country = { 'CloudFront-Viewer-Country': 'SA' };

  it('has the place the edge tells, and none where no header of an edge is named', async () => {
    expect(await origin('cloudfront-viewer-country', country)).toHaveProperty('place', 'SA');
    expect(await origin('', country)).not.toHaveProperty('place');
    expect(await origin('cloudfront-viewer-country', {})).not.toHaveProperty('place');
  });

  it.each(['Riyadh', '', 'S1', 'SA,AE', '<b>'])('has no place called %j', async (place) => {
    const headers = { 'cloudfront-viewer-country': place };
    expect(await origin('cloudfront-viewer-country', headers)).not.toHaveProperty('place');
  });

  it('names the network by a keyed tag, one for an IPv6 customer, and the device by its family', async () => {
    const headers = { 'user-agent': 'Sehhaty/3.1 (iPhone; iOS 18.1)' };
    const one = await origin('', headers, '2001:db8:1:2::1');
    expect(one).toEqual(await origin('', headers, '2001:db8:1:2::ffff'));
    expect(one).toEqual({
      addressTag: expect.stringMatching(/^[\w-]{43}$/),
      device: 'Sehhaty, iOS',
    });
    expect((await origin('', headers)).addressTag).not.toBe(one.addressTag);
  });
});
