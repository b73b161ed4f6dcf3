import { account, arn, partition } from '../template/physical-ids.ts';
import type { Templates } from '../template/template.ts';

/** A call as IAM judges it: an action on a resource. */
export interface Access {
  /** Such as `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN, or the phone number of an SMS. */
  readonly resource: string;
  /** Values of the request's condition keys. A key that the request lacks is absent. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

export type Decision =
  | { readonly allowed: true }
  /** `message` has AWS's wording. */
  | { readonly allowed: false; readonly explicitDeny: boolean; readonly message: string };

/** A caller and the statements of its role's policies. */
export interface Principal {
  /** `arn:aws:sts::…:assumed-role/<role>/<function>` */
  readonly arn: string;
  readonly statements: readonly Statement[];
}

/** A statement of a policy, compiled when its role is read: every call is judged by several of them. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  matches(access: Access): boolean;
}

type Test = (values: readonly string[] | undefined) => boolean;

/** Compiles the patterns of a condition. */
type Operator = (patterns: readonly string[]) => Test;

const equals: Operator = (patterns) => (values) =>
  values?.some((v) => patterns.includes(v)) ?? false;

const operators: Record<string, Operator> = {
  StringEquals: equals,
  StringLike(patterns) {
    const matches = matchesOneOf(patterns);
    return (values) => values?.some(matches) ?? false;
  },
  StringEqualsIfExists(patterns) {
    const test = equals(patterns);
    return (values) => values === undefined || test(values);
  },
  Bool(patterns) {
    const test = equals(patterns.map(lower));
    return (values) => test(values?.map(lower));
  },
  // As in AWS, ForAllValues holds for a request that lacks the key: a Scan has no leading keys.
  'ForAllValues:StringEquals': (patterns) => (values) =>
    values?.every((v) => patterns.includes(v)) ?? true,
  'ForAllValues:StringNotEquals': (patterns) => (values) =>
    !values?.some((v) => patterns.includes(v)),
  'ForAllValues:StringLike'(patterns) {
    const matches = matchesOneOf(patterns);
    return (values) => values?.every(matches) ?? true;
  },
};

const conditionKeys = [
  'dynamodb:LeadingKeys',
  'dynamodb:Attributes',
  'dynamodb:ReturnValues',
  'aws:SecureTransport',
  'kms:MacAlgorithm',
];

/**
 * Reads the statements of a function's role: its inline policies and the policies attached to it.
 * @throws Error that names what local IAM does not support: managed policies, `Not…` elements,
 *   other condition operators or keys
 */
export function principalOf(
  templates: Templates,
  roleArn: string,
  functionName: string,
): Principal {
  const role = templates
    .resources('AWS::IAM::Role')
    .find((r) => roleArn === roleArnOf(r.physicalId));
  if (!role) throw new Error(`No template has the role ${roleArn} of ${functionName}`);
  for (const property of ['ManagedPolicyArns', 'PermissionsBoundary']) {
    if (role.properties[property]) unsupported(role.physicalId, property);
  }
  for (const { physicalId, properties } of templates.resources('AWS::IAM::ManagedPolicy')) {
    if (list(properties['Roles']).includes(role.physicalId))
      unsupported(role.physicalId, `managed policy ${physicalId}`);
  }
  const attached = templates
    .resources('AWS::IAM::Policy')
    .filter(({ properties }) => list(properties['Roles']).includes(role.physicalId));
  const policies = [...list(role.properties['Policies']), ...attached.map((p) => p.properties)];
  return {
    arn: `arn:${partition}:sts::${account}:assumed-role/${role.physicalId}/${functionName}`,
    statements: policies.flatMap((policy) =>
      parsePolicy((policy as { PolicyDocument: unknown }).PolicyDocument, role.physicalId),
    ),
  };
}

/**
 * Reads a policy document whose intrinsics are resolved.
 * @param owner the role, for error messages
 * @throws Error that names what local IAM does not support
 */
export function parsePolicy(document: unknown, owner: string): Statement[] {
  return list((document as { Statement: unknown }).Statement).map((raw) => {
    const { Effect, Action, Resource, Condition, ...rest } = raw as Record<string, unknown>;
    const others = Object.keys(rest).filter((name) => name !== 'Sid');
    if (others.length || !Action || !Resource) unsupported(owner, others.join() || 'a statement');
    const matchesAction = matchesOneOf(list(Action).map(String).map(lower));
    const matchesResource = matchesOneOf(list(Resource).map(String));
    const holds = parseConditions(Condition, owner);
    return {
      effect: Effect === 'Deny' ? 'Deny' : 'Allow',
      matches: (access) =>
        matchesAction(lower(access.action)) &&
        matchesResource(access.resource) &&
        holds.every((condition) => condition(access.context)),
    };
  });
}

/** Decides as IAM does: an explicit deny wins, and a call without an allow is denied. */
export function authorise({ arn: user, statements }: Principal, access: Access): Decision {
  const applying = statements.filter(({ matches }) => matches(access));
  const explicitDeny = applying.some(({ effect }) => effect === 'Deny');
  if (applying.length && !explicitDeny) return { allowed: true };
  const { action, resource } = access;
  const reason = explicitDeny
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return { allowed: false, explicitDeny, message };
}

/** @returns one test of the request's context for each operator and key of a condition block */
function parseConditions(
  block: unknown,
  owner: string,
): ((context: Access['context']) => boolean)[] {
  return Object.entries((block ?? {}) as Record<string, Record<string, unknown>>).flatMap(
    ([name, tests]) => {
      const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
      if (!operator) unsupported(owner, `condition operator ${name}`);
      return Object.entries(tests).map(([key, values]) => {
        if (!conditionKeys.includes(key)) unsupported(owner, `condition key ${key}`);
        const test = operator(list(values).map(String));
        return (context: Access['context']) => test(context?.[key]);
      });
    },
  );
}

function matchesOneOf(patterns: readonly string[]): (value: string) => boolean {
  const compiled = patterns.map(wildcard);
  return (value) => compiled.some((matches) => matches(value));
}

function wildcard(pattern: string): (value: string) => boolean {
  if (!/[*?]/.test(pattern)) return (value) => value === pattern;
  const literal = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&');
  const made = new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
  return (value) => made.test(value);
}

function unsupported(owner: string, what: string): never {
  throw new Error(`Local IAM does not support ${what} (${owner})`);
}

function roleArnOf(name: string): string {
  return arn('iam', `role/${name}`, '');
}

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function lower(text: string): string {
  return text.toLowerCase();
}
