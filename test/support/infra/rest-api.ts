import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Outcome } from '../../../local/functions/function-sandbox.ts';
import { createApiGateway } from '../../../local/gateway/api-gateway.ts';
import type { ResolvedResource } from '../../../local/gateway/gateway-resources.ts';

/** The scope that opens `/v1/account`. */
export const scope = 'aws.cognito.signin.user.admin';
export const issuer = 'https://cognito-idp.me-south-1.amazonaws.com/me-south-1_pool';
/** The gateway's clock, epoch milliseconds. */
export const now = Date.UTC(2026, 0, 2, 12);

const { privateKey, publicKey } = await generateKeyPair('RS256');
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] };

type ByType = Record<string, ResolvedResource[]>;

/**
 * A local gateway on a free port, with functions that answer as the test says.
 * @param clock epoch milliseconds
 */
export async function startGateway(changes: ByType = {}, clock = () => now) {
  const template = { ...restApi, ...changes };
  const events: { functionName: string; event: APIGatewayProxyEvent }[] = [];
  const logged: string[] = [];
  const functions = { answer: answering({ statusCode: 200, body: '{}' }) };
  const gateway = createApiGateway({
    resources: (type) => template[type] ?? [],
    invoke: async (functionName, event) => {
      events.push({ functionName, event });
      return functions.answer();
    },
    onLog: ({ line }) => logged.push(line),
    issuer,
    jwks,
    now: clock,
  });
  const server = createServer((request, response) => gateway.handle(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    functions,
    logged,
    /** The event of the first invocation. */
    firstEvent(): APIGatewayProxyEvent {
      const [first] = events;
      if (!first) throw new Error('No function was invoked');
      return first.event;
    },
    stop(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

export type TestGateway = Awaited<ReturnType<typeof startGateway>>;

/** A function that always returns the same answer. */
export function answering(value: unknown): () => Promise<Outcome> {
  return async () => ({ ok: true, value });
}

/** A token of the pool, valid for 15 minutes unless the claims say otherwise. */
export function tokenWith(claims: Record<string, unknown>, key = privateKey): Promise<string> {
  const lifetime = { iat: now / 1000, exp: now / 1000 + 900 };
  return new SignJWT({ iss: issuer, ...lifetime, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .sign(key);
}

const cognito = { AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: 'auth1' };

/** A small API: public things, an account behind an access token, a profile behind an ID token. */
const restApi: ByType = {
  'AWS::ApiGateway::Stage': [resource({ RestApiId: 'api1', StageName: 'v1' })],
  'AWS::ApiGateway::Resource': [
    path('r-things', 'root', 'things'),
    path('r-id', 'r-things', '{id}'),
    path('r-send', 'r-id', 'send'),
    path('r-special', 'r-things', 'special'),
    path('r-special-send', 'r-special', 'send'),
    path('r-account', 'root', 'account'),
    path('r-profile', 'root', 'profile'),
  ],
  'AWS::ApiGateway::Authorizer': [
    {
      ...resource({
        Type: 'COGNITO_USER_POOLS',
        IdentitySource: 'method.request.header.Authorization',
      }),
      physicalId: 'auth1',
    },
  ],
  'AWS::ApiGateway::Method': [
    method('r-send', 'POST', 'send'),
    method('r-special-send', 'POST', 'special'),
    method('r-things', 'POST', 'create'),
    method('r-account', 'GET', 'account', { ...cognito, AuthorizationScopes: [scope] }),
    method('r-profile', 'GET', 'profile', cognito),
  ],
};

/** A resolved resource. */
export function resource(properties: Record<string, unknown>): ResolvedResource {
  return { logicalId: 'Logical', physicalId: 'physical', properties };
}

function path(physicalId: string, ParentId: string, PathPart: string): ResolvedResource {
  return { ...resource({ RestApiId: 'api1', ParentId, PathPart }), physicalId };
}

/** A method with a proxy integration; `more` overrides its properties. */
export function method(ResourceId: string, HttpMethod: string, name: string, more: object = {}) {
  const Uri = `arn:aws:apigateway:me-south-1:lambda:path/2015-03-31/functions/arn:aws:lambda:me-south-1:000000000000:function:${name}/invocations`;
  const Integration = { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri };
  return resource({ ResourceId, HttpMethod, AuthorizationType: 'NONE', Integration, ...more });
}
