import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { problemCodes } from '#core/model/problems.ts';
import { routes } from '#core/model/routes.ts';
import { codesOf, operations } from '../../../openapi/document.ts';
import { source, target } from '../../../tools/scripts/openapi.ts';
import { at, escaped, openApi, resolved, violations } from '../../support/world/openapi.ts';

const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
const all = routes.map((route) => {
  const operation = operations[keyOf(route)];
  if (!operation) throw new Error(`No operation for ${keyOf(route)}`);
  const pointer = `#/paths/${escaped(route.path)}/${route.method.toLowerCase()}`;
  return { name: keyOf(route), route, operation, pointer };
});

describe('docs/openapi.json', () => {
  it('is what npm run openapi writes', () => {
    expect(readFileSync(target, 'utf8') === source, 'run npm run openapi').toBe(true);
  });

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone({ ...openApi }));
    expect(errors ?? []).toEqual([]);
    expect([valid, validator.version]).toEqual([true, '3.1']);
  });

  it('has no broken reference and no unused part', () => {
    const named = [...source.matchAll(/"\$ref": "([^"]+)"/g)].map(([, pointer = '']) => pointer);
    expect(named.filter((pointer) => at(pointer) === undefined)).toEqual([]);
    const kept = ['schemas', 'responses', 'examples', 'parameters', 'headers'].flatMap((kind) =>
      Object.keys(openApi['components']?.[kind] ?? {}).map(
        (name) => `#/components/${kind}/${name}`,
      ),
    );
    expect(kept.filter((pointer) => !named.includes(pointer))).toEqual([]);
  });
});

describe('the documented operations', () => {
  it('match the routes one to one', () => {
    expect(Object.keys(operations).sort()).toEqual(routes.map(keyOf).sort());
    expect(new Set(all.map(({ operation }) => operation.id)).size).toBe(routes.length);
  });

  it.each(all)('$name is described in both languages', ({ pointer, operation }) => {
    const texts = [operation.summary, ...Object.values(operation.answers).map(({ says }) => says)];
    for (const { ar, en } of texts) {
      expect(ar).toMatch(/\p{Script=Arabic}/u);
      expect(en).toMatch(/^[\x20-\x7e’]+$/);
    }
    expect(at(pointer)).toMatchObject({
      summary: operation.summary.en,
      'x-summary-ar': operation.summary.ar,
    });
  });

  it.each(all)('$name takes the access token that its route takes', ({ route, pointer }) => {
    const security = JSON.stringify(at(pointer)?.['security']);
    expect(security === '[{"accessToken":[]}]').toBe(route.token === 'subscriber');
    expect(security === '[{"clientCredentials":["otp/challenge"]}]').toBe(
      route.token === 'service',
    );
  });

  it('use every problem code at least once', () => {
    const given = all.flatMap(({ route, operation }) => codesOf(route, operation));
    expect(problemCodes().filter((code) => !given.includes(code))).toEqual([]);
  });
});

/** The examples at a pointer, as pairs of pointer and value. */
const examplesAt = (pointer: string) =>
  Object.keys(at(`${pointer}/examples`) ?? {}).map((name): [string, unknown] => {
    const where = resolved(`${pointer}/examples/${name}`);
    return [where, at(where)?.['value']];
  });

describe('the documented examples', () => {
  const withBody = all.filter(({ operation }) => operation.body);

  it.each(withBody)(
    'of the body of $name are accepted by the function',
    ({ operation, pointer }) => {
      const { body } = operation;
      const examples = Object.values(body?.examples ?? {});
      expect(examples).not.toEqual([]);
      for (const example of examples) {
        expect(body?.schema.safeParse(example).error?.issues ?? []).toEqual([]);
      }
      const content = `${pointer}/requestBody/content/application~1json`;
      expect(
        examplesAt(content).flatMap(([, value]) => violations(`${content}/schema`, value)),
      ).toEqual([]);
    },
  );

  it.each(all)('of the answers of $name match their schemas', ({ pointer }) => {
    const statuses = Object.keys(at(`${pointer}/responses`) ?? {});
    const contents = statuses.flatMap((status) => {
      const response = resolved(`${pointer}/responses/${status}`);
      const types = Object.keys(at(response)?.['content'] ?? {});
      return types.map((type) => `${response}/content/${escaped(type)}`);
    });
    for (const content of contents) {
      const examples = examplesAt(content);
      expect(examples, content).not.toEqual([]);
      const wrong = examples.flatMap(([, value]) => violations(`${content}/schema`, value));
      expect(wrong, content).toEqual([]);
    }
  });
});
