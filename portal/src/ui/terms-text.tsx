import type { Terms } from '../state/terms.ts';

/** The terms as the API has them, in the language of the page. */
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
