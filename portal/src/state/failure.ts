import { HawiyaProblem, NoAnswer, type ProblemCode } from '../../../client/src/index.ts';
import { language, t } from '../i18n/index.ts';

/** Why something did not work, in a form that is said anew when the language changes. */
export interface Failure {
  readonly kind: 'offline' | 'slow' | 'broken' | ProblemCode | 'unknown';
  readonly problem?: HawiyaProblem;
  /** The request had an `Idempotency-Key`, and has the same one when it is sent again: nothing happens twice. */
  readonly keyed?: boolean;
  /** Of the problem's own texts. */
  readonly said: typeof language.value;
}

/** Reads what a call of the client was rejected with. */
export function readFailure(error: unknown): Failure {
  const said = language.peek();
  if (error instanceof HawiyaProblem) return { kind: error.code, problem: error, said };
  if (error instanceof NoAnswer) {
    return { kind: error.reason === 'timeout' && navigator.onLine ? 'slow' : 'offline', said };
  }
  return { kind: 'broken', said };
}

/** Whether the same request may simply be sent once more. */
export const isTransient = ({ kind }: Failure): boolean =>
  kind === 'offline' || kind === 'slow' || kind === 'unavailable';

/** Whether trying again is a way on: what nobody knows the reason of may be over by then, too. */
export const canRetry = (failure: Failure): boolean =>
  isTransient(failure) || failure.kind === 'broken' || failure.kind === 'unknown';

/** A title and what to do, in the page's language. */
export function failureTexts(failure: Failure): { readonly title: string; readonly text: string } {
  const { kind, problem, said, keyed } = failure;
  if (kind === 'offline' || kind === 'slow' || kind === 'broken') {
    const text = t(`${kind}.text`);
    return {
      title: t(`${kind}.title`),
      text: keyed && kind !== 'broken' ? `${text} ${t('notTwice')}` : text,
    };
  }
  // A code that is newer than this page: the server's own words, while the page is in their language.
  if (kind === 'unknown' && problem && said === language.value) {
    return { title: problem.title, text: problem.detail ?? t('problem.unknown.text') };
  }
  const when = waitText(problem?.retryAfter ?? 60);
  return { title: t(`problem.${kind}.title`), text: t(`problem.${kind}.text`, { when }) };
}

/** What the server says of a field. @param path its name in the request's body */
export const fieldMessage = (failure: Failure, path: string): string | undefined =>
  failure.said === language.value
    ? failure.problem?.errors?.find((one) => one.path === path)?.message
    : undefined;

/** How long to wait, as people say it. @param seconds whole */
export function waitText(seconds: number): string {
  if (seconds < 90) return t('seconds', { count: seconds });
  if (seconds < 5_400) return t('minutes', { count: Math.ceil(seconds / 60) });
  return t('hours', { count: Math.ceil(seconds / 3_600) });
}
