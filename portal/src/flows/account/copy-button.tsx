import { useSignal } from '@preact/signals';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { Button } from '../../ui/button.tsx';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

/** Copies a text to the clipboard, and says whether that worked. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const outcome = useSignal<'account:copied' | 'account:copyFailed' | undefined>(undefined);
  async function copy(): Promise<void> {
    // Old browsers have no clipboard API, and the person may refuse it.
    const copied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    outcome.value = copied ? 'account:copied' : 'account:copyFailed';
    announce(t(outcome.value));
  }
  return (
    <div>
      <Button kind="text" onPress={copy}>
        {label}
      </Button>
      {outcome.value && <p class="small soft">{t(outcome.value)}</p>}
    </div>
  );
}
