import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { entry } from '../state/router.ts';
import { StepProgress, type StepProgressProps } from './step-progress.tsx';

/** Of what a page says first, for a field that it describes. */
export const leadId = 'lead';

interface PageProps {
  readonly title: string;
  /** Of the window, where it is not the heading. */
  readonly windowTitle?: string;
  readonly lead?: ComponentChildren;
  readonly steps?: StepProgressProps;
  /** The `name` of the one field that the page is for: it takes the focus instead, and the lead describes it. */
  readonly field?: string;
  readonly children?: ComponentChildren;
}

/**
 * A page, or a step of a flow: its heading takes the focus when the person came here by going on, so that a screen reader
 * reads on from there; and the window is named after it. Give each step a `key`.
 */
export function Page({ title, windowTitle = title, lead, steps, field, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the paint: nobody who types at once is to lose the focus to it.
  useLayoutEffect(() => {
    if (!entry.peek().arrived) return;
    const input = field === undefined ? undefined : document.getElementsByName(field)[0];
    (input ?? heading.current)?.focus({ preventScroll: true });
  }, []);
  const named = t('titleOf', { page: windowTitle });
  useEffect(() => {
    document.title = named;
  }, [named]);
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
