import fc, { type Arbitrary } from 'fast-check';
import { at, violations } from '../world/openapi.ts';
import type { Actor, Challenge, Held } from './actors.ts';
import { type Filling, filled, freshValues } from './fill.ts';
import { type Operation, operations } from './operations.ts';
import { codesOf, type Pool, picked, taken } from './pool.ts';
import type { Case, Facts } from './request.ts';
import { valuesOf } from './schema-arbitrary.ts';
import { fieldsOf, parameterValues, share } from './slots.ts';
import { someAddress } from './wire.ts';

/**
 * A valid request as far as the document and the seed determine it. The run fills in the values
 * that only it knows.
 */
export interface Plan {
  readonly operation: Operation;
  /** By name; undefined when it is left out. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** From 0 to 1 each: which person, challenge, ticket and credential. */
  readonly picks: readonly [number, number, number, number];
}

/** Operations whose answers others need come more often. */
const weights: Record<string, number> = {
  verifyChallenge: 6,
  sendChallenge: 2,
  logIn: 3,
  completeLogin: 2,
};

/** Plans for valid requests to each operation of the document. */
export const plans: Arbitrary<Plan> = fc.oneof(
  ...operations.map((operation) => ({
    weight: weights[operation.id] ?? 1,
    arbitrary: fc.record({
      operation: fc.constant(operation),
      parameters: parametersOf(operation),
      body: operation.body ? bodyOf(operation.body) : fc.constant(undefined),
      picks: fc.tuple(share(), share(), share(), share()),
    }),
  })),
);

function bodyOf({ schema, name }: { schema: string; name: string }): Arbitrary<unknown> {
  return valuesOf(at(schema) ?? {}, fieldsOf(name));
}

/**
 * UTF-16 units of an id that the schema alone generates. Each takes up to six bytes in the address, and beside a long header
 * an endless one exceeds what HTTP servers and API Gateway read: their 431 tells nothing of Hawiya.
 */
const longestSegment = 400;

function parametersOf({ parameters, path }: Operation): Arbitrary<Record<string, unknown>> {
  const values = parameters.map((parameter) => {
    const collection = new RegExp(`([\\w-]+)/\\{${parameter.name}\\}`).exec(path)?.[1] ?? '';
    const bySchema = valuesOf(at(parameter.schema) ?? {}).map((value) =>
      parameter.in === 'path' ? String(value).slice(0, longestSegment) : value,
    );
    const value = parameterValues(parameter.name, collection, bySchema);
    return [parameter.name, parameter.required ? value : fc.option(value, { nil: undefined })];
  });
  return fc.record(Object.fromEntries(values));
}

/** The purpose of the ticket that each completing operation needs. */
const ticketPurposes: Record<string, string> = {
  completeRegistration: 'registration',
  extendTicket: 'registration',
  completePasswordReset: 'password-reset',
  completeLogin: 'login',
  completePhoneChange: 'phone-change',
  completeClosing: 'account-closing',
  introspectTicket: 'transaction',
};

/**
 * Fills a plan in.
 * @throws Error when the filled request is not valid by the document: the generator is wrong then
 */
export function requestOf(plan: Plan, pool: Pool): Case {
  const { operation } = plan;
  const before = pool.keyed.get(operation.name);
  if (before && plan.parameters['Idempotency-Key'] !== undefined && plan.picks[2] < 0.15)
    return before;
  const facts = factsOf(plan, pool);
  const filling: Filling = { ...facts, pool, fresh: freshValues() };
  const json = operation.body && consistent(filled(plan.body, filling), plan);
  const parameters = filled(plan.parameters, filling) as Record<string, string | undefined>;
  requireValid(operation, parameters, json);
  const headers = { ...headersOf(operation, parameters), ...credentials(plan, facts, pool, json) };
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(parameters[name]?.toWellFormed() || 'x'),
  );
  const made: Case = {
    operation,
    method: operation.method,
    path,
    headers,
    facts,
    json,
    ...(operation.body && { body: Buffer.from(JSON.stringify(json)) }),
    secrets: [
      ...secretsIn(json),
      ...secretsIn(headers),
      ...(parameters['id'] ? [parameters['id']] : []),
    ],
  };
  if (headers['idempotency-key']) pool.keyed.set(operation.name, made);
  return made;
}

/**
 * Mostly applies a rule that the document states only in words: secrets are left out in cookie
 * mode, and present otherwise.
 */
function consistent(body: unknown, { picks: [, , , how] }: Plan): unknown {
  const fields = body as Record<string, unknown>;
  if (how > 0.9 || fields['tokens'] === undefined) return body;
  const { device: _, recognition: _known, refreshToken, ...rest } = fields;
  if (refreshToken === undefined || how < 0.3) return rest;
  const { tokens: __, ...inBody } = fields;
  return inBody;
}

const needsSession = ({ security }: Operation) =>
  security.flat().some((scheme) => scheme === 'accessToken' || scheme === 'sessionCookie');

