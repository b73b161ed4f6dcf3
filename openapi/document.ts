import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathItemObject,
} from 'zod-openapi';
import type { ProblemCode } from '#core/model/problems.ts';
import { type Route, routes, serviceScope } from '#core/model/routes.ts';
import packageJson from '../package.json' with { type: 'json' };
import { components } from './components.ts';
import { securityEventWebhook } from './events.ts';
import { describeFields } from './field-texts.ts';
import { info, servers, tags } from './info.ts';
import {
  type Content,
  everywhere,
  type Operation,
  type Operations,
  whereNotRead,
} from './operation.ts';
import { accountOperations } from './operations/account.ts';
import { accountSecurityOperations } from './operations/account-security.ts';
import { authenticatorOperations } from './operations/authenticators.ts';
import { challengeOperations } from './operations/challenges.ts';
import { informationOperations } from './operations/information.ts';
import { passwordResetOperations } from './operations/password-reset.ts';
import { registrationOperations } from './operations/registration.ts';
import { sessionOperations } from './operations/sessions.ts';
import { transactionOperations } from './operations/transactions.ts';
import { problem, problemExamples, problemReferences, problemResponses } from './problems.ts';

/** By `METHOD /path`, as in `lambdas/core/model/routes.ts`. */
export const operations: Operations = {
  ...registrationOperations,
  ...passwordResetOperations,
  ...challengeOperations,
  ...sessionOperations,
  ...accountOperations,
  ...accountSecurityOperations,
  ...authenticatorOperations,
  ...transactionOperations,
  ...informationOperations,
};

/** The OpenAPI 3.1 document of the API, as `npm run openapi` writes it. */
export function openApiDocument() {
  const document = createDocument(
    {
      openapi: '3.1.1',
      info: { ...info, version: packageJson.version },
      servers,
      tags,
      paths: pathsOf(routes),
      webhooks: { securityEvent: securityEventWebhook as ZodOpenApiPathItemObject },
      components: {
        ...components,
        schemas: { Problem: problem },
        examples: problemExamples,
        responses: problemResponses(routes.map((route) => codesOf(route, operationOf(route)))),
      },
    },
    { override: openAnswers },
  );
  return describeFields(document);
}

/**
 * Requests are closed and answers are open: a client must accept fields that a later version adds. The end-to-end tests
 * are stricter.
 * zod's `readonly` is removed from answers, because `readOnly` means something else in OpenAPI.
 */
function openAnswers({ jsonSchema, io }: { jsonSchema: z.core.JSONSchema.BaseSchema; io: string }) {
  if (io !== 'output') return;
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  delete jsonSchema.readOnly;
}

function pathsOf(all: readonly Route[]) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of all) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationObject(route, operationOf(route)),
    };
  }
  return paths;
}

/** @throws Error for a route without a description */
function operationOf({ method, path }: Route): Operation {
  const operation = operations[`${method} ${path}`];
  if (operation) return operation;
  throw new Error(`openapi/operations has no operation for ${method} ${path}`);
}

/** Every code that an operation can answer with. */
export const codesOf = ({ method, token }: Route, { problems }: Operation): ProblemCode[] => [
  ...everywhere,
  ...(method === 'GET' ? [] : whereNotRead),
  ...(token ? (['unauthenticated'] as const) : []),
  ...problems,
];

function operationObject(route: Route, operation: Operation): ZodOpenApiOperationObject {
  const { id, tag, summary, description, body } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary: summary.en,
    'x-summary-ar': summary.ar,
    ...(description !== undefined && { description }),
    security: securityOf(route, operation),
    parameters: parametersOf(route, operation).map((name) => ({
      $ref: `#/components/parameters/${name}`,
    })),
    ...(body && {
      requestBody: {
        required: true,
        content: jsonContent({ ...body, schema: named(body) }),
      },
    }),
    responses: {
      ...answersOf(operation),
      ...problemReferences(codesOf(route, operation)),
    },
  };
}

/** The schema of a body under its name. Two operations may share a schema, so each names a copy. */
function named({ schema, name }: NonNullable<Operation['body']>): z.core.$ZodType {
  const copy = schema.clone();
  z.globalRegistry.add(copy, { id: name });
  return copy;
}

/** A cookie is one of two transports: without one, the secret is in the body. */
function securityOf({ token }: Route, { cookies }: Operation): Record<string, string[]>[] {
  if (token === 'service') return [{ clientCredentials: [serviceScope] }];
  if (token) return [{ accessToken: [] }];
  return cookies === undefined || cookies === 'none' ? [] : [{}, { [cookies]: [] }];
}

const parametersOf = ({ path }: Route, { tag, cookies, repeatable }: Operation): string[] => [
  ...(path.includes('{id}') ? [tag === 'challenges' ? 'ChallengeId' : 'SessionId'] : []),
  'AcceptLanguage',
  ...(repeatable ? ['IdempotencyKey'] : []),
  ...(cookies ? ['HawiyaClient'] : []),
];

const answersOf = ({ answers, cookies }: Operation) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { says, content }]) => [
      status,
      {
        description: says.en,
        'x-description-ar': says.ar,
        // A 202 opens no session, so it sets no cookie.
        ...(cookies &&
          status !== '202' && {
            headers: { 'Set-Cookie': { $ref: '#/components/headers/SetCookie' } },
          }),
        ...(content && { content: jsonContent(content) }),
      },
    ]),
  );

const jsonContent = ({ schema, examples }: Content) => ({
  'application/json': {
    schema,
    examples: Object.fromEntries(
      Object.entries(examples).map(([name, value]) => [name, { value }]),
    ),
  },
});
