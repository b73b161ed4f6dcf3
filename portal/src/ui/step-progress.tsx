import { t } from '../i18n/index.ts';

export interface StepProgressProps {
  readonly names: readonly string[];
  /** Of the step that is shown, from 0. */
  readonly at: number;
}

/** How far one is, in words and as a line. */
export function StepProgress({ names, at }: StepProgressProps) {
  return (
    <div class="steps">
      <p>{t('step', { step: at + 1, steps: names.length, name: names[at] ?? '' })}</p>
      <ol class="steps__track" aria-hidden="true">
        {names.map((name, index) => (
          <li key={name} data-reached={index <= at || undefined} />
        ))}
      </ol>
    </div>
  );
}
