import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { canRetry, type Failure, failureTexts, isTransient } from '../state/failure.ts';
import { Button } from './button.tsx';
import { RetryCountdown } from './retry-countdown.tsx';
import { type Tone, ToneIcon } from './tone-icon.tsx';

interface NoticeProps {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children?: ComponentChildren;
  /** Takes the focus and is read out at once: for something that stops the person. */
  readonly urgent?: boolean;
}

export function Notice({ tone = 'plain', title, children, urgent }: NoticeProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (urgent) box.current?.focus();
  }, [urgent]);
  return (
    <div
      ref={box}
      class={`notice notice--${tone}`}
      role={urgent ? 'alert' : undefined}
      tabIndex={urgent ? -1 : undefined}
    >
      <ToneIcon tone={tone} />
      <div>
        {title && <p class="notice__title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

interface FailureNoticeProps {
  readonly failure: Failure | undefined;
  /** Replaces the failure's own title where the page knows more. */
  readonly title?: string | undefined;
  /** Sends the same request again. Offered if that may help, and after the wait if there is one. */
  readonly onRetry?: () => void;
  /** What to do if a retry does not help. */
  readonly children?: ComponentChildren;
}

/** Says why a call failed and what to do. Renders nothing without a failure. */
export function FailureNotice(props: FailureNoticeProps) {
  const { failure, onRetry, children } = props;
  if (!failure) return null;
  const { kind } = failure;
  const { title, text } = failureTexts(failure);
  const isWaiting = isTransient(failure) || kind === 'too_many_requests';
  const retry = onRetry && (
    <Button kind="text" onPress={onRetry}>
      {t('tryAgain')}
    </Button>
  );
  return (
    <Notice tone={isWaiting ? 'warn' : 'wrong'} title={props.title ?? title} urgent>
      {kind === 'too_many_requests' ? (
        <RetryCountdown failure={failure}>{retry}</RetryCountdown>
      ) : (
        <p>{text}</p>
      )}
      {canRetry(failure) && retry}
      {children}
    </Notice>
  );
}
