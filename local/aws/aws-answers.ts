import { randomUUID } from 'node:crypto';
import type { Service } from './aws-call.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer | string;
}

/** Prefix of each service's error codes. */
const namespaces: Partial<Record<Service, string>> = {
  dynamodb: 'com.amazon.coral.service#',
  sqs: 'com.amazonaws.sqs#',
};

const sns = 'http://sns.amazonaws.com/doc/2010-03-31/';

export function jsonAnswer(value: object): Answer {
  return { status: 200, headers: jsonHeaders(), body: JSON.stringify(value) };
}

/**
 * An error in the format of the service.
 * @param code such as `AccessDeniedException`
 */
export function errorAnswer(service: Service, code: string, message: string, status = 400): Answer {
  if (service === 'sns') return snsError(code, message, status);
  const body = { __type: `${namespaces[service] ?? ''}${code}`, message, Message: message };
  const headers = { ...jsonHeaders(), ...(service === 'sqs' && queryError(code, status)) };
  return { status, headers, body: JSON.stringify(body) };
}

export function accessDenied(service: Service, message: string): Answer {
  if (service === 'sns') return errorAnswer(service, 'AuthorizationError', message, 403);
  if (service === 'sqs') return errorAnswer(service, 'AccessDenied', message, 403);
  return errorAnswer(service, 'AccessDeniedException', message);
}

/** The answer to a call with an unknown access key. */
export function unknownCaller(service: Service): Answer {
  const message = 'The security token included in the request is invalid.';
  return namesAsQuery(service)
    ? errorAnswer(service, 'InvalidClientTokenId', message, 403)
    : errorAnswer(service, 'UnrecognizedClientException', message);
}

/** The answer to an unsigned call of an operation that needs credentials. */
export function unsigned(service: Service): Answer {
  const message = 'Request must contain a valid AWS access key ID.';
  return namesAsQuery(service)
    ? errorAnswer(service, 'MissingAuthenticationToken', message, 403)
    : errorAnswer(service, 'MissingAuthenticationTokenException', message);
}

/** SQS uses JSON, but keeps the error names of its older XML query protocol. */
function namesAsQuery(service: Service): boolean {
  return service === 'sns' || service === 'sqs';
}

/** The header in which the SDK looks for SQS's error code. */
function queryError(code: string, status: number) {
  const old = code === 'QueueDoesNotExist' ? 'AWS.SimpleQueueService.NonExistentQueue' : code;
  return { 'x-amzn-query-error': `${old};${status < 500 ? 'Sender' : 'Receiver'}` };
}

export function publishedAnswer(): Answer {
  return xmlAnswer(
    200,
    `<PublishResponse xmlns="${sns}"><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>${metadata()}</PublishResponse>`,
  );
}

function snsError(code: string, message: string, status: number): Answer {
  const error = `<Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return xmlAnswer(
    status,
    `<ErrorResponse xmlns="${sns}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );
}

function metadata() {
  return `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
}

function xmlAnswer(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function jsonHeaders() {
  return { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
