import { fail, noValue, type Place, resolve, type Scope } from './intrinsics.ts';
import { account, type Identity, partition, predictIdentity, region } from './physical-ids.ts';

/** One synthesised stack. */
export interface Template {
  readonly stack: string;
  readonly body: TemplateBody;
  /** Directories of the file assets, by hash. */
  readonly assets: Readonly<Record<string, string>>;
}

interface TemplateBody {
  readonly Parameters?: Record<string, { Default?: unknown }>;
  readonly Conditions?: Record<string, unknown>;
  readonly Resources?: Record<string, RawResource>;
  readonly Outputs?: Record<string, { Value: unknown }>;
}

interface RawResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Condition?: string;
  readonly Metadata?: Record<string, unknown>;
}

/** A resource whose properties are resolved. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  /** The construct's path without `Resource`, such as `hawiya-local-api/Functions/registration`. */
  readonly path: string;
  /** The value of `Ref`, such as a function's name. For other types it is the logical id. */
  readonly physicalId: string;
  readonly properties: Record<string, unknown>;
}

/** All stacks of the app, with references resolved, between stacks too. */
export interface Templates {
  /** Sets the names of a created resource. Before that, a reference to it throws. */
  identify(resource: Pick<Resource, 'stack' | 'logicalId'>, identity: Identity): void;
  /**
   * The resources of a type, with references resolved.
   * @param without top-level properties to omit, because what they refer to does not exist yet
   * @throws Error that names the resource and property of an unsupported intrinsic or an unknown
   *   reference
   */
  resources(type: string, without?: string[]): Resource[];
  /** The value of `Fn::GetAtt`, such as `Arn` of a queue or `RootResourceId` of a REST API. */
  attribute(resource: Pick<Resource, 'stack' | 'logicalId'>, name: string): string;
  /** Directory of the file asset with an S3 key. */
  assetDirectory(s3Key: string): string;
}

const pseudoParameters: Record<string, unknown> = {
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::Partition': partition,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': noValue,
};

/** Reads the templates as one: resources by type, with names and references resolved. */
export function openTemplates(templates: Template[]): Templates {
  const identities = new Map<string, Identity>();

  const scopes = new Map(templates.map((template) => [template.stack, scopeOf(template)]));
  const scopeFor = (stack: string) =>
    scopes.get(stack) ?? fail({ stack, path: '' }, 'there is no such stack');

  function scopeOf(template: Template): Scope {
    const { stack, body } = template;
    const stackParameters: Record<string, unknown> = {
      ...pseudoParameters,
      'AWS::StackName': stack,
      'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stack}/local`,
    };
    const scope: Scope = {
      ref(name, place) {
        if (name in stackParameters) return stackParameters[name];
        const parameter = body.Parameters?.[name];
        if (parameter) return parameter.Default ?? fail(place, `parameter ${name} has no default`);
        return identityOf(name, place)?.ref ?? fail(place, `Ref to ${name} is not known`);
      },
      attribute: (logicalId, name, place) =>
        identityOf(logicalId, place)?.attributes?.[name] ??
        fail(place, `attribute ${name} of ${logicalId} is not known`),
      stackOutput: (other, name, place) => outputOf(other, name, place),
      condition(name, place) {
        const condition = body.Conditions?.[name] ?? fail(place, `there is no condition ${name}`);
        return resolve(condition, { stack, path: `Conditions.${name}` }, scope) === true;
      },
    };
    function identityOf(logicalId: string, place: Place) {
      const raw = body.Resources?.[logicalId] ?? fail(place, `there is no resource ${logicalId}`);
      return identities.get(`${stack}.${logicalId}`) ?? predictIdentity(subject(logicalId, raw));
    }
    function subject(logicalId: string, raw: RawResource) {
      const where = { stack, path: `${logicalId}.Properties` };
      const property = (name: string) =>
        resolve(raw.Properties?.[name], { ...where, path: `${where.path}.${name}` }, scope);
      return { type: raw.Type, path: pathOf(stack, logicalId, raw), property };
    }
    return scope;
  }

  function outputOf(stack: string, name: string, place: Place): unknown {
    const outputs = templates.find((template) => template.stack === stack)?.body.Outputs;
    const output = outputs?.[name] ?? fail(place, `stack ${stack} has no output ${name}`);
    return resolve(output.Value, { stack, path: `Outputs.${name}` }, scopeFor(stack));
  }

  function resolved(stack: string, logicalId: string, raw: RawResource, without: string[]) {
    const scope = scopeFor(stack);
    const kept = Object.entries(raw.Properties ?? {}).filter(([name]) => !without.includes(name));
    const place = { stack, path: `${logicalId}.Properties` };
    const path = pathOf(stack, logicalId, raw);
    const properties = resolve(Object.fromEntries(kept), place, scope) as Resource['properties'];
    const property = (name: string) => properties[name];
    const identity =
      identities.get(`${stack}.${logicalId}`) ??
      predictIdentity({ type: raw.Type, path, property });
    return { stack, logicalId, path, physicalId: identity?.ref ?? logicalId, properties };
  }

  return {
    identify({ stack, logicalId }, identity) {
      identities.set(`${stack}.${logicalId}`, identity);
    },
    resources: (type, without = []) =>
      templates.flatMap(({ stack, body }) =>
        Object.entries(body.Resources ?? {})
          .filter(([, raw]) => raw.Type === type)
          .filter(([id, { Condition }]) => {
            return !Condition || scopeFor(stack).condition(Condition, { stack, path: id });
          })
          .map(([logicalId, raw]) => resolved(stack, logicalId, raw, without)),
      ),
    attribute: ({ stack, logicalId }, name) =>
      String(scopeFor(stack).attribute(logicalId, name, { stack, path: logicalId })),
    assetDirectory(s3Key) {
      const hash = s3Key.replace(/\.zip$/, '');
      const directory = templates.find(({ assets }) => hash in assets)?.assets[hash];
      if (directory) return directory;
      throw new Error(`No stack has the asset ${s3Key}`);
    },
  };
}

/** The construct's path, or the logical id if the app was synthesised without path metadata. */
function pathOf(stack: string, logicalId: string, { Metadata }: RawResource): string {
  const path = Metadata?.['aws:cdk:path'];
  return typeof path === 'string'
    ? path.replace(/\/(Resource|Default)$/, '')
    : `${stack}/${logicalId}`;
}
