import type { ComponentChildren } from 'preact';
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
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={`button button--${kind}${wide ? ' button--wide' : ''}`}
      aria-disabled={busy ? 'true' : undefined}
      onClick={busy ? (event) => event.preventDefault() : onPress}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}
