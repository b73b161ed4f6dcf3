import type { IncomingHttpHeaders } from 'node:http';

export type Service =
  | 'dynamodb'
  | 'cognito-idp'
  | 'events'
  | 'kms'
  | 'secretsmanager'
  | 'sns'
  | 'sqs';

/** An AWS call, parsed but not yet authorised. */
export interface RawCall {
  readonly service: Service;
  /** Such as `PutItem`. */
  readonly operation: string;
  /** The parsed JSON body, or the parameters of a query call. */
  readonly request: Record<string, unknown>;
  /** Undefined for an unsigned call. */
  readonly accessKeyId: string | undefined;
}

const services: Record<string, Service> = {
  DynamoDB_20120810: 'dynamodb',
  AWSCognitoIdentityProviderService: 'cognito-idp',
  secretsmanager: 'secretsmanager',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  TrentService: 'kms',
};

/**
 * Recognises an AWS call. JSON calls are named by X-Amz-Target; SNS sends a form.
 * @returns undefined for any other request
 */
export function readCall(headers: IncomingHttpHeaders, body: string): RawCall | undefined {
  const accessKeyId = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  const [prefix = '', operation] = String(headers['x-amz-target'] ?? '').split('.');
  const service = services[prefix];
  if (service && operation) {
    const request = JSON.parse(body || '{}') as Record<string, unknown>;
    return { service, operation, request, accessKeyId };
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  if (form['Version'] !== '2010-03-31' || !form['Action']) return undefined;
  return { service: 'sns', operation: form['Action'], request: form, accessKeyId };
}

/** Reads an attribute of an SNS message from its form, such as `AWS.SNS.SMS.SenderID`. */
export function messageAttribute(form: Record<string, unknown>, name: string): string | undefined {
  for (let n = 1; `MessageAttributes.entry.${n}.Name` in form; n += 1) {
    const entry = `MessageAttributes.entry.${n}`;
    if (form[`${entry}.Name`] === name) return String(form[`${entry}.Value.StringValue`]);
  }
  return undefined;
}
