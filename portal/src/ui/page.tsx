import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { entry } from '../state/router.ts';
import { Steps, type StepsProps } from './steps.tsx';

interface PageProps {
  readonly title: string;
  /** Of the window, where it is not the heading. */
  readonly windowTitle?: string;
  readonly lead?: ComponentChildren;
  readonly steps?: StepsProps;
  readonly children?: ComponentChildren;
}

/**
 * A page, or a step of a flow: its heading takes the focus when the person came here by going on, so that a screen reader
 * reads on from there; and the window is named after it. Give each step a `key`.
 */
export function Page({ title, windowTitle = title, lead, steps, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the paint: nobody who types at once is to lose the focus to it.
  useLayoutEffect(() => {
    if (entry.peek().arrived) heading.current?.focus({ preventScroll: true });
  }, []);
  const named = t('titleOf', { page: windowTitle });
  useEffect(() => {
    document.title = named;
  }, [named]);
  return (
    <div class="page">
      {steps && <Steps {...steps} />}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead && <p class="page__lead">{lead}</p>}
      <div class="page__body stack">{children}</div>
    </div>
  );
}
