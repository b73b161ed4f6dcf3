import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';

const STORAGE_KEY = 'hawiya.theme';
const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Chooses light, dark, or the device's own setting. */
export function ThemeChoice() {
  const id = useId();
  const now = document.documentElement.dataset['theme'] ?? 'auto';
  const select = useRef<HTMLSelectElement>(null);
  // Every visitor gets the same first screen in the HTML file, and hydration leaves values as they are.
  useLayoutEffect(() => {
    if (select.current) select.current.value = now;
  }, []);
  return (
    <span class="footer__theme">
      <label for={id}>{t('theme.label')}</label>
      <select
        ref={select}
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
    if (theme === 'auto') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Storage is switched off: the choice lasts until the page is closed.
  }
  if (theme === 'auto') delete dataset['theme'];
  else dataset['theme'] = theme;
  for (const bar of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]'))
    bar.setAttribute('media', mediaOf(bar.dataset['theme'], theme));
}

/** The media query under which the browser's own bar takes a theme's colour. */
function mediaOf(own: string | undefined, chosen: Theme): string {
  if (chosen === 'auto') return `(prefers-color-scheme: ${own})`;
  return own === chosen ? 'all' : 'not all';
}
