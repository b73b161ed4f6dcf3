import { useId } from 'preact/hooks';
import { t } from '../i18n/index.ts';

const kept = 'hawiya.theme';
const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Light or dark, or as the device has it. */
export function ThemeChoice() {
  const id = useId();
  const now = document.documentElement.dataset['theme'] ?? 'auto';
  return (
    <span class="footer__theme">
      <label for={id}>{t('theme.label')}</label>
      <select
        id={id}
        value={now}
        onChange={({ currentTarget }) => choose(currentTarget.value as Theme)}
      >
        {themes.map((theme) => (
          <option key={theme} value={theme}>
            {t(`theme.${theme}`)}
          </option>
        ))}
      </select>
    </span>
  );
}

function choose(theme: Theme): void {
  const { dataset } = document.documentElement;
  try {
    if (theme === 'auto') localStorage.removeItem(kept);
    else localStorage.setItem(kept, theme);
  } catch {
    // Storage may be switched off: it holds for this visit.
  }
  if (theme === 'auto') delete dataset['theme'];
  else dataset['theme'] = theme;
  for (const bar of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]'))
    bar.setAttribute('media', mediaOf(bar.dataset['theme'], theme));
}

/** When the browser's own bar has the colour of a theme. */
function mediaOf(own: string | undefined, chosen: Theme): string {
  if (chosen === 'auto') return `(prefers-color-scheme: ${own})`;
  return own === chosen ? 'all' : 'not all';
}
