import { useId } from 'preact/hooks';
import { fromLeft, t } from '../../i18n/index.ts';
import type { FieldState } from '../../state/form.ts';
import { useTerms } from '../../state/terms.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Sign } from '../../ui/sign.tsx';
import { Waiting } from '../../ui/spinner.tsx';
import { TermsText } from '../../ui/terms-text.tsx';

interface AcceptanceProps {
  /** Its value is the version that was accepted. */
  readonly field: FieldState;
}

/** Reads the terms where one is, and accepts them by name and version. */
export function Acceptance({ field }: AcceptanceProps) {
  const { terms, failure, again } = useTerms();
  const id = useId();
  const shown = terms.value;
  const wrong = field.wrong.value?.();
  if (!shown) {
    return failure.value ? <FailureNotice failure={failure.value} onRetry={again} /> : <Waiting />;
  }
  const { title, version } = shown;
  return (
    <div>
      <details class="details">
        <summary>{t('register:details.readTerms')}</summary>
        <TermsText terms={shown} />
      </details>
      <label class="choice">
        <input
          type="checkbox"
          name={field.name}
          checked={field.value.value === version}
          aria-required="true"
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? id : undefined}
          onChange={({ currentTarget }) => {
            field.value.value = currentTarget.checked ? version : '';
            field.wrong.value = undefined;
          }}
        />
        <span>{t('register:details.accept', { title, version: fromLeft(version) })}</span>
      </label>
      {wrong && (
        <p class="field__error" id={id}>
          <Sign tone="wrong" />
          <span>{wrong}</span>
        </p>
      )}
    </div>
  );
}
