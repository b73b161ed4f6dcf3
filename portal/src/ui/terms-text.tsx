import type { Terms } from '../state/terms.ts';

/** The terms of use, as the API sent them. */
export const TermsText = ({ terms }: { readonly terms: Terms }) => (
  <div class="stack" lang={terms.language}>
    <p>{terms.introduction}</p>
    <ol class="points">
      {terms.points.map((point) => (
        <li key={point}>{point}</li>
      ))}
    </ol>
  </div>
);
