// Sets the language and the last chosen theme before the first paint, so that the page does not flash or change direction.
// Shows the first screen, which the page's HTML contains in both languages, before the portal's script has arrived.
(() => {
  const firstScreen = 'data-first-screen';
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
    // Storage is switched off: each visit starts in the browser's language, in the device's theme.
  }
  // Nothing chosen yet: the first of the browser's languages that the portal has.
  language ??= navigator.languages
    .map((wanted) => wanted.slice(0, 2).toLowerCase())
    .find((wanted) => wanted === 'ar' || wanted === 'en');
  if (language === 'en') {
    root.lang = 'en';
    root.dir = 'ltr';
  }
  if (theme === 'light' || theme === 'dark') {
    root.dataset.theme = theme;
    // Colour the browser's own bar, too.
    for (const bar of document.querySelectorAll('meta[name=theme-color]'))
      bar.setAttribute('media', bar.dataset.theme === theme ? 'all' : 'not all');
  }
  // The HTML is complete. DOMContentLoaded would wait for the portal's script.
  document.addEventListener('readystatechange', showFirstScreen, { once: true });

  function showFirstScreen() {
    const container = document.getElementById('portal');
    const screen = document.querySelector(`template[lang=${root.lang}]`);
    for (const template of document.querySelectorAll('template')) template.remove();
    // An entry with a state is a later step, which only the portal's script can show.
    if (!container || !screen || history.state !== null) return;
    container.append(screen.content);
    container.setAttribute(firstScreen, '');
    holdPresses(container);
  }

  // Keeps what is pressed before the portal's script listens, and presses it again then. Links work by themselves.
  function holdPresses(container) {
    const held = [];
    const hold = (event) => {
      const pressed = event.type === 'submit' ? event.target : event.target.closest('button');
      if (!pressed || (event.type === 'click' && pressed.type === 'submit')) return;
      // The browser would send the form's fields to a page.
      event.preventDefault();
      if (!held.includes(pressed)) held.push(pressed);
    };
    container.addEventListener('submit', hold);
    container.addEventListener('click', hold);
    container.addEventListener(
      'takeover',
      () => {
        container.removeEventListener('submit', hold);
        container.removeEventListener('click', hold);
        for (const pressed of held) {
          if (pressed instanceof HTMLFormElement)
            pressed.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
          else pressed.click();
        }
      },
      { once: true },
    );
  }

  function showLoadFailure() {
    const container = document.getElementById('portal');
    if (!container) return;
    if (container.childElementCount > 0 && !container.hasAttribute(firstScreen)) return;
    container.replaceChildren();
    container.removeAttribute(firstScreen);
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
