/**
 * Has every control say what it holds, as if it had just been filled in. Password managers, iOS and scripts fill in fields
 * with a `change` event alone or without any, and a person may type before anything listens.
 */
export function tellControls(container: ParentNode): void {
  for (const control of container.querySelectorAll('input')) {
    const type = control.type === 'checkbox' ? 'change' : 'input';
    control.dispatchEvent(new Event(type, { bubbles: true }));
  }
}
