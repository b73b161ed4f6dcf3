import type { ComponentChildren } from 'preact';
import { tellControls } from '../state/tell-controls.ts';
import { ErrorSummary } from './error-summary.tsx';

interface FormProps {
  readonly onSubmit: () => void;
  readonly children: ComponentChildren;
}

/** A form that Enter submits. `noValidate` leaves errors to the portal, which shows them in the page's language. */
export function Form({ onSubmit, children }: FormProps) {
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // What is in the fields counts, whatever events filled them in.
        tellControls(event.currentTarget);
        onSubmit();
      }}
    >
      <ErrorSummary />
      {children}
    </form>
  );
}
