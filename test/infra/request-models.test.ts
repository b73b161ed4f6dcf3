import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#core/model/problems.ts';
import { type Route, routes } from '#core/model/routes.ts';
import { GatewayFault } from '../../local/gateway/gateway-fault.ts';
import { requestValidation } from '../../local/gateway/request-validation.ts';
import { operations } from '../../openapi/document.ts';
import type { Operation } from '../../openapi/operation.ts';
import { resources, stages } from '../support/infra/synth.ts';

const { api } = stages.prod();

/** The template as the local gateway reads it, with logical ids for names. */
const resolved = (type: string) =>
  resources(api, type).map(([logicalId, { Properties }]) => ({
    logicalId,
    physicalId: logicalId,
    properties: Properties,
  }));
const checkOf = requestValidation(resolved);

type Schema = Readonly<Record<string, unknown>> & {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

type Body = NonNullable<Operation['body']>;

interface Checked {
  readonly name: string;
  readonly body: Body;
  /** The schema of the model. */
  readonly schema: Schema;
  /** Whether the gateway hands a body on to the function. */
  readonly passes: (text: string, contentType?: string) => boolean;
}

const models = resources(api, 'AWS::ApiGateway::Model');
const [validatorId] = resources(api, 'AWS::ApiGateway::RequestValidator').map(([id]) => id);

function checkedOf({ method, path }: Route): Checked[] {
  const name = `${method} ${path}`;
  const body = operations[name]?.body;
  if (!body) return [];
  const [id, model] = models.find(([, { Properties }]) => Properties['Name'] === body.name) ?? [];
  const check = checkOf({ validatorId, models: { $default: id ?? '' } });
  const passes = (text: string, contentType?: string) => {
    try {
      check?.(contentType, text);
      return true;
    } catch (error) {
      if (error instanceof GatewayFault && error.type === 'BAD_REQUEST_BODY') return false;
      throw error;
    }
  };
  return [{ name, body, schema: model?.Properties['Schema'] as Schema, passes }];
}

const checked = routes.flatMap(checkedOf);

/**
 * Whether the function takes a body. A phone of an unsupported destination is valid here: it has an
 * answer of its own.
 */
function accepts({ schema }: Body, body: unknown): boolean {
  try {
    return schema.safeParse(body).success;
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'destination_unsupported')) throw error;
    return schema.safeParse({ ...(body as object), phone: '0551234567' }).success;
  }
}

const arabic = (digits: string) =>
  digits.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
const odd = fc.constantFrom('', ' ', '\u200f', '\u00a0', '-', '–', '\ufe0f', 'tel:');
/** Digits as people write them, with other characters around them. */
const written = (digits: string) =>
  fc
    .tuple(
      odd,
      fc.constantFrom(digits, arabic(digits), `${digits.slice(0, 3)} ${digits.slice(3)}`),
      odd,
    )
    .map((parts) => parts.join(''));
/** Texts up to the maximum length, in letters of one UTF-16 unit and of two. */
const long = (length: number) =>
  fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: length }),
    fc.constantFrom('ب'.repeat(length), '😀'.repeat(length / 2), 'x'.repeat(length)),
  );

const password = fc.oneof(
  fc.constantFrom('حصان أزرق يقرأ كتابا', '\u200f river wolf teapot \n'),
  long(1024),
);
const code = fc.oneof(
  written('123456'),
  fc.constantFrom('ABCD-EFGH-JKMN-PQRS', '\u200eABCD–EFGH–JKMN–PQRS '),
);
const fields: Record<string, fc.Arbitrary<unknown>> = {
  phone: fc.oneof(written('0551234567'), written('+966551234567'), fc.constant('+971501234567')),
  username: fc.oneof(
    fc.constantFrom('sara.q', ' Sara.Q ', '\u200esara. q\u200e', 'sara–q', 'ＳＡＲＡ.q'),
    long(64),
  ),
  nationalId: written('1000000008'),
  password,
  currentPassword: password,
  code,
  ticket: long(256),
  device: long(256),
  refreshToken: long(8192),
  enrolment: long(512),
  termsVersion: long(64),
  tokens: fc.constantFrom('cookie', undefined),
  ownDevice: fc.boolean(),
  method: fc.constantFrom('sms', 'totp', 'recovery-code', undefined),
  secondFactor: fc.record({ method: fc.constantFrom('totp', 'recovery-code'), code }),
};
const anything = fc.oneof(fc.anything(), fc.string());

