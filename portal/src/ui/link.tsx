import type { ComponentChildren } from 'preact';
import type { Path } from '../../paths.ts';
import { preload } from '../state/page-loader.ts';
import { entry, go } from '../state/router.ts';

interface LinkProps {
  readonly to: Path;
  /** The state of the new history entry. It carries what was typed here, so that the person does not type it again. */
  readonly state?: unknown;
  readonly children: ComponentChildren;
  readonly class?: string;
}

/** A link to a page of the portal. Hover and focus already load the page's script. */
export function Link({ to, state, children, class: className }: LinkProps) {
  const here = entry.value.path === to;
  return (
    <a
      href={to}
      class={className}
      aria-current={here ? 'page' : undefined}
      onPointerEnter={() => preload(to)}
      onFocus={() => preload(to)}
      onClick={(event) => {
        // Leave a new tab, a download and other mouse buttons to the browser.
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
