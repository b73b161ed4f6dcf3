import { appendFileSync } from 'node:fs';
import { at, escaped, openApi, resolved, violations } from './openapi.ts';

/** An answer as a client sees it. */
interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** An operation of the document, with the pattern that requests match. */
interface Found {
  /** `POST /challenges/{id}/verify` */
  readonly name: string;
  readonly pattern: RegExp;
  readonly pointer: string;
  readonly parameters: number;
}

const methods = ['get', 'post', 'delete'];

/** Fixed paths come before paths with a parameter that would match too, as in API Gateway. */
export const operations: readonly Found[] = Object.keys(openApi['paths'] ?? {})
  .flatMap((path) =>
    methods
      .filter((method) => openApi['paths']?.[path]?.[method])
      .map((method) => ({
        name: `${method.toUpperCase()} ${path}`,
        pattern: new RegExp(
          `^${method.toUpperCase()} ${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`,
        ),
        pointer: `#/paths/${escaped(path)}/${method}`,
        parameters: path.split('{').length - 1,
      })),
  )
  .sort((a, b) => a.parameters - b.parameters);

const operationOf = (method: string, path: string): Found | undefined => {
  const [plain = ''] = path.split('?');
  return operations.find(({ pattern }) => pattern.test(`${method} ${plain}`));
};

/**
 * Checks an answer against the OpenAPI document. Its operation must document the status, the
 * required headers must be there, and the body must match the schema. A field without a name there
 * and an unlisted problem code are violations.
 * @param path below `/v1`
 * @returns the violations, one per line
 */
export function contractViolations(method: string, path: string, seen: Seen): string[] {
  const operation = operationOf(method, path);
  if (!operation) return undocumented(path, seen);
  const pointer = resolved(`${operation.pointer}/responses/${seen.status}`);
  const response = at(pointer);
  if (!response) return [`status ${seen.status} is not documented`];
  return [...headerViolations(pointer, seen), ...bodyViolations(pointer, seen)];
}

/**
 * The webhook of SMS providers has bodies that the providers define, so only its problems are
 * checked. Any other path does not exist, and API Gateway answers by itself.
 */
function undocumented(path: string, { status, body }: Seen): string[] {
  const isWebhook = path.startsWith('/receipts/');
  if (isWebhook && status === 204) return body === undefined ? [] : ['there is a body'];
  if (!isWebhook && status !== 404) return [`status ${status} where there is no operation`];
  return violations('#/components/schemas/Problem', body);
}

function headerViolations(pointer: string, { headers }: Seen): string[] {
  return Object.keys(at(pointer)?.['headers'] ?? {}).flatMap((name) => {
    const value = headers.get(name);
    const where = resolved(`${pointer}/headers/${name}`);
    if (value === null) return at(where)?.['required'] ? [`header ${name} is missing`] : [];
    const typed = at(where)?.['schema']?.['type'] as unknown;
    const read = typed === 'integer' ? Number(value) : value;
    return violations(`${where}/schema`, read).map((line) => `header ${name}: ${line}`);
  });
}

function bodyViolations(pointer: string, { headers, body }: Seen): string[] {
  const [documented] = Object.keys(at(pointer)?.['content'] ?? {});
  if (documented === undefined) return body === undefined ? [] : ['there is a body'];
  const type = headers.get('content-type');
  if (type !== documented) return [`content type ${type} is not ${documented}`];
  return violations(`${pointer}/content/${escaped(documented)}/schema`, body);
}

/** How often an operation got an answer; the operation is undefined for an unknown path. */
export interface Reached {
  readonly operation?: string | undefined;
  readonly status: number;
  /** The code of the problem, if it is one. */
  readonly code?: unknown;
  readonly count: number;
}

/**
 * Makes the check of a world's answers. A violation fails the call, and also the closing of the
 * world, because some tests expect calls to fail.
 * @param reachedFile gets one `Reached` per line when the world closes
 */
export function contractRecorder(reachedFile?: string) {
  const found: string[] = [];
  const counts = new Map<string, number>();

  function count(method: string, path: string, { status, body }: Seen): void {
    const code = (body as { code?: unknown } | undefined)?.code;
    const key = JSON.stringify({ operation: operationOf(method, path)?.name, status, code });
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  return {
    /** @throws Error that names the call and the violations */
    check(method: string, path: string, seen: Seen): void {
      count(method, path, seen);
      const lines = contractViolations(method, path, seen);
      if (lines.length === 0) return;
      const code = (seen.body as { code?: unknown } | undefined)?.code;
      const answer = [seen.status, code].filter(Boolean).join(' ');
      const message = `${method} ${path} → ${answer} is not as docs/openapi.json says:\n  ${lines.join('\n  ')}`;
      found.push(message);
      throw new Error(message);
    },
    /** @throws Error with all violations */
    close(): void {
      const lines = [...counts].map(
        ([key, n]) => `${JSON.stringify({ ...JSON.parse(key), count: n })}\n`,
      );
      // One append: worlds close in several processes at once.
      if (reachedFile) appendFileSync(reachedFile, lines.join(''));
      if (found.length > 0) throw new Error([...new Set(found)].join('\n'));
    },
  };
}
