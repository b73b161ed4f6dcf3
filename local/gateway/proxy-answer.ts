import * as z from 'zod';
import type { Outcome } from '../functions/function-sandbox.ts';
import { GatewayFault } from './gateway-fault.ts';
import type { Answer } from './gateway-responses.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const schema = z.object({
  statusCode: z
    .union([z.number(), z.string().regex(/^\d+$/)])
    .transform(Number)
    .pipe(z.int().min(200).max(599)),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * Turns a function's answer into an HTTP answer.
 * @throws GatewayFault (502) if the function failed, or if its answer is not a proxy response
 */
export function proxyAnswer(outcome: Outcome): Answer {
  if (!outcome.ok) throw failure(`The function failed: ${outcome.errorType}`);
  const { success, data, error } = schema.safeParse(outcome.value);
  if (!success) throw failure(`The function's answer is malformed:\n${z.prettifyError(error)}`);
  return {
    status: data.statusCode,
    headers: {
      'content-type': 'application/json',
      ...merged(data.headers ?? {}, data.multiValueHeaders ?? {}),
    },
    body: data.body ?? '',
  };
}

function failure(cause: string): GatewayFault {
  return new GatewayFault('DEFAULT_5XX', undefined, cause);
}

/** One list of values per header: the single value first, and no value twice. */
function merged(
  single: Record<string, string>,
  multiple: Record<string, string[]>,
): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  const add = (name: string, value: string) => {
    const key = name.toLowerCase();
    if (key === 'content-length' || key === 'transfer-encoding') return;
    const list = lists[key] ?? [];
    lists[key] = list.includes(value) ? list : [...list, value];
  };
  for (const [name, value] of Object.entries(single)) add(name, value);
  for (const [name, values] of Object.entries(multiple))
    for (const value of values) add(name, value);
  return lists;
}
