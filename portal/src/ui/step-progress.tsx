import { t } from '../i18n/index.ts';

export interface StepProgressProps {
  readonly names: readonly string[];
  /** Index of the current step, from 0. */
  readonly current: number;
}

/** Shows which step of a flow this is, in words and as a line. */
export function StepProgress({ names, current }: StepProgressProps) {
  return (
    <div class="steps">
      <p>{t('step', { step: current + 1, steps: names.length, name: names[current] ?? '' })}</p>
      <ol class="steps__track" aria-hidden="true">
        {names.map((name, index) => (
          <li key={name} data-reached={index <= current || undefined} />
        ))}
      </ol>
    </div>
  );
}

/** The progress of a flow. @param nameOf the name that is shown of a step, in the page's language */
export const progressOf =
  <const Step extends string>(steps: readonly Step[], nameOf: (step: Step) => string) =>
  (step: Step): StepProgressProps => ({ names: steps.map(nameOf), current: steps.indexOf(step) });
