/** Hawiya's logo: the letter ه drawn as a fingerprint. */
export const Logo = () => (
  <svg
    class="wordmark__mark"
    viewBox="0 0 32 32"
    fill="none"
    stroke="currentColor"
    stroke-width="2.6"
    stroke-linecap="round"
    aria-hidden="true"
  >
    <path d="M16 3.5c7 0 12.5 5.4 12.5 12.3 0 7.3-5.7 12.7-12.5 12.7S3.5 23.1 3.5 16.2" />
    <path d="M9.7 16.2c0-3.6 2.8-6.4 6.3-6.4s6.3 2.8 6.3 6.2-2.7 6.3-6.2 6.3" />
    <circle cx="16" cy="16.1" r="1.2" fill="currentColor" />
  </svg>
);
