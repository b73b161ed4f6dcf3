import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { isAnyWrong } from '../state/form.ts';
import { entry } from '../state/router.ts';
import { StepProgress, type StepProgressProps } from './step-progress.tsx';

/** The id of a page's lead. A field can name it as its description. */
export const leadId = 'lead';

interface PageProps {
  readonly title: string;
  /** The title of the window, if it is not the heading. */
  readonly windowTitle?: string;
  /** The name of the flow that this is a step of. The window's title has it after the heading. */
  readonly flowTitle?: string;
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
export function Page(props: PageProps) {
  const { title, lead, steps, field, children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the paint: a person who types at once must not lose the focus to the heading.
  useLayoutEffect(() => {
    if (!entry.peek().arrived) return;
    const input = field === undefined ? undefined : document.getElementsByName(field)[0];
    // A field below the fold of a zoomed page or of a phone on its side is scrolled into view. The heading is on top anyway.
    if (input) input.focus();
    else heading.current?.focus({ preventScroll: true });
  }, []);
  const documentTitle = documentTitleOf(props);
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

/** Differs from step to step, and says first if something is wrong: screen readers read it first. */
function documentTitleOf({ title, windowTitle = title, flowTitle = windowTitle }: PageProps) {
  const page = flowTitle === windowTitle ? windowTitle : `${windowTitle} · ${flowTitle}`;
  const whole = t('titleOf', { page });
  return isAnyWrong.value ? t('errorTitle', { title: whole }) : whole;
}
