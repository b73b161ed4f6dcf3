import { idempotencyKeyPattern } from '../lambdas/http/idempotency-key.ts';
import { deviceCookie, sessionCookie } from '../lambdas/http/session-cookie.ts';

const text = { type: 'string' as const };
const seconds = { type: 'integer' as const, minimum: 1 };
const idIn = (description: string) => ({
  name: 'id',
  in: 'path' as const,
  required: true,
  description,
  schema: text,
});

export const components = {
  securitySchemes: {
    accessToken: {
      type: 'http' as const,
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'The `accessToken` of a session. An ID token opens nothing.',
    },
    clientCredentials: {
      type: 'oauth2' as const,
      description:
        'The access token of a relying service: its client credentials at the token endpoint (output `TokenEndpoint` of the stack `hawiya-<stage>-api`; `GET /local` tells the local one). It lives an hour: keep it that long.',
      flows: {
        clientCredentials: {
          tokenUrl: 'https://hawiya.auth.me-south-1.amazoncognito.com/oauth2/token',
          scopes: { 'otp/challenge': 'Have people approve transactions by code' },
        },
      },
    },
    sessionCookie: {
      type: 'apiKey' as const,
      in: 'cookie' as const,
      name: sessionCookie,
      description: 'The refresh token, in cookie mode; no script reads it.',
    },
    deviceCookie: {
      type: 'apiKey' as const,
      in: 'cookie' as const,
      name: deviceCookie,
      description:
        'The secrets of a remembered device, one for each of up to five people, in cookie mode; they alone log nobody in.',
    },
  },
  parameters: {
    ChallengeId: idIn('The `id` of a challenge.'),
    SessionId: idIn('The `id` of one of the account’s sessions.'),
    AcceptLanguage: {
      name: 'Accept-Language',
      in: 'header' as const,
      schema: text,
      example: 'ar',
      description: 'Language of problems, terms and SMS: `ar` (default) or `en`.',
    },
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header' as const,
      description:
        'A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.',
      schema: { type: 'string' as const, pattern: String(idempotencyKeyPattern.source) },
      example: '0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a',
    },
    HawiyaClient: {
      name: 'X-Hawiya-Client',
      in: 'header' as const,
      description: 'Required in cookie mode.',
      schema: { type: 'string' as const, const: 'browser' },
    },
  },
  headers: {
    ContentLanguage: {
      description: 'Absent where API Gateway answers by itself, in both languages.',
      schema: { type: 'string' as const, enum: ['ar', 'en'] },
    },
    RetryAfter: {
      description: 'Seconds after which the same request can go through.',
      required: true,
      schema: seconds,
    },
    RetryAfterIfKnown: { description: 'Seconds to wait, where they are known.', schema: seconds },
    WwwAuthenticate: {
      description: 'With `unauthenticated`.',
      schema: { type: 'string' as const, const: 'Bearer' },
    },
    SetCookie: {
      description:
        'In cookie mode: `__Host-hawiya-session`, `__Host-hawiya-device` and `__Host-hawiya-known`, set or cleared.',
      schema: text,
    },
  },
};
