import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { Notice } from './notice.tsx';

/** Says what does not work in a browser that keeps no cookies: the session's cookie is what lets a login outlive the page. */
export function CookiesBlocked() {
  const blocked = useSignal(false);
  // After the first render: every visitor gets the same first screen in the HTML file.
  useEffect(() => {
    blocked.value = !navigator.cookieEnabled;
  }, [blocked]);
  if (!blocked.value) return null;
  return (
    <Notice tone="warn" title={t('cookies.title')}>
      <p>{t('cookies.text')}</p>
    </Notice>
  );
}
