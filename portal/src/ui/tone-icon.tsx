export type Tone = 'plain' | 'wrong' | 'warn' | 'good';

/** An icon beside a text. Colour alone must not carry the meaning (WCAG 2.2, 1.4.1). */
export function ToneIcon({ tone }: { readonly tone: Tone }) {
  return (
    <svg
      class="notice__sign"
      viewBox="0 0 20 20"
      width="18"
      height="18"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      aria-hidden="true"
    >
      <circle cx="10" cy="10" r="8.5" />
      {tone === 'good' ? <path d="m6.5 10.3 2.4 2.4 4.6-5" /> : <path d="M10 5.8v5M10 14v.2" />}
    </svg>
  );
}
