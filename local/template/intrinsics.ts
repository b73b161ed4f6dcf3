import { region } from './physical-ids.ts';

/** The position of a value in a template, for error messages: `stack.LogicalId.Properties.Name`. */
export interface Place {
  readonly stack: string;
  readonly path: string;
}

/** Looks up what intrinsics refer to. Each method throws an Error that names the place. */
export interface Scope {
  ref(name: string, place: Place): unknown;
  attribute(logicalId: string, name: string, place: Place): unknown;
  /** An output of a stack in the same account and region. */
  stackOutput(stack: string, output: string, place: Place): unknown;
  condition(name: string, place: Place): boolean;
}

/** The value of `AWS::NoValue`: its property is removed. */
export const noValue = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, place: Place, scope: Scope) => unknown;

const intrinsics: Record<string, Intrinsic> = {
  Ref: (name, place, scope) => scope.ref(String(name), place),
  'Fn::GetAtt': (argument, place, scope) => {
    const [logicalId, ...attribute] =
      typeof argument === 'string' ? argument.split('.') : list(argument, place, scope).map(String);
    return scope.attribute(String(logicalId), attribute.join('.'), place);
  },
  'Fn::Join': (argument, place, scope) => {
    const [delimiter, parts] = list(argument, place, scope);
    return list(parts, place, scope).join(String(delimiter));
  },
  'Fn::Split': (argument, place, scope) => {
    const [delimiter, whole] = list(argument, place, scope);
    return String(whole).split(String(delimiter));
  },
  'Fn::Select': (argument, place, scope) => {
    const [index, values] = list(argument, place, scope);
    const value = list(values, place, scope)[Number(index)];
    return value ?? fail(place, `Fn::Select has no element ${index}`);
  },
  'Fn::Sub': (argument, place, scope) => substitute(argument, place, scope),
  'Fn::GetStackOutput': (argument, place, scope) => {
    const read = resolve(argument, place, scope) as Readonly<Record<string, string>>;
    const { StackName = '', OutputName = '', Region = region, RoleArn } = read;
    if (Region !== region || RoleArn !== undefined)
      fail(place, 'Fn::GetStackOutput of another account or region is not supported');
    return scope.stackOutput(StackName, OutputName, place);
  },
  'Fn::If': (argument, place, scope) => {
    // Resolve the chosen branch only: the other one may refer to a resource that does not exist.
    const [condition, yes, no] = argument as [string, unknown, unknown];
    return resolve(scope.condition(condition, place) ? yes : no, place, scope);
  },
  'Fn::Equals': (argument, place, scope) => {
    const [left, right] = list(argument, place, scope);
    return String(left) === String(right);
  },
  'Fn::Not': (argument, place, scope) => !truths(argument, place, scope)[0],
  'Fn::And': (argument, place, scope) => truths(argument, place, scope).every(Boolean),
  'Fn::Or': (argument, place, scope) => truths(argument, place, scope).some(Boolean),
};

/**
 * Replaces the CloudFormation intrinsics in a value.
 * @throws Error that names the place of an unsupported intrinsic or an unknown reference
 */
export function resolve(value: unknown, place: Place, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value
      .map((element, index) => resolve(element, below(place, index), scope))
      .filter((element) => element !== noValue);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? ['', undefined];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const intrinsic = intrinsics[name] ?? fail(place, `${name} is not supported`);
    return intrinsic(argument, place, scope);
  }
  return Object.fromEntries(
    entries
      .map(([key, child]) => [key, resolve(child, below(place, key), scope)] as const)
      .filter(([, child]) => child !== noValue),
  );
}

/** @throws Error always: it names the problem and its place */
export function fail(place: Place, problem: string): never {
  throw new Error(`${place.stack}.${place.path}: ${problem}`);
}

function substitute(argument: unknown, place: Place, scope: Scope): string {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = resolve(given, place, scope) as Record<string, unknown>;
  return String(template).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in variables) return String(variables[name]);
    const [logicalId = '', ...attribute] = name.split('.');
    return String(
      attribute.length
        ? scope.attribute(logicalId, attribute.join('.'), place)
        : scope.ref(logicalId, place),
    );
  });
}

function truths(argument: unknown, place: Place, scope: Scope): boolean[] {
  return (argument as unknown[]).map((condition) => {
    const named = (condition as { Condition?: string }).Condition;
    return named === undefined
      ? resolve(condition, place, scope) === true
      : scope.condition(named, place);
  });
}

function list(argument: unknown, place: Place, scope: Scope): unknown[] {
  const resolved = resolve(argument, place, scope);
  return Array.isArray(resolved) ? resolved : fail(place, 'expected a list');
}

function below({ stack, path }: Place, key: string | number): Place {
  return { stack, path: `${path}.${key}` };
}
