import type { ComponentChildren } from 'preact';
import type { Challenge } from './use-sms-delivery.ts';

interface SentToPhoneProps {
  readonly challenge: Challenge;
  /** What is before the last digits of the phone. */
  readonly children: ComponentChildren;
}

/** Which phone: `•••• 567` is read out badly, its digits are enough. */
export const SentToPhone = ({ challenge: { destination }, children }: SentToPhoneProps) => (
  <>
    {children}
    {/* Its last letter is joined to the digits, and stays on their line. */}
    {'\u00a0'}
    <strong class="ltr">{destination.replace(/[^\d]/g, '')}</strong>.
  </>
);
