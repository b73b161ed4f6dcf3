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

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly patterns: readonly string[];
}

type Operator = (values: readonly string[] | undefined, patterns: readonly string[]) => boolean;

const equals: Operator = (values, patterns) => values?.some((v) => patterns.includes(v)) ?? false;
const like: Operator = (values, patterns) => values?.some(matchesOneOf(patterns)) ?? false;

const operators: Record<string, Operator> = {
  StringEquals: equals,
  StringLike: like,
  StringEqualsIfExists: (values, patterns) => values === undefined || equals(values, patterns),
  Bool: (values, patterns) => equals(values?.map(lower), patterns.map(lower)),
  // As in AWS, ForAllValues holds for a request that lacks the key: a Scan has no leading keys.
  'ForAllValues:StringEquals': (values = [], patterns) => values.every((v) => patterns.includes(v)),
  'ForAllValues:StringNotEquals': (values = [], patterns) =>
    !values.some((v) => patterns.includes(v)),
  'ForAllValues:StringLike': (values = [], patterns) => values.every(matchesOneOf(patterns)),
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
    return {
      effect: Effect === 'Deny' ? 'Deny' : 'Allow',
      actions: list(Action).map(String),
      resources: list(Resource).map(String),
      conditions: parseConditions(Condition, owner),
    };
  });
}

/** Decides as IAM does: an explicit deny wins, and a call without an allow is denied. */
export function authorise({ arn: user, statements }: Principal, access: Access): Decision {
  const applying = statements.filter((statement) => applies(statement, access));
  const explicitDeny = applying.some(({ effect }) => effect === 'Deny');
  if (applying.length && !explicitDeny) return { allowed: true };
  const { action, resource } = access;
  const reason = explicitDeny
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return { allowed: false, explicitDeny, message };
}

function parseConditions(block: unknown, owner: string): Condition[] {
  return Object.entries((block ?? {}) as Record<string, Record<string, unknown>>).flatMap(
    ([operator, tests]) => {
      if (!Object.hasOwn(operators, operator)) unsupported(owner, `condition operator ${operator}`);
      return Object.entries(tests).map(([key, values]) => {
        if (!conditionKeys.includes(key)) unsupported(owner, `condition key ${key}`);
        return { operator, key, patterns: list(values).map(String) };
      });
    },
  );
}

function applies({ actions, resources, conditions }: Statement, access: Access): boolean {
  return (
    matchesOneOf(actions.map(lower))(lower(access.action)) &&
    matchesOneOf(resources)(access.resource) &&
    conditions.every(({ operator, key, patterns }) =>
      operators[operator]?.(access.context?.[key], patterns),
    )
  );
}

function matchesOneOf(patterns: readonly string[]) {
  return (value: string) => patterns.some((pattern) => wildcard(pattern).test(value));
}

/** Policies have few patterns, and each call is matched with all of them. */
const compiled = new Map<string, RegExp>();

function wildcard(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const literal = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&');
  const made = new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
  compiled.set(pattern, made);
  return made;
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
