import * as z from 'zod';
import { type FaultType, faultDefaults, type GatewayFault } from './gateway-fault.ts';
import { type Resources, read } from './gateway-resources.ts';

/** An HTTP answer to the client. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: string;
}

/** The `$context` variables that a template may use, besides `$context.error.…`. */
export type Context = Record<string, unknown>;

const headerPrefix = 'gatewayresponse.header.';
const literal = z
  .string()
  .regex(/^'.*'$/, { error: "only literal headers ('value') are supported" })
  .transform((quoted) => quoted.slice(1, -1));

const schema = z.object({
  ResponseType: z.string(),
  StatusCode: z.string().optional(),
  ResponseParameters: z.record(z.string().startsWith(headerPrefix), literal).default({}),
  ResponseTemplates: z.record(z.string(), z.string()).default({}),
});

type GatewayResponse = z.output<typeof schema>;

const defaultTemplate = '{"message":$context.error.messageString}';

/**
 * Answers faults with the gateway responses that the template declares, or with AWS's defaults.
 * A response of the fault's own type wins over DEFAULT_4XX and DEFAULT_5XX.
 * @throws Error at once if a declared response uses what the local gateway does not support
 */
export function createGatewayResponses(resources: Resources) {
  const declared = new Map(
    read(resources, 'AWS::ApiGateway::GatewayResponse', schema).map(({ properties }) => [
      properties.ResponseType,
      properties,
    ]),
  );

  return (fault: GatewayFault, context: Context): Answer => {
    const response = declared.get(fault.type) ?? declared.get(fallback(fault.type));
    const { status, errorType } = faultDefaults[fault.type];
    return {
      // On AWS too, DEFAULT_4XX's status replaces the status of every undeclared type.
      status: Number(response?.StatusCode ?? status),
      headers: {
        'content-type': 'application/json',
        'x-amzn-errortype': errorType,
        ...headersOf(response),
      },
      body: fill(templateOf(response), { ...context, error: errorContext(fault) }),
    };
  };
}

function fallback(type: FaultType): string {
  return faultDefaults[type].status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
}

function headersOf(response: GatewayResponse | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response?.ResponseParameters ?? {}).map(
      ([name, value]) => [name.slice(headerPrefix.length).toLowerCase(), value] as const,
    ),
  );
}

function templateOf(response: GatewayResponse | undefined): string {
  return response?.ResponseTemplates['application/json'] ?? defaultTemplate;
}

function errorContext({ type, message }: GatewayFault): Context {
  return { message, messageString: JSON.stringify(message), responseType: type };
}

/** Fills in `$context.requestId`, `$context.error.message` and so on. An unknown name is empty. */
function fill(template: string, context: Context): string {
  return template.replace(/\$context((?:\.[A-Za-z]+)+)/g, (_, path: string) =>
    String(lookUp(context, path.slice(1).split('.')) ?? ''),
  );
}

function lookUp(value: unknown, path: string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return lookUp((value as Context)[name], rest);
}
