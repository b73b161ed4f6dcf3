import { useId } from 'preact/hooks';
import { t } from '../../i18n/index.ts';

interface OwnDeviceProps {
  readonly chosen: { value: boolean };
}

/** Asked before the code step: there a code that the phone fills in is verified at once. */
export function OwnDevice({ chosen }: OwnDeviceProps) {
  const id = useId();
  return (
    <div>
      <label class="choice">
        <input
          type="checkbox"
          checked={chosen.value}
          aria-describedby={id}
          onChange={({ currentTarget }) => {
            chosen.value = currentTarget.checked;
          }}
        />
        <span>{t('login:ownDevice')}</span>
      </label>
      <p class="small soft" id={id}>
        {t('login:ownDeviceHint')}
      </p>
    </div>
  );
}
