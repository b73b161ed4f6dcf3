import type { ComponentChildren } from 'preact';

interface SentToPhoneProps {
  /** The phone, masked: `•••• 567`. */
  readonly phone: string;
  /** The sentence before the last digits of the phone. */
  readonly children: ComponentChildren;
}

/** Ends a sentence with the last digits of a phone. Screen readers read the masked number badly. */
export const SentToPhone = ({ phone, children }: SentToPhoneProps) => (
  <>
    {children}
    {/* A no-break space: the last word of the Arabic sentence is joined to the digits. */}
    {'\u00a0'}
    <strong class="ltr" translate={false}>
      {phone.replace(/[^\d]/g, '')}
    </strong>
    .
  </>
);
