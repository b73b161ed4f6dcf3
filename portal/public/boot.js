// Before the first paint, so that nobody sees the page turn around or flash: language and theme as last chosen.
(() => {
  const root = document.documentElement;
  let language;
  let theme;
  try {
    language = localStorage.getItem('hawiya.language');
    theme = localStorage.getItem('hawiya.theme');
  } catch {
    // Storage may be switched off: then each visit starts in Arabic, in the device's theme.
  }
  if (language === 'en') {
    root.lang = 'en';
    root.dir = 'ltr';
  }
  if (theme !== 'light' && theme !== 'dark') return;
  root.dataset.theme = theme;
  // The browser's own bar as well.
  for (const bar of document.querySelectorAll('meta[name=theme-color]'))
    bar.setAttribute('media', bar.dataset.theme === theme ? 'all' : 'not all');
})();
