import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod/mini';
import { type FieldError, Problem } from '#core/model/problems.ts';
import { parseJson } from '#core/values/json-field.ts';
import { header } from './call.ts';
import { fieldMessages } from './field-messages.ts';

/** Bytes of the largest body that is read. Every call needs less. */
const largest = 16 * 1024;

/**
 * Content types that a page of any site may send without a preflight (Fetch, CORS-safelisted request-header): those of
 * forms, and the empty type of a `Blob` without one.
 */
const withoutPreflight = new Set([
  '',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);

const parsing = {
  // zod leaves the input out unless asked. It is needed to tell a missing field from one of another type, and it never
  // leaves this file.
  reportInput: true,
  // By default zod generates code at a schema's first parse. That pays after thousands of bodies, and every cold start
  // waits for it.
  jitless: true,
};

/** The most errors in one answer, so that a body of unknown fields gets a short one. */
const mostErrors = 20;

/**
 * Reads and checks a JSON body.
 * @throws Problem invalid_request that names each wrong field and what to do, never its value
 */
export function readBody<Schema extends z.ZodMiniType>(
  schema: Schema,
  event: APIGatewayProxyEvent,
): z.output<Schema> {
  requirePreflightedType(event);
  const result = schema.safeParse(jsonOf(event), parsing);
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap(fieldErrors).slice(0, mostErrors));
}

/**
 * A second check behind `refuseOtherSites`, for browsers and proxies that leave out the headers it reads. For any other
 * type a browser sends a preflight, and this API answers only those of apps that the stage lists.
 */
function requirePreflightedType(event: APIGatewayProxyEvent): void {
  const [type = ''] = (header(event, 'content-type') ?? '').split(';');
  if (!withoutPreflight.has(type.trim().toLowerCase())) return;
  throw invalid([{ path: 'Content-Type', message: fieldMessages.content_type }]);
}

function jsonOf({ body, isBase64Encoded }: APIGatewayProxyEvent): unknown {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largest) throw invalid([{ path: '', message: fieldMessages.body_too_large }]);
  const value = parseJson(bytes.toString('utf8'));
  if (value === undefined) throw invalid([{ path: '', message: fieldMessages.not_json }]);
  return value;
}

const invalid = (errors: FieldError[]) => new Problem('invalid_request', { errors });

/** Messages of our own checks are keys of the catalogue. zod's own issues are told apart by their code. */
function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    // The caller chose the names, so they are cut short and cleaned before they are reflected.
    return issue.keys.map((key) => ({
      path: [...issue.path, key.replace(/[^\w.-]/g, '?').slice(0, 40)].join('.'),
      message: fieldMessages.unknown_field,
    }));
  }
  const path = issue.path.join('.');
  return [{ path, message: fieldMessages[messageKey(issue, path)] }];
}

function messageKey(issue: z.core.$ZodIssue, path: string): keyof typeof fieldMessages {
  if (issue.message in fieldMessages) return issue.message as keyof typeof fieldMessages;
  if (issue.code === 'too_big') return 'too_long';
  if (path === '') return 'not_object';
  if (issue.code !== 'invalid_type') return 'wrong_type';
  if (issue.input === undefined) return 'required';
  if (issue.expected === 'boolean') return 'wrong_type_boolean';
  return issue.expected === 'object' ? 'wrong_type_object' : 'wrong_type';
}
