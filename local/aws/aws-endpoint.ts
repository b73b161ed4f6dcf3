import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Table } from '../dynamodb/tables.ts';
import { bodyOf } from '../http-body.ts';
import { type Answer, accessDenied, errorAnswer, unknownCaller, unsigned } from './aws-answers.ts';
import { type RawCall, readCall, type Service } from './aws-call.ts';
import type { Backends } from './aws-services.ts';
import { type Access, authorise, type Principal } from './iam.ts';
import { accessesOf } from './iam-actions.ts';

/** A call that a function made, with the IAM actions it needs. */
export interface AwsCall {
  readonly functionName: string;
  readonly service: Service;
  readonly operation: string;
  readonly actions: readonly Access[];
  readonly request: unknown;
}

/** A hook throws it to have the service refuse a call with this error, as AWS throttles: `TooManyRequestsException`, 400. */
export class AwsRefusal extends Error {
  readonly status: number;

  /** @param code AWS's name of the error */
  constructor(code: string, status: number) {
    super(`${code} by a test`);
    this.name = code;
    this.status = status;
  }
}

/**
 * Lets tests interfere with a call. If a hook kills the calling function, the call gets no answer.
 * If a hook throws, the service fails with the error's name as AWS's error code: with the status of an
 * {@link AwsRefusal}, else with 500.
 */
export interface Hooks {
  /** Runs after IAM has allowed the call, before the service gets it. */
  onCall?: (call: AwsCall) => void | Promise<void>;
  /** Runs after the service has done its work, before the function gets the answer. */
  onAnswer?: (call: AwsCall, answer: Answer) => void | Promise<void>;
}

export interface Caller {
  readonly functionName: string;
  readonly principal: Principal;
}

interface Options {
  /** Finds the function that an access key was issued to. */
  callerOf(accessKeyId: string): Caller | undefined;
  readonly tables: Table[];
  readonly backends: Backends;
  /** Called after each call that may have written an item. */
  onWrite(): void;
  /** Read at every call, because tests change them while the cloud runs. */
  readonly hooks: Hooks;
  /** The clock that functions see, epoch milliseconds. */
  now(): number;
  /** Number of the function's sandbox. A change during a call means that the caller has ended. */
  sandbox(functionName: string): number;
  log(line: string, functionName?: string): void;
}

export interface AwsEndpoint {
  /** Functions call `<url>/<functionName>`, so that the caller of an unsigned call is known. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the AWS calls of all functions, within the policies of each function's role. */
export async function startAwsEndpoint(options: Options): Promise<AwsEndpoint> {
  const server = createServer(async (request, response) => {
    try {
      const answer = await answerTo(request, options);
      if (answer) respond(response, answer, options.now());
      else request.socket.destroy();
    } catch (error) {
      options.log(`AWS endpoint: ${error instanceof Error ? error.stack : error}`);
      const failure = errorAnswer('dynamodb', 'InternalServerError', String(error), 500);
      respond(response, failure, options.now());
    }
  });
  // Never close idle connections: a close while the SDK reuses the connection fails the call.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The DynamoDB operations that write nothing. */
const reads: ReadonlySet<string> = new Set([
  'GetItem',
  'BatchGetItem',
  'TransactGetItems',
  'Query',
  'Scan',
]);

/** @returns undefined if the calling sandbox has ended, so that no function waits for the answer */
async function answerTo(request: IncomingMessage, options: Options): Promise<Answer | undefined> {
  const body = (await bodyOf(request)).toString();
  const raw = readCall(request.headers, body);
  if (!raw) return errorAnswer('dynamodb', 'UnknownOperationException', 'Not a local AWS service');
  const actions = accessesOf(raw, options.tables);
  const refused = refusal(raw, actions, options);
  if (refused) return refused;

  const functionName = callerName(raw, request, options);
  const { service, operation } = raw;
  const call: AwsCall = { functionName, service, operation, actions, request: raw.request };
  const sandbox = options.sandbox(functionName);
  const severed = () => options.sandbox(functionName) !== sandbox;
  try {
    await options.hooks.onCall?.(call);
    if (severed()) return undefined;
    const answer = await options.backends[service](raw, body, request.headers);
    if (service === 'dynamodb' && !reads.has(operation)) options.onWrite();
    await options.hooks.onAnswer?.(call, answer);
    return severed() ? undefined : answer;
  } catch (error) {
    if (severed()) return undefined;
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (error instanceof AwsRefusal) return errorAnswer(service, name, message, error.status);
    options.log(`AWS endpoint: ${service} ${operation} failed: ${name} ${message}`);
    return errorAnswer(service, name, message, 500);
  }
}

function refusal(
  { service, accessKeyId }: RawCall,
  actions: Access[],
  options: Options,
): Answer | undefined {
  if (!actions.length) return undefined;
  if (!accessKeyId) return unsigned(service);
  const caller = options.callerOf(accessKeyId);
  if (!caller) return unknownCaller(service);
  for (const access of actions) {
    const decision = authorise(caller.principal, access);
    if (decision.allowed) continue;
    const { functionName } = caller;
    options.log(explain(functionName, access, decision.explicitDeny), functionName);
    return accessDenied(service, decision.message);
  }
  return undefined;
}

/** @returns a log line that names the missing statement, or the statement that denies the call */
function explain(functionName: string, access: Access, explicitDeny: boolean): string {
  const { action, resource, context } = access;
  const keys = context?.['dynamodb:LeadingKeys'];
  const attributes = context?.['dynamodb:Attributes'];
  const what = [
    `${action} on ${resource}`,
    ...(keys ? [` with LeadingKeys ${keys.join(', ')}`] : []),
    ...(attributes ? [` and Attributes ${attributes.join(', ')}`] : []),
  ].join('');
  return explicitDeny
    ? `Access denied: the role of ${functionName} has a statement that denies ${what}`
    : `Access denied: the role of ${functionName} lacks a statement that allows ${what}`;
}

function callerName({ accessKeyId }: RawCall, { url }: IncomingMessage, options: Options): string {
  const signer = accessKeyId && options.callerOf(accessKeyId)?.functionName;
  return signer || (url ?? '').split('/')[1] || 'unknown';
}

/**
 * The answer shows the time that functions see. Where it differs from theirs by minutes, the SDK takes their clock for
 * wrong and repeats every failed call, twice. The repetitions also use up the tokens that it keeps for real failures.
 */
function respond(response: ServerResponse, { status, headers, body }: Answer, now: number) {
  response.writeHead(status, {
    ...headers,
    date: new Date(now).toUTCString(),
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
