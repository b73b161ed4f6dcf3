import { Duration } from 'aws-cdk-lib';
import {
  type HeadersReferrerPolicy,
  type ResponseCustomHeader,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { edgeName } from './edge-name.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * Makes CloudFront answer with these headers and override those of the bucket.
 * @param name of the policy, unique in the stack
 * @param headers by name in lower case. Some have fields of their own in CloudFront, which accepts them nowhere else.
 */
export function servedHeaders(scope: Construct, id: string, name: string, headers: Headers) {
  const known = Object.keys(ownFields);
  const others = Object.entries(headers).filter(([name]) => !known.includes(name));
  return new ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: edgeName(scope, name),
    securityHeadersBehavior: Object.assign(
      {},
      ...Object.entries(ownFields).map(([name, field]) =>
        headers[name] === undefined ? {} : field(headers[name]),
      ),
    ),
    // CloudFront allows no empty list.
    ...(others.length > 0 && { customHeadersBehavior: { customHeaders: others.map(custom) } }),
  });
}

const override = true;

const custom = ([header, value]: [string, string]): ResponseCustomHeader => ({
  header,
  value,
  override,
});

const ownFields: Readonly<Record<string, (value: string) => ResponseSecurityHeadersBehavior>> = {
  'content-security-policy': (value) => ({
    contentSecurityPolicy: { contentSecurityPolicy: value, override },
  }),
  'referrer-policy': (value) => ({
    referrerPolicy: { referrerPolicy: value as HeadersReferrerPolicy, override },
  }),
  'strict-transport-security': (value) => ({
    strictTransportSecurity: {
      accessControlMaxAge: Duration.seconds(Number(/max-age=(\d+)/.exec(value)?.[1])),
      includeSubdomains: /includeSubDomains/i.test(value),
      preload: /preload/i.test(value),
      override,
    },
  }),
  'x-content-type-options': () => ({ contentTypeOptions: { override } }),
};
