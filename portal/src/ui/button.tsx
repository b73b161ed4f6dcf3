import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { announce } from '../state/announce.ts';
import { Spinner } from './spinner.tsx';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: 'first' | 'second' | 'danger' | 'text';
  /** Sends the form it is in; an action of its own otherwise. */
  readonly submit?: boolean;
  /** It stays where it is and keeps the focus, and does nothing meanwhile. */
  readonly busy?: boolean;
  readonly wide?: boolean;
  readonly onPress?: () => void;
}

/** A button. Never disabled: one that cannot be reached cannot say why. */
export function Button({ children, kind = 'first', submit, busy, wide, onPress }: ButtonProps) {
  const slow = useSlow(busy === true);
  return (
    <>
      <button
        type={submit ? 'submit' : 'button'}
        class={`button button--${kind}${wide ? ' button--wide' : ''}`}
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

/** Milliseconds. The client tries for most of a minute: who hears nothing for so long presses reload. */
const patience = 6_000;

/** Whether it is busy for longer than people wait without a word; said, too. */
function useSlow(busy: boolean): boolean {
  const slow = useSignal(false);
  useEffect(() => {
    slow.value = false;
    if (!busy) return undefined;
    const timer = setTimeout(() => {
      slow.value = true;
      announce(t('slow.still'));
    }, patience);
    return () => clearTimeout(timer);
  }, [busy, slow]);
  return slow.value;
}
