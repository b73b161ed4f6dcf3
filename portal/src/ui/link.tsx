import type { ComponentChildren } from 'preact';
import type { Path } from '../../paths.ts';
import { preload } from '../routes.ts';
import { entry, go } from '../state/router.ts';

interface LinkProps {
  readonly to: Path;
  /** What the entry of the history starts with: what was typed here, so that it is not typed again there. */
  readonly state?: unknown;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly label?: string;
}

/** A link to a page of the portal. Its script is fetched as soon as somebody seems to want it. */
export function Link({ to, state, children, class: className, label }: LinkProps) {
  const here = entry.value.path === to;
  return (
    <a
      href={to}
      class={className}
      aria-label={label}
      aria-current={here ? 'page' : undefined}
      onPointerEnter={() => preload(to)}
      onFocus={() => preload(to)}
      onClick={(event) => {
        // A new tab, a download, another button: the browser's to do.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button)
          return;
        event.preventDefault();
        go(to, state);
      }}
    >
      {children}
    </a>
  );
}
