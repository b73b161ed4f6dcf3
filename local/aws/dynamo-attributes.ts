/** The parts of a DynamoDB request that name attributes. */
export interface Expressions {
  readonly Key?: Readonly<Record<string, unknown>>;
  readonly Item?: Readonly<Record<string, unknown>>;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
}

const keywords = new Set(['SET', 'REMOVE', 'ADD', 'DELETE', 'AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
/**
 * Matches an attribute name or its placeholder (`#x`), and the first name of a path. It does not
 * match a value placeholder (`:x`) or a function (`size(`).
 */
const names = /(?<![:\w.#])#?[A-Za-z_]\w*(?!\w|\s*\()/g;

/**
 * The attributes that a request writes, compares or projects, keys included: IAM's
 * `dynamodb:Attributes`. Attributes that are returned without being named are not among them; IAM
 * restricts those by `dynamodb:ReturnValues`.
 */
export function attributesOf(request: Expressions): string[] {
  const { Key, Item, ExpressionAttributeNames: meant = {} } = request;
  const expressions = [
    request.UpdateExpression,
    request.ConditionExpression,
    request.KeyConditionExpression,
    request.FilterExpression,
    request.ProjectionExpression,
  ];
  const named = expressions.flatMap((text) => (text ? namesIn(text) : []));
  return [
    ...new Set([
      ...Object.keys(Key ?? {}),
      ...Object.keys(Item ?? {}),
      ...named.map((name) => meant[name] ?? name),
    ]),
  ];
}

/** The names in an expression. Functions have few expressions, and send them again and again. */
const known = new Map<string, readonly string[]>();
const mostKnown = 1000;

function namesIn(expression: string): readonly string[] {
  const remembered = known.get(expression);
  if (remembered) return remembered;
  const found = [...expression.matchAll(names)]
    .map(([name]) => name)
    .filter((name) => !keywords.has(name.toUpperCase()));
  // An expression with values in it would fill the memory.
  if (known.size >= mostKnown) known.clear();
  known.set(expression, found);
  return found;
}
