import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/*
 * DynamoDB's attribute values and JavaScript's. These functions know the types that Hawiya stores, and refuse all others. The
 * SDK's own know all types: they take 8 times as long to write and 3 times as long to read, and lengthen every bundle.
 */

export type Attributes = Record<string, AttributeValue>;

/** An item or the values of an expression. Undefined attributes are left out. */
export function toAttributes(item: Readonly<Record<string, unknown>>): Attributes {
  const attributes: Attributes = {};
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value !== undefined) attributes[name] = toAttribute(value);
  }
  return attributes;
}

/** @throws Error for a number that would lose digits, an empty set, and a type that Hawiya does not store */
function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number' && isExact(value)) return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Set) return { SS: textsOf(value) };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (isRecord(value)) return { M: toAttributes(value) };
  throw new Error('The value has a type that is not stored');
}

/** Whole numbers beyond 2⁵³ are rounded, and DynamoDB has no infinity. */
const isExact = (value: number): boolean =>
  Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

function textsOf(set: ReadonlySet<unknown>): string[] {
  const texts = [...set].filter((one) => typeof one === 'string');
  if (texts.length === 0 || texts.length !== set.size) {
    throw new Error('A stored set holds texts, and at least one');
  }
  return texts;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

export function fromAttributes(
  attributes: Readonly<Attributes> | undefined,
): Record<string, unknown> | undefined {
  return attributes && recordFrom(attributes);
}

function recordFrom(attributes: Readonly<Attributes>): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value !== undefined) item[name] = valueFrom(value);
  }
  return item;
}

/** @throws Error for a type that Hawiya does not store */
function valueFrom({ S, N, BOOL, SS, L, M }: AttributeValue): unknown {
  if (S !== undefined) return S;
  if (N !== undefined) return Number(N);
  if (BOOL !== undefined) return BOOL;
  if (SS) return new Set(SS);
  if (L) return L.map(valueFrom);
  if (M) return recordFrom(M);
  throw new Error('An item holds a type that is not stored');
}
