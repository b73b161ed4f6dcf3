type Test = (value: unknown) => boolean;
type Matcher = (argument: unknown) => Test;

const absent = undefined;

const matchers: Record<string, Matcher> = {
  exists: (wanted) => (value) => (value !== absent) === wanted,
  prefix: (prefix) => (value) => typeof value === 'string' && value.startsWith(String(prefix)),
  suffix: (suffix) => (value) => typeof value === 'string' && value.endsWith(String(suffix)),
  'equals-ignore-case': (text) => (value) =>
    typeof value === 'string' && value.toLowerCase() === String(text).toLowerCase(),
  'anything-but': (refused) => {
    const tests = [refused].flat().map(compileLeaf);
    return (value) => value !== absent && !tests.some((test) => test(value));
  },
  numeric: (argument) => {
    const tests = comparisons(argument as (string | number)[]);
    return (value) => typeof value === 'number' && tests.every((test) => test(value));
  },
};

const comparators: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/**
 * Compiles an event source's filter pattern, in EventBridge's pattern language.
 * @param pattern parsed JSON, such as `{eventName: ['INSERT'], dynamodb: {NewImage: {sent:
 *   [{exists: false}]}}}`
 * @throws Error that names the unsupported part of the pattern
 */
export function compilePattern(pattern: unknown): Test {
  if (Array.isArray(pattern)) return anyOf(pattern.map(compileLeaf));
  if (typeof pattern !== 'object' || pattern === null) {
    throw new Error(`A filter pattern must be a list or an object, not ${JSON.stringify(pattern)}`);
  }
  const tests = Object.entries(pattern).map(([name, below]): Test => {
    if (name === '$or') return anyOf((below as unknown[]).map(compilePattern));
    const test = compilePattern(below);
    return (value) => test(field(value, name));
  });
  return (value) => tests.every((test) => test(value));
}

function compileLeaf(leaf: unknown): Test {
  if (typeof leaf !== 'object' || leaf === null) return (value) => value === leaf;
  const [name, argument] = Object.entries(leaf)[0] ?? [''];
  const matcher = matchers[name];
  if (!matcher) throw new Error(`Filter pattern: ${JSON.stringify(leaf)} is not supported`);
  return matcher(argument);
}

function comparisons(argument: (string | number)[]): ((value: number) => boolean)[] {
  const [operator, bound, ...rest] = argument;
  const comparator = comparators[String(operator)];
  if (!comparator) throw new Error(`Filter pattern: numeric ${operator} is not supported`);
  const test = (value: number) => comparator(value, Number(bound));
  return rest.length ? [test, ...comparisons(rest)] : [test];
}

function anyOf(tests: Test[]): Test {
  return (value) => tests.some((test) => test(value));
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : absent;
}