/**
 * Mostly bodies that the function takes, sometimes with a field that is odd, missing or
 * superfluous.
 */
function bodiesOf({ schema, body }: Checked): fc.Arbitrary<unknown> {
  const names = Object.keys(schema.properties ?? {});
  const good = fc.record(
    Object.fromEntries(names.map((name) => [name, fields[name] ?? fc.string()])),
    { requiredKeys: [...(schema.required ?? [])] },
  );
  const twice = password.map((typed) => ({ newPassword: typed, confirmPassword: typed }));
  const twin = names.includes('newPassword') ? twice : fc.constant({});
  const whole = fc.tuple(good, twin).map(([one, other]) => ({ ...one, ...other }));
  const broken = fc
    .tuple(whole, fc.constantFrom(...names, 'more'), anything)
    .map(([one, name, value]) => ({ ...one, [name]: value }));
  return fc.oneof(whole, whole, broken, fc.constantFrom(...Object.values(body.examples)));
}

describe('the models that API Gateway checks bodies with', () => {
  it('exist for each named body of the OpenAPI document', () => {
    const names = models.map(([, { Properties }]) => Properties['Name']);
    expect(names.sort()).toEqual([...new Set(checked.map(({ body }) => body.name))].sort());
    expect(checked.length).toBeGreaterThan(15);
  });

  it.each(checked)('accept every example of $name', ({ body, passes }) => {
    for (const example of Object.values(body.examples)) {
      expect(passes(JSON.stringify(example))).toBe(true);
    }
  });

  it.each(checked)('are never stricter than the function: $name', (found) => {
    let accepted = 0;
    const property = fc.property(bodiesOf(found), (body) => {
      // The body on the wire: JSON has no undefined, and no lone surrogate.
      const text = JSON.stringify(body);
      if (!accepts(found.body, JSON.parse(text))) return;
      accepted += 1;
      expect(found.passes(text)).toBe(true);
    });
    fc.assert(property, { numRuns: 300 });
    expect(accepted).toBeGreaterThan(30);
  });

  it.each(checked)('leave typed and empty fields to the function: $name', (found) => {
    const [example] = Object.values(found.body.examples) as Record<string, unknown>[];
    for (const name of Object.keys(example ?? {})) {
      if (typeof example?.[name] !== 'string' || found.schema.properties?.[name]?.['enum'])
        continue;
      for (const typed of ['', 'a\u0000b', 'not it']) {
        expect(found.passes(JSON.stringify({ ...example, [name]: typed }))).toBe(true);
      }
    }
  });
});

describe('a malformed body', () => {
  it.each(checked)('is refused whatever its content type: $name', ({ passes }) => {
    const texts = ['{', 'phone=0551234567', '[]', '"text"', '1', 'null', '{"a":1}'];
    const types = [undefined, 'application/json', 'application/json; charset=utf-8', 'text/plain'];
    for (const text of texts) {
      for (const type of types) expect(passes(text, type), `${text} as ${type}`).toBe(false);
    }
  });

  it.each(checked)('has a wrong type, a missing field or too long a value: $name', (found) => {
    const { schema, body, passes } = found;
    const [example] = Object.values(body.examples) as Record<string, unknown>[];
    const changed = (name: string, value: unknown) =>
      passes(JSON.stringify({ ...example, [name]: value }));
    for (const name of schema.required ?? []) expect(changed(name, undefined), name).toBe(false);
    for (const [name, { type, maxLength }] of Object.entries(schema.properties ?? {})) {
      for (const value of [null, 5, [], type === 'object' ? 'text' : {}]) {
        expect(changed(name, value), name).toBe(false);
      }
      if (type !== 'string') continue;
      expect(changed(name, 'x'.repeat(Number(maxLength ?? 8192) + 1)), name).toBe(false);
    }
  });
});
