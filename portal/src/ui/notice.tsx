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
  /** Read out at once, and moved to: for what stands in the way. */
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
  /** What it comes to here, where that says more than the failure's own title. */
  readonly title?: string | undefined;
  /** Sends the same again; offered where that may help, and after the wait where there is one. */
  readonly onRetry?: () => void;
  /** The way on, where trying again is none. */
  readonly children?: ComponentChildren;
}

/** Why something did not work and what to do; nothing where nothing failed. */
export function FailureNotice(props: FailureNoticeProps) {
  const { failure, onRetry, children } = props;
  if (!failure) return null;
  const { kind } = failure;
  const { title, text } = failureTexts(failure);
  const waits = isTransient(failure) || kind === 'too_many_requests';
  const retry = onRetry && (
    <Button kind="text" onPress={onRetry}>
      {t('tryAgain')}
    </Button>
  );
  return (
    <Notice tone={waits ? 'warn' : 'wrong'} title={props.title ?? title} urgent>
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
