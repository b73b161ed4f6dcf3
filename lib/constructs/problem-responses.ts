import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ProblemCode } from '#core/model/problems.ts';
import type { StageConfig } from '../config/stage-config.ts';

interface GatewayProblem {
  readonly type: ResponseType;
  readonly code: ProblemCode;
  readonly status: number;
  /** Both languages: a gateway response cannot read Accept-Language. */
  readonly title: string;
  /** Present if there is more to do than the title says. */
  readonly detail?: string;
}

const signIn = 'سجّل الدخول أولًا — Log in first';
const tryAgain =
  'الخدمة غير متاحة الآن، حاول بعد قليل — The service is unavailable, try again shortly';
const invalid = 'الطلب غير صحيح — The request is not valid';
// The gateway's finding ($context.error.validationErrorString) quotes the body, which may hold a password.
const malformed = [
  'أرسل كائن JSON فيه الحقول المطلوبة بلا حقول غير معروفة، بالأنواع والأطوال المبينة في GET /v1/openapi.json',
  'Send a JSON object with the required fields and no unknown ones, of the types and lengths in GET /v1/openapi.json',
].join(' — ');

const problems: GatewayProblem[] = [
  { type: ResponseType.DEFAULT_4XX, code: 'invalid_request', status: 400, title: invalid },
  {
    type: ResponseType.BAD_REQUEST_BODY,
    code: 'invalid_request',
    status: 400,
    title: invalid,
    detail: malformed,
  },
  { type: ResponseType.DEFAULT_5XX, code: 'unavailable', status: 503, title: tryAgain },
  { type: ResponseType.UNAUTHORIZED, code: 'unauthenticated', status: 401, title: signIn },
  { type: ResponseType.ACCESS_DENIED, code: 'unauthenticated', status: 401, title: signIn },
  { type: ResponseType.EXPIRED_TOKEN, code: 'unauthenticated', status: 401, title: signIn },
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    code: 'not_found',
    status: 404,
    title: 'لا يوجد شيء هنا — There is nothing here',
  },
  {
    type: ResponseType.THROTTLED,
    code: 'too_many_requests',
    status: 429,
    title: 'طلبات كثيرة، حاول بعد قليل — Too many requests, try again shortly',
  },
];

/**
 * Lets every page read API Gateway's own answers, where a stage has apps with pages. They hold nothing of a person, and
 * API Gateway cannot compare an origin with a list. Without this a page of an app could not tell 401 from a lost connection.
 */
const readableByAll = {
  'Access-Control-Allow-Origin': "'*'",
  'Access-Control-Expose-Headers': "'Retry-After'",
};

/** Turns API Gateway's own answers into problem documents (RFC 9457) like every other error. */
export function addProblemResponses(
  api: RestApi,
  { portalHost, appOrigins }: Pick<StageConfig, 'portalHost' | 'appOrigins'>,
): void {
  for (const { type, code, status, title, detail } of problems) {
    const body = {
      type: `https://${portalHost}/problems/${code}`,
      title,
      status,
      ...(detail && { detail }),
      code,
      instance: 'urn:hawiya:request:$context.requestId',
      ...(status === 429 && { retryAfter: 1 }),
    };
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        'Cache-Control': "'no-store'",
        'Strict-Transport-Security': "'max-age=63072000; includeSubDomains'",
        'X-Content-Type-Options': "'nosniff'",
        ...(status === 401 && { 'WWW-Authenticate': "'Bearer'" }),
        ...(status === 429 && { 'Retry-After': "'1'" }),
        ...(appOrigins.length > 0 && readableByAll),
      },
      templates: { 'application/json': JSON.stringify(body) },
    });
  }
}
