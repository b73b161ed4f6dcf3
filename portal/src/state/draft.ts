import { type Signal, signal } from '@preact/signals';
import { session } from './session.ts';

/** Time without a change; about as long as a ticket lives. */
const FORGET_AFTER_MS = 15 * 60_000;

/**
 * Keeps what was typed in a flow, for a person who goes back or starts again. A login, the end of a session, and 15
 * minutes without a change clear it: on a shared device the next person must not find a national ID in a form.
 * @param stored the parts that survive a tab that the phone dropped (decision 50), and the name they are kept under. The
 * others are in memory only.
 */
export function createDraft<T extends object>(empty: T, stored: StoredDraft<T>): Signal<T> {
  const found = readStored(stored);
  const draft = signal(found ? { ...empty, ...found } : empty);
  let before = session.peek();
  session.subscribe((now) => {
    if (now !== before && (now === 'in' || before === 'in')) draft.value = empty;
    before = now;
  });
  clearWhenIdle(draft, empty);
  let isFirst = true;
  draft.subscribe((typed) => {
    // What was found keeps its age.
    if (!isFirst) store(stored, typed);
    isFirst = false;
  });
  return draft;
}

interface StoredDraft<T> {
  readonly name: string;
  readonly parts: readonly (keyof T & string)[];
  /** What must not be stored although its part is: a national ID in the field of a username. */
  readonly isSecret?: (text: string) => boolean;
}

interface Kept {
  /** Epoch milliseconds of the last change. */
  readonly at: number;
  readonly typed: Readonly<Record<string, unknown>>;
}

const keyOf = ({ name }: { readonly name: string }) => `hawiya.draft.${name}`;

/** Only texts are taken, whatever the storage holds. */
function readStored<T>({ name, parts }: StoredDraft<T>): Partial<T> | undefined {
  try {
    const { at, typed } = JSON.parse(sessionStorage.getItem(keyOf({ name })) ?? '') as Kept;
    if (!(Math.abs(Date.now() - at) < FORGET_AFTER_MS)) return undefined;
    const texts = parts.filter((part) => typeof typed[part] === 'string');
    return Object.fromEntries(texts.map((part) => [part, typed[part]])) as Partial<T>;
  } catch {
    // There is nothing, or storage is switched off.
    return undefined;
  }
}

function store<T>({ name, parts, isSecret = () => false }: StoredDraft<T>, draft: T): void {
  const kept = parts.filter((part) => !isSecret(String(draft[part])));
  const typed = Object.fromEntries(kept.map((part) => [part, draft[part]]));
  try {
    if (kept.every((part) => !draft[part])) sessionStorage.removeItem(keyOf({ name }));
    else sessionStorage.setItem(keyOf({ name }), JSON.stringify({ at: Date.now(), typed }));
  } catch {
    // Storage is switched off: a dropped tab loses what was typed.
  }
}

function clearWhenIdle<T>(draft: Signal<T>, empty: T): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let clearAt = Number.POSITIVE_INFINITY;
  draft.subscribe((typed) => {
    clearTimeout(timer);
    clearAt = typed === empty ? Number.POSITIVE_INFINITY : Date.now() + FORGET_AFTER_MS;
    if (typed !== empty) timer = setTimeout(clear, FORGET_AFTER_MS);
  });
  function clear(): void {
    draft.value = empty;
  }
  // Timers stand still while the page sleeps.
  document.addEventListener('visibilitychange', () => {
    if (Date.now() >= clearAt) clear();
  });
}
