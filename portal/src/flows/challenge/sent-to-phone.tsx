import type { ComponentChildren } from 'preact';
import type { Challenge } from './challenge.ts';

interface SentToPhoneProps {
  /** The phone, masked: `•••• 567`. */
  readonly phone: Challenge['destination'];
  /** The sentence before the last digits of the phone. */
  readonly children: ComponentChildren;
}

/** Ends a sentence with the last digits of a phone. Screen readers read the masked number badly. */
export const SentToPhone = ({ phone, children }: SentToPhoneProps) => (
  <>
    {children}
    {/* A no-break space: the last word of the Arabic sentence is joined to the digits. */}
    {'\u00a0'}
    <strong class="ltr">{phone.replace(/[^\d]/g, '')}</strong>.
  </>
);
