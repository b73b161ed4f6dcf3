import type { ComponentChildren } from 'preact';
import type { Path } from '../../paths.ts';
import { Link } from './link.tsx';

/** The CSS blocks of row links, and the arrow of each. */
const arrows = {
  door: 'M5 12h14M13 6l6 6-6 6',
  ways: 'm9 5 7 7-7 7',
} as const;

export interface RowLinkProps {
  readonly to: Path;
  readonly block: keyof typeof arrows;
  readonly class: string;
  readonly name: string;
  readonly about?: ComponentChildren;
}

/** A link that fills a row: a name, what the page is about, and an arrow. */
export const RowLink = ({ to, block, class: className, name, about }: RowLinkProps) => (
  <Link to={to} class={className}>
    <span>
      <span class={`${block}__name`}>{name}</span>
      {about && <span class={`${block}__about`}>{about}</span>}
    </span>
    <svg
      class={`${block}__arrow`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      aria-hidden="true"
    >
      <path d={arrows[block]} />
    </svg>
  </Link>
);
