import { useId, useMemo } from 'preact/hooks';
import { leftToRight, t } from '../../i18n/index.ts';
import { createField, type FieldState } from '../../state/form.ts';
import { useTerms } from '../../state/terms.ts';
import { LoadingOrFailure } from '../../ui/loading-or-failure.tsx';
import { TermsText } from '../../ui/terms-text.tsx';
import { ToneIcon } from '../../ui/tone-icon.tsx';

/**
 * The field in which a person accepts the terms. Its value is the version that was accepted.
 * @param accepted the version that was accepted before
 * @param missing the error text if the terms were not accepted
 */
export function useAcceptedTerms(accepted: string, missing: () => string) {
  const field = useMemo(() => createField('terms', accepted, undefined, missing), []);
  const { terms, again, announceAndLoad } = useTerms();
  return {
    field,
    /** Loads the terms again: the server calls the accepted version outdated. */
    again,
    /** The version shown now; undefined while it is loading. It clears an acceptance of an older version. */
    takeVersion(): string | undefined {
      const version = terms.value?.version;
      if (version === undefined) announceAndLoad();
      if (field.value.value !== version) field.value.value = '';
      return version;
    },
  };
}

interface AcceptTermsFieldProps {
  /** Its value is the version that was accepted. */
  readonly field: FieldState;
}

/** Shows the terms of use, and a checkbox that accepts them by title and version. */
export function AcceptTermsField({ field }: AcceptTermsFieldProps) {
  const { terms, failure, again } = useTerms();
  const id = useId();
  const shown = terms.value;
  const error = field.error.value?.();
  if (!shown) return <LoadingOrFailure failure={failure.value} onRetry={again} />;
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
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? id : undefined}
          onChange={({ currentTarget }) => {
            field.value.value = currentTarget.checked ? version : '';
            field.error.value = undefined;
          }}
        />
        <span>{t('register:details.accept', { title, version: leftToRight(version) })}</span>
      </label>
      {error && (
        <p class="field__error" id={id}>
          <ToneIcon tone="wrong" />
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}
