import * as z from 'zod';
import { GatewayFault } from './gateway-fault.ts';
import { type Resources, read } from './gateway-resources.ts';
import { type BodyCheck, requestValidation } from './request-validation.ts';

/** A method of the REST API and the function behind it. */
export interface Route {
  readonly httpMethod: string;
  /** Path with its parameters, without the stage: `/challenges/{id}/send`. */
  readonly resourcePath: string;
  readonly functionName: string;
  readonly authorization?: Authorization;
  /** The gateway's own check of the request body. */
  readonly checkBody?: BodyCheck | undefined;
}

/** What a Cognito authorizer requires of a request. */
export interface Authorization {
  /** Name of the header that carries the token. */
  readonly header: string;
  /** An access token needs one of these. If the list is empty, an ID token is needed instead. */
  readonly scopes: string[];
}

const resourceSchema = z.object({ ParentId: z.string(), PathPart: z.string() });

const methodSchema = z.object({
  HttpMethod: z.string(),
  ResourceId: z.string(),
  AuthorizationType: z.enum(['NONE', 'COGNITO_USER_POOLS']),
  AuthorizationScopes: z.array(z.string()).default([]),
  AuthorizerId: z.string().optional(),
  RequestValidatorId: z.string().optional(),
  RequestModels: z.record(z.string(), z.string()).default({}),
  RequestParameters: z.never().optional(),
  Integration: z.object({
    Type: z.literal('AWS_PROXY'),
    Uri: z.string().regex(/:function:[^/:]+\/invocations$/),
  }),
});

const identitySource = 'method.request.header.';
const authorizerSchema = z.object({
  Type: z.literal('COGNITO_USER_POOLS'),
  IdentitySource: z.string().startsWith(identitySource),
});

/**
 * The routes of the API. Fixed paths come before paths with parameters that would match them too.
 * @throws Error if the template uses what the local gateway does not support
 */
export function routesOf(resources: Resources): Route[] {
  const pathOf = resourcePaths(resources);
  const authorizationOf = authorizations(resources);
  const checkOf = requestValidation(resources);
  return read(resources, 'AWS::ApiGateway::Method', methodSchema)
    .map(({ properties }) => ({
      httpMethod: properties.HttpMethod,
      resourcePath: pathOf(properties.ResourceId),
      functionName: functionNameIn(properties.Integration.Uri),
      checkBody: checkOf({
        validatorId: properties.RequestValidatorId,
        models: properties.RequestModels,
      }),
      ...(properties.AuthorizationType === 'COGNITO_USER_POOLS' && {
        authorization: authorizationOf(properties.AuthorizerId, properties.AuthorizationScopes),
      }),
    }))
    .sort(byParametersLast);
}

/**
 * Finds the route of a request, and decodes the parameters of its path.
 * @param path the path as sent, without the stage
 * @throws GatewayFault if no method matches, or if a parameter is not percent-encoded UTF-8
 */
export function matchRoute(routes: Route[], httpMethod: string, path: string) {
  for (const route of routes) {
    const answers = route.httpMethod === httpMethod || route.httpMethod === 'ANY';
    const parameters = answers && matchPath(route.resourcePath, path);
    if (parameters) return { route, pathParameters: decoded(parameters) };
  }
  throw new GatewayFault('MISSING_AUTHENTICATION_TOKEN');
}

function matchPath(template: string, path: string): [name: string, value: string][] | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;

  const parameters: [string, string][] = [];
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name && value) parameters.push([name, value]);
    else if (part !== value) return undefined;
  }
  return parameters;
}

function decoded(parameters: [string, string][]): Record<string, string> {
  try {
    return Object.fromEntries(
      parameters.map(([name, value]) => [name, decodeURIComponent(value)] as const),
    );
  } catch {
    throw new GatewayFault('BAD_REQUEST_PARAMETERS');
  }
}

/**
 * Paths by resource id. An unknown id is the API's root: no resource in the template declares it.
 */
function resourcePaths(resources: Resources): (resourceId: string) => string {
  const byId = new Map(
    read(resources, 'AWS::ApiGateway::Resource', resourceSchema).map((resource) => [
      resource.physicalId,
      resource.properties,
    ]),
  );
  const below = (resourceId: string): string => {
    const resource = byId.get(resourceId);
    return resource ? `${below(resource.ParentId)}/${resource.PathPart}` : '';
  };
  return (resourceId) => below(resourceId) || '/';
}

function authorizations(resources: Resources) {
  const authorizers = read(resources, 'AWS::ApiGateway::Authorizer', authorizerSchema);
  return (authorizerId: string | undefined, scopes: string[]): Authorization => {
    const found = authorizers.find(({ physicalId }) => physicalId === authorizerId);
    if (!found)
      throw new Error(`A method names the authorizer ${authorizerId}, which is not there`);
    return { header: found.properties.IdentitySource.slice(identitySource.length), scopes };
  };
}

function functionNameIn(uri: string): string {
  return uri.slice(uri.lastIndexOf(':') + 1, uri.lastIndexOf('/'));
}

/** Compares the paths as text: `{` sorts after every letter and digit. */
function byParametersLast(one: Route, other: Route): number {
  return one.resourcePath < other.resourcePath ? -1 : 1;
}