function factsOf({ operation, picks }: Plan, pool: Pool): Facts {
  const { id, body, path } = operation;
  const [who, which] = picks;
  const wants = (field: string) => Boolean(at(body?.schema ?? '#/none')?.['properties']?.[field]);
  const purpose = ticketPurposes[id];
  // A step waits while the session of its person is over.
  const isUsable = ({ actor }: Held) => !needsSession(operation) || actor?.token !== undefined;
  const fits = (one: Held) => one.purpose === purpose && isUsable(one);
  // A login may show a ticket that has completed its flow: that is a spent one.
  const ticket = purpose === undefined ? undefined : taken(pool.tickets, which, fits);
  // A new offer replaces the one before.
  const enrolment = wants('enrolment') ? taken(pool.enrolments, 1 - 1e-9, isUsable) : undefined;
  const challenge = path.startsWith('/challenges/') ? challengeFor(id, pool, picks) : undefined;
  const bearers = needsSession(operation) ? pool.people.filter(({ token }) => token) : [];
  const actor = [ticket, enrolment, challenge].find((one) => one?.actor)?.actor;
  return {
    ticket,
    enrolment,
    challenge,
    actor:
      actor ?? (challenge ? undefined : picked(bearers.length > 0 ? bearers : pool.people, who)),
    at: pool.world.clock.now(),
  };
}

/**
 * The challenge of a request: to verify, mostly one with a code in the inbox, used once; to send,
 * mostly one that was not sent.
 */
function challengeFor(operation: string, pool: Pool, [who, which, , how]: Plan['picks']) {
  const { challenges } = pool;
  if (operation === 'verifyChallenge' && how < 0.9) {
    const newest = new Map(codesOf(pool).map(({ phone, at }) => [phone, at]));
    const isReady = ({ since, phone = '' }: Challenge) => (newest.get(phone) ?? 0) >= since;
    // Registrations are frequent, and the rarest flow needs its codes as well.
    const purpose = picked([...new Set(challenges.filter(isReady).map((it) => it.purpose))], who);
    return taken(challenges, which, (one) => one.purpose === purpose && isReady(one));
  }
  const unsent = challenges.filter(({ sent }) => !sent);
  const first = operation === 'sendChallenge' && how < 0.8 ? unsent : challenges;
  return picked(first.length > 0 ? first : challenges, which);
}

function requireValid(
  { name, parameters: declared, body }: Operation,
  parameters: Record<string, string | undefined>,
  json: unknown,
): void {
  const lines = declared.flatMap(({ name, schema }) =>
    parameters[name] === undefined ? [] : violations(schema, parameters[name]),
  );
  if (body) lines.push(...violations(body.schema, json));
  if (lines.length > 0) throw new Error(`A valid ${name} is not: ${lines.join('; ')}`);
}

/** Headers are ASCII on the wire. */
function headersOf(
  { parameters: declared, body }: Operation,
  parameters: Record<string, string | undefined>,
): Record<string, string> {
  const sent = declared.flatMap(({ name, in: where }) =>
    where === 'header' && parameters[name] !== undefined
      ? [[name.toLowerCase(), parameters[name].replace(/[^ -~]/g, '?').trim()]]
      : [],
  );
  return {
    ...(body && { 'content-type': 'application/json' }),
    'x-forwarded-for': someAddress(),
    ...Object.fromEntries(sent),
  };
}

/**
 * The credentials that the operation's security schemes name.
 * @throws Error for a scheme without a credential
 */
function credentials(
  { operation: { name, security }, picks }: Plan,
  { actor }: Facts,
  { serviceToken }: Pool,
  json: unknown,
): Record<string, string> {
  const inCookies = (json as { tokens?: string } | undefined)?.tokens === 'cookie';
  const schemes = new Set(security.flat());
  const headers: Record<string, string> = {};
  for (const scheme of schemes) {
    const value = held[scheme];
    if (!value) throw new Error(`${name} takes ${scheme}, which has no credential here`);
    const secret = value.ofService ? serviceToken : actor && value.secret(actor);
    if (!secret || (value.cookie && !inCookies)) continue;
    if (value.cookie) headers['cookie'] = `${value.cookie}=${secret}`;
    else headers['authorization'] = `Bearer ${secret}`;
  }
  // A browser sends its origin; sometimes the request comes from another page.
  return inCookies && picks[3] < 0.9 ? { ...headers, origin: 'http://localhost' } : headers;
}

interface Credential {
  secret(actor: Actor): string | undefined;
  readonly cookie?: string;
  /** The credential belongs to a relying service, not to a person. */
  readonly ofService?: true;
}

const held: Record<string, Credential> = {
  clientCredentials: { secret: () => undefined, ofService: true },
  accessToken: { secret: ({ token }) => token },
  sessionCookie: {
    secret: ({ refreshTokens }) => refreshTokens.at(-1),
    cookie: '__Host-hawiya-session',
  },
  deviceCookie: { secret: ({ devices }) => devices.at(-1), cookie: '__Host-hawiya-device' },
};

const secretFields = new Set(
  'password,currentPassword,newPassword,confirmPassword,code,ticket,refreshToken,device,recognition,enrolment,authorization,cookie'.split(
    ',',
  ),
);

/** The secrets in a body or in headers, without the scheme of a header or the name of a cookie. */
function secretsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    if (typeof one !== 'string') return secretsIn(one);
    return secretFields.has(key) ? [one.replace(/^(Bearer |__Host-[\w-]+=)/, '')] : [];
  });
}
