import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { entry } from '../state/router.ts';
import { StepProgress, type StepProgressProps } from './step-progress.tsx';

/** The id of a page's lead. A field can name it as its description. */
export const leadId = 'lead';

interface PageProps {
  readonly title: string;
  /** The title of the window, if it is not the heading. */
  readonly windowTitle?: string;
  readonly lead?: ComponentChildren;
  readonly steps?: StepProgressProps;
  /** The `name` of the page's only field. The field takes the focus instead of the heading. */
  readonly field?: string;
  readonly children?: ComponentChildren;
}

/**
 * A page, or a step of a flow. Its heading takes the focus after a navigation inside the portal, so that a screen reader
 * continues there. It also sets the window's title. Give each step a `key`.
 */
export function Page({ title, windowTitle = title, lead, steps, field, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the paint: a person who types at once must not lose the focus to the heading.
  useLayoutEffect(() => {
    if (!entry.peek().arrived) return;
    const input = field === undefined ? undefined : document.getElementsByName(field)[0];
    // A field below the fold of a zoomed page or of a phone on its side is scrolled into view. The heading is on top anyway.
    if (input) input.focus();
    else heading.current?.focus({ preventScroll: true });
  }, []);
  const documentTitle = t('titleOf', { page: windowTitle });
  useEffect(() => {
    document.title = documentTitle;
  }, [documentTitle]);
  return (
    <div class="page">
      {steps && <StepProgress {...steps} />}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead && (
        <p class="page__lead" id={leadId}>
          {lead}
        </p>
      )}
      <div class="page__body stack">{children}</div>
    </div>
  );
}
