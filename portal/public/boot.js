// Sets the last chosen language and theme before the first paint, so that the page does not flash or change direction.
(() => {
  // The page's own script cannot report that it failed to load.
  addEventListener(
    'error',
    ({ target }) => {
      if (target instanceof HTMLScriptElement) showLoadFailure();
    },
    true,
  );
  const root = document.documentElement;
  let language;
  let theme;
  try {
    language = localStorage.getItem('hawiya.language');
    theme = localStorage.getItem('hawiya.theme');
  } catch {
    // Storage is switched off: each visit starts in Arabic, in the device's theme.
  }
  if (language === 'en') {
    root.lang = 'en';
    root.dir = 'ltr';
  }
  if (theme !== 'light' && theme !== 'dark') return;
  root.dataset.theme = theme;
  // Colour the browser's own bar, too.
  for (const bar of document.querySelectorAll('meta[name=theme-color]'))
    bar.setAttribute('media', bar.dataset.theme === theme ? 'all' : 'not all');

  function showLoadFailure() {
    const container = document.getElementById('portal');
    if (!container || container.childElementCount > 0) return;
    const texts = {
      ar: [
        'تعذّر تحميل البوابة',
        'تحقق من اتصالك بالإنترنت. إن تكرر ذلك فاتصل بنا على 937.',
        'أعد المحاولة',
      ],
      en: [
        'The portal did not load',
        'Check your connection. If it happens again, call us on 937.',
        'Try again',
      ],
    };
    const [title, text, again] = texts[root.lang] ?? texts.ar;
    const add = (name, content, parent) => {
      const element = document.createElement(name);
      element.textContent = content;
      parent.append(element);
      return element;
    };
    const main = add('main', '', container);
    main.className = 'main';
    add('h1', title, main);
    add('p', text, main).setAttribute('role', 'alert');
    const button = add('button', again, main);
    button.className = 'button button--first';
    button.addEventListener('click', () => location.reload());
    document.title = title;
  }
})();
