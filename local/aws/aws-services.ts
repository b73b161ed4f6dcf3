import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { LocalDynamoDb } from '../dynamodb/dynamodb.ts';
import type { EventBuses } from '../events/event-buses.ts';
import { type HttpClient, signedBy } from '../http-client.ts';
import type { Queue } from '../queues/queue.ts';
import { type Answer, errorAnswer, jsonAnswer, publishedAnswer } from './aws-answers.ts';
import { messageAttribute, type RawCall, type Service } from './aws-call.ts';
import { serveEvents } from './events.ts';
import { type KmsKeys, serveKms } from './kms.ts';
import type { Secrets } from './secrets.ts';
import { serveQueues } from './sqs.ts';

/** An SMS that a function gave to SNS. */
export interface Sms {
  /** E.164 */
  readonly phone: string;
  readonly body: string;
  readonly senderId?: string;
}

type Backend = (call: RawCall, body: string, headers: IncomingHttpHeaders) => Promise<Answer>;

export type Backends = Readonly<Record<Service, Backend>>;

interface Options {
  readonly http: HttpClient;
  readonly dynamodb: Pick<LocalDynamoDb, 'endpoint' | 'accessKeyId'>;
  readonly cognito: string;
  readonly secrets: Secrets;
  readonly kmsKeys: KmsKeys;
  readonly queues: Queue[];
  readonly buses: EventBuses;
  /** If this rejects, the function gets the error, as when the SMS provider fails. */
  onSms(sms: Sms): void | Promise<void>;
}

/** Opens what serves the calls behind the endpoint, by service. */
export function openBackends(options: Options): Backends {
  const { http, dynamodb, cognito, secrets, kmsKeys, queues, buses, onSms } = options;
  return {
    // Its access keys tell databases apart; whose the caller's key is has been looked at before.
    dynamodb: forwardTo(http, dynamodb.endpoint, { authorization: signedBy(dynamodb.accessKeyId) }),
    'cognito-idp': forwardTo(http, cognito),
    secretsmanager: async (call) => getSecret(call, secrets),
    kms: async (call) => serveKms(call, kmsKeys),
    sns: (call) => publish(call, onSms),
    events: async (call) => serveEvents(call, buses),
    sqs: async (call) => serveQueues(call, queues),
  };
}

/** What the services read. They would only parse what the SDK says of itself. */
const forwarded: ReadonlySet<string> = new Set(['authorization', 'content-type', 'x-amz-target']);

function forwardTo(http: HttpClient, endpoint: string, own: OutgoingHttpHeaders = {}): Backend {
  return async (_call, body, headers) => {
    const kept = Object.fromEntries(
      Object.entries(headers).filter(([name]) => forwarded.has(name)),
    );
    const {
      status,
      headers: answered,
      body: bytes,
    } = await http.post(endpoint, { ...kept, ...own }, body);
    // What belongs to the connection to the service does not belong to the one to the function.
    const {
      connection: _,
      'keep-alive': _alive,
      'transfer-encoding': _encoding,
      ...rest
    } = answered;
    return { status, headers: rest, body: bytes };
  };
}

function getSecret({ operation, request }: RawCall, secrets: Secrets): Answer {
  if (operation !== 'GetSecretValue') return unsupported('secretsmanager', operation);
  const arn = String(request['SecretId']);
  const found = secrets.get(arn);
  const wantsOther =
    request['VersionId'] !== undefined && request['VersionId'] !== found?.versionId;
  if (!found || wantsOther) {
    const message = "Secrets Manager can't find the specified secret.";
    return errorAnswer('secretsmanager', 'ResourceNotFoundException', message);
  }
  return jsonAnswer({
    ARN: arn,
    Name: arn
      .split(':')
      .at(-1)
      ?.replace(/-\w{6}$/, ''),
    SecretString: found.value,
    VersionId: found.versionId,
    VersionStages: ['AWSCURRENT'],
  });
}

async function publish({ operation, request }: RawCall, onSms: Options['onSms']): Promise<Answer> {
  const { PhoneNumber, Message } = request;
  if (operation !== 'Publish' || !PhoneNumber) return unsupported('sns', operation);
  const senderId = messageAttribute(request, 'AWS.SNS.SMS.SenderID');
  await onSms({
    phone: String(PhoneNumber),
    body: String(Message),
    ...(senderId !== undefined && { senderId }),
  });
  return publishedAnswer();
}

function unsupported(service: Service, operation: string): Answer {
  return errorAnswer(service, 'UnsupportedLocally', `${operation} is not served locally`, 400);
}
