import fc, { type Arbitrary } from 'fast-check';
import { parseJson } from '#core/values/json-field.ts';
import { violations } from '../world/openapi.ts';
import { brokenBodies, jsonText, oddBody, type Picks, schemaOf } from './broken-bodies.ts';
import {
  brokenTexts,
  garbageHeader,
  hugeTexts,
  nearPaths,
  oddQueries,
  oddSegments,
  otherMethods,
} from './broken-wire.ts';
import { type Pool, picked } from './pool.ts';
import type { Case } from './request.ts';
import { share } from './slots.ts';
import { forgeries, tampered } from './tokens.ts';
import { type Plan, plans, requestOf } from './valid.ts';

/** A plan, and the part to break in its request. */
export interface BrokenPlan {
  readonly plan: Plan;
  readonly family: keyof typeof families;
  /** From 0 to 1. */
  readonly which: number;
  readonly picks: Picks;
}

type Break = (
  valid: Case,
  plan: BrokenPlan,
  pool: Pool,
) => Promise<Case | undefined> | Case | undefined;

/** How often each part of a request is broken. */
const families = {
  body: 40,
  text: 18,
  huge: 1,
  header: 16,
  authorization: 10,
  path: 10,
  method: 5,
};

export const brokenPlans: Arbitrary<BrokenPlan> = fc.record({
  plan: plans,
  family: fc.oneof(
    ...Object.entries(families).map(([family, weight]) => ({
      weight,
      arbitrary: fc.constant(family as keyof typeof families),
    })),
  ),
  which: share(),
  picks: fc.tuple(share(), share()),
});

/**
 * Breaks the request of a plan. When that request has no such part, breaks its headers.
 * @throws Error when the document allows the broken request: the generator is wrong then
 */
export async function brokenRequestOf(broken: BrokenPlan, pool: Pool): Promise<Case> {
  const valid = requestOf(broken.plan, pool);
  const change = breaks[broken.family];
  return (await change(valid, broken, pool)) ?? withGarbageHeader(valid, broken);
}

const breaks: Record<keyof typeof families, Break> = {
  body(valid, { which, picks }) {
    const { operation, json } = valid;
    if (!operation?.body) return undefined;
    const schema = schemaOf(operation.body.schema);
    const kinds = Object.entries(brokenBodies);
    const [name, change] = picked([...kinds, undefined], which) ?? [];
    if (!change)
      return withBody(
        valid,
        'odd characters',
        oddBody(json as Record<string, unknown>, schema, picks),
      );
    const body = change(json as Record<string, unknown>, schema, picks);
    if (body === undefined) return undefined;
    const made = withBody(valid, `${name}`, body);
    if (!made.refused) throw new Error(`${operation.name} may have ${name}: ${made.body}`);
    return made;
  },
  text: (valid, { which, picks }) => withText(valid, brokenTexts, which, picks),
  huge: (valid, { which, picks }) => withText(valid, hugeTexts, which, picks),
  header: withGarbageHeader,
  async authorization(valid, { which, plan }, pool) {
    const schemes = plan.operation.security.flat();
    const { token: ofPerson = '', idToken } =
      picked(
        pool.people.filter(({ token }) => token),
        which,
      ) ?? {};
    const [token, another] = schemes.includes('clientCredentials')
      ? [pool.serviceToken, ofPerson]
      : [schemes.includes('accessToken') ? ofPerson : '', pool.serviceToken];
    if (!token) return undefined;
    const values: [name: string, value: string | undefined][] = Object.entries({
      ...(await forgeries(token)),
      none: undefined,
      expired: `Bearer ${pool.expiredTokens[0]}`,
      'of another kind': `Bearer ${another}`,
      'an ID token': `Bearer ${idToken}`,
      tampered: `Bearer ${tampered(token, 0.9)}`,
    });
    const [name, value] = picked(values, plan.picks[3]) ?? [];
    const { authorization: _, ...headers } = valid.headers;
    const mutation = `authorization: ${name}`;
    const secrets = value ? [value.replace(/^(Bearer|Basic) ?/, '')] : [];
    return {
      ...valid,
      mutation,
      status: 401,
      secrets,
      headers: { ...headers, ...(value !== undefined && { authorization: value }) },
    };
  },
  path(valid, { plan, which, picks: [place, pick] }) {
    const { path } = plan.operation;
    const mutation = 'path';
    if (place < 0.2) return { ...valid, mutation, path: valid.path + picked(oddQueries, which) };
    if (place < 0.5 || !path.includes('{')) {
      return { ...valid, mutation, path: picked(nearPaths, pick)?.(valid.path) ?? '' };
    }
    const segment = picked(oddSegments, which) ?? '';
    return { ...valid, mutation, path: path.replace(/\{\w+\}/, segment) };
  },
  method(valid, { which }) {
    const method = picked(otherMethods, which) ?? 'PUT';
    return { ...valid, method, mutation: `method ${method}` };
  },
};

function withGarbageHeader(valid: Case, { which, picks: [pick] }: BrokenPlan): Case {
  const [name, value] = garbageHeader(which, pick);
  const headers = { ...valid.headers, [name]: value };
  return { ...valid, headers, mutation: `header ${name}`, secrets: [] };
}

function withText(valid: Case, texts: typeof brokenTexts, which: number, [pick]: Picks): Case {
  const [name, change] = picked(Object.entries(texts), which) ?? [];
  const body = change?.(valid.body?.toString() || '{}', pick);
  return judged({ ...valid, mutation: `body: ${name}`, ...(body && { body }) });
}

const withBody = (valid: Case, name: string, json: unknown): Case =>
  judged({ ...valid, mutation: `body: ${name}`, body: Buffer.from(jsonText(json)) });

/** Whether the document refuses the body, read as the functions read it. */
function judged(made: Case): Case {
  const schema = made.operation?.body?.schema;
  if (!schema) return made;
  const value = parseJson(made.body?.toString() ?? '');
  return { ...made, refused: value === undefined || violations(schema, value).length > 0 };
}
