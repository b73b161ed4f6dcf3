import { useSignal } from '@preact/signals';
import { t } from '../../i18n/index.ts';
import { announce } from '../../state/announce.ts';
import { Button } from '../../ui/button.tsx';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const said = useSignal<'account:copied' | 'account:copyFailed' | undefined>(undefined);
  async function copy(): Promise<void> {
    // Old browsers have none, and people may refuse it.
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    said.value = done ? 'account:copied' : 'account:copyFailed';
    announce(t(said.value));
  }
  return (
    <div>
      <Button kind="text" onPress={copy}>
        {label}
      </Button>
      {said.value && <p class="small soft">{t(said.value)}</p>}
    </div>
  );
}
