import { HawiyaProblem, NoAnswer, type ProblemCode } from '../../../client/src/index.ts';
import { weSendTo } from '../../../lambdas/core/values/country-names.ts';
import { type Language, language, t } from '../i18n/index.ts';

/** Why a call failed. It holds no text, so that a change of language changes what is shown. */
export interface Failure {
  readonly kind: 'offline' | 'slow' | 'broken' | ProblemCode | 'unknown';
  readonly problem?: HawiyaProblem;
  /** The request had an `Idempotency-Key`. A retry sends the same key, so nothing happens twice. */
  readonly keyed?: boolean;
  /** The language of the problem's own texts. */
  readonly language: Language;
}

/** Turns the error of a client call into a failure. */
export function readFailure(error: unknown): Failure {
  const asked = language.peek();
  if (error instanceof HawiyaProblem) return { kind: error.code, problem: error, language: asked };
  if (error instanceof NoAnswer) {
    const isSlow = error.reason === 'timeout' && navigator.onLine;
    return { kind: isSlow ? 'slow' : 'offline', language: asked };
  }
  return { kind: 'broken', language: asked };
}

/** Whether the same request may be sent again unchanged. */
export const isTransient = ({ kind }: Failure): boolean =>
  kind === 'offline' || kind === 'slow' || kind === 'unavailable';

/** Whether a retry may help. A failure of unknown cause may be over by then, too. */
export const canRetry = (failure: Failure): boolean =>
  isTransient(failure) || failure.kind === 'broken' || failure.kind === 'unknown';

/** Whether the challenge accepts no more codes and sends no more SMS. */
export const isChallengeOver = (failure: Failure | undefined): boolean =>
  failure?.kind === 'challenge_expired' || failure?.kind === 'challenge_locked';

/** A title and what to do, in the page's language. */
export function failureTexts(failure: Failure): { readonly title: string; readonly text: string } {
  const { kind, problem, keyed } = failure;
  if (kind === 'offline' || kind === 'slow' || kind === 'broken') {
    const text = t(`${kind}.text`);
    return {
      title: t(`${kind}.title`),
      text: keyed && kind !== 'broken' ? `${text} ${t('notTwice')}` : text,
    };
  }
  // The server is newer than this page: show the server's own texts, if they are in the page's language.
  if (kind === 'unknown' && problem && failure.language === language.value) {
    return { title: problem.title, text: problem.detail ?? t('problem.unknown.text') };
  }
  const when = waitText(problem?.retryAfter ?? 60);
  const text = t(`problem.${kind}.text`, { when });
  const countries = problem?.countries && weSendTo(problem.countries, language.value);
  return { title: t(`problem.${kind}.title`), text: countries ? `${text} ${countries}` : text };
}

/**
 * The server's text about one field, if it is in the page's language.
 * @param path the field's name in the request body
 */
export const fieldMessage = (failure: Failure, path: string): string | undefined =>
  failure.language === language.value
    ? failure.problem?.errors?.find((one) => one.path === path)?.message
    : undefined;

/** A wait in words: `in 2 minutes`. @param seconds whole */
export function waitText(seconds: number): string {
  if (seconds < 90) return t('seconds', { count: seconds });
  if (seconds < 5_400) return t('minutes', { count: Math.ceil(seconds / 60) });
  return t('hours', { count: Math.ceil(seconds / 3_600) });
}
