import { useId } from 'preact/hooks';
import { leftToRight, t } from '../../i18n/index.ts';
import type { FieldState } from '../../state/form.ts';
import { useTerms } from '../../state/terms.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { LoadingMessage } from '../../ui/spinner.tsx';
import { TermsText } from '../../ui/terms-text.tsx';
import { ToneIcon } from '../../ui/tone-icon.tsx';

interface AcceptTermsFieldProps {
  /** Its value is the version that was accepted. */
  readonly field: FieldState;
}

/** Reads the terms where one is, and accepts them by name and version. */
export function AcceptTermsField({ field }: AcceptTermsFieldProps) {
  const { terms, failure, again } = useTerms();
  const id = useId();
  const shown = terms.value;
  const wrong = field.error.value?.();
  if (!shown) {
    return failure.value ? (
      <FailureNotice failure={failure.value} onRetry={again} />
    ) : (
      <LoadingMessage />
    );
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
            field.error.value = undefined;
          }}
        />
        <span>{t('register:details.accept', { title, version: leftToRight(version) })}</span>
      </label>
      {wrong && (
        <p class="field__error" id={id}>
          <ToneIcon tone="wrong" />
          <span>{wrong}</span>
        </p>
      )}
    </div>
  );
}
