import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { focusField, wrongFields } from '../state/form.ts';
import { ToneIcon } from './tone-icon.tsx';

/**
 * Lists the fields that were wrong when the form was submitted, if there are several, and takes the focus. Each leads to
 * its field. The list stays as it is until the next time: a row that goes away would move the field under a person's hands.
 */
export function ErrorSummary() {
  const box = useRef<HTMLDivElement>(null);
  const wrong = wrongFields.value;
  const isShown = wrong.length > 1;
  useLayoutEffect(() => {
    if (isShown) box.current?.focus();
  }, [isShown, wrong]);
  useLayoutEffect(
    () => () => {
      wrongFields.value = [];
    },
    [],
  );
  if (!isShown) return null;
  return (
    <div ref={box} class="notice notice--wrong" role="alert" tabIndex={-1}>
      <ToneIcon tone="wrong" />
      <div>
        <p class="notice__title">{t('problem.invalid_request.title')}</p>
        <ul class="plain">
          {wrong.map(({ field: { name, label }, error }) => (
            <li key={name}>
              <a
                class="way"
                href={`#${name}`}
                onClick={(event) => {
                  // The browser's jump would add an entry without a step to the history.
                  event.preventDefault();
                  focusField(name);
                }}
              >
                {label.value && `${label.value}: `}
                {error()}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
