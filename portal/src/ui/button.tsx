import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { announce } from '../state/announce.ts';
import { Spinner } from './loading.tsx';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: 'first' | 'second' | 'danger' | 'text';
  /** Submits the form around it. Otherwise `onPress` says what it does. */
  readonly submit?: boolean;
  /** A busy button keeps its place and the focus, and ignores presses. */
  readonly busy?: boolean;
  readonly onPress?: () => void;
}

/** A button. It is never `disabled`: a button that takes no focus cannot tell a screen reader why. */
export function Button({ children, kind = 'first', submit, busy, onPress }: ButtonProps) {
  const slow = useSlow(busy === true);
  return (
    <>
      <button
        type={submit ? 'submit' : 'button'}
        class={`button button--${kind}`}
        aria-disabled={busy ? 'true' : undefined}
        onClick={busy ? (event) => event.preventDefault() : onPress}
      >
        {busy && <Spinner />}
        {children}
      </button>
      {slow && <p class="small soft">{t('slow.still')}</p>}
    </>
  );
}

/** The client retries for most of a minute. Without a word in that time, people press reload. */
const SLOW_AFTER_MS = 6_000;

/** Whether the button is busy for so long that the page should say so. It announces that, too. */
function useSlow(busy: boolean): boolean {
  const slow = useSignal(false);
  useEffect(() => {
    slow.value = false;
    if (!busy) return undefined;
    const timer = setTimeout(() => {
      slow.value = true;
      announce(t('slow.still'));
    }, SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [busy, slow]);
  return slow.value;
}
