import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Problem, type ProblemExtras, problemKinds } from '#core/model/problems.ts';
import { endTexts } from '#core/model/session-end.ts';
import { weSendTo } from '#core/values/country-names.ts';
import type { Language } from '#core/values/language.ts';
import { reasonTexts } from '#core/values/password-reasons.ts';
import { describeError, log } from '../observability/log.ts';
import { languageOf, routeOf } from './call.ts';
import { SessionRefused } from './session-cookie.ts';

/**
 * Answers every error as a problem document (RFC 9457). An error that is no `Problem` is logged by class and stack and
 * answered as `unavailable`: the client learns nothing from it and may try again. An `unavailable` that has a dependency's
 * error as its cause is logged with class and stack of that.
 */
export const problemDetails = ({
  portalHost,
}: {
  readonly portalHost: string;
}): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> => ({
  onError: function problemDetailsOnError(request) {
    const { event, error } = request;
    const { requestId } = event.requestContext;
    const problem = error instanceof Problem ? error : new Problem('unavailable');
    if (problem !== error) {
      log('ERROR', 'unexpected', { requestId, route: routeOf(event), ...describeError(error) });
    } else if (problem.code === 'unavailable' && problem.cause !== undefined) {
      const cause = describeError(problem.cause);
      log('INFO', 'unavailable', { requestId, route: routeOf(event), ...cause });
    }
    request.response = render(problem, languageOf(event), portalHost, requestId);
  },
});

/** Renders a problem in one language. */
function render(
  problem: Problem,
  language: Language,
  portalHost: string,
  requestId: string,
): APIGatewayProxyResult {
  const { code, extras } = problem;
  const { status, title, detail } = problemKinds[code];
  const { errors, reasons, minimumLength, countries, methods, attemptsLeft } = extras;
  const { limit, reason, idleSeconds } = extras;
  const retryAfter = extras.retryAfter ?? (code === 'unavailable' ? 1 : undefined);
  return {
    statusCode: status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Content-Language': language,
      ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
      ...(code === 'unauthenticated' && { 'WWW-Authenticate': 'Bearer' }),
    },
    ...(problem instanceof SessionRefused && {
      multiValueHeaders: { 'Set-Cookie': problem.cookies },
    }),
    body: JSON.stringify({
      type: `https://${portalHost}/problems/${code}`,
      title: title[language],
      status,
      detail: [detail[language], ...explanations(extras, language)].join(' '),
      instance: `urn:hawiya:request:${requestId}`,
      code,
      errors: errors?.map(({ path, message }) => ({ path, message: message[language] })),
      attemptsLeft,
      reasons,
      minimumLength,
      countries,
      methods,
      limit,
      reason,
      idleSeconds,
      retryAfter,
    }),
  };
}

/**
 * What an occurrence adds to the detail of its problem: why a password was refused, which countries get an SMS, why a
 * session ended.
 */
function explanations(
  { reasons = [], minimumLength, countries, reason }: ProblemExtras,
  language: Language,
): string[] {
  const texts = reasons.map((reason) =>
    reasonTexts[reason][language].replace('{n}', String(minimumLength)),
  );
  if (reason) texts.push(endTexts[reason][language]);
  if (countries) texts.push(weSendTo(countries, language));
  return texts;
}
