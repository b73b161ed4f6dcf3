import '../register/texts.ts';
import { type Signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { createField, validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { useTerms } from '../../state/terms.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { AcceptTermsField } from '../register/accept-terms-field.tsx';
import { rememberAccount } from './account-state.ts';

/** Asks for the terms that are new since the person accepted; nothing where they are those. */
export function AcceptTerms({ outdated }: { readonly outdated: boolean }) {
  const accepted = useSignal(false);
  if (outdated) return <Ask accepted={accepted} />;
  return accepted.value && <Notice tone="good" title={t('account:terms.accepted')} urgent />;
}

function Ask({ accepted }: { readonly accepted: Signal<boolean> }) {
  const field = useMemo(
    () => createField('terms', '', undefined, () => t('account:terms.must')),
    [],
  );
  const { terms, again, await: awaitTerms } = useTerms();
  const accept = useTask(async (termsVersion: string) => {
    const { account } = await client.acceptTerms({ termsVersion });
    accepted.value = true;
    rememberAccount(account);
  });

  async function submit(): Promise<void> {
    const version = terms.value?.version;
    if (version === undefined) awaitTerms();
    // Accepted is a version: of terms that have changed since, that is none.
    if (field.value.value !== version) field.value.value = '';
    if (!validateFields([field]) || version === undefined) return;
    await accept.run(version);
    if (accept.failure.value?.kind === 'terms_outdated') again();
  }

  return (
    <section class="stack">
      <Notice tone="warn" title={t('account:terms.title')}>
        <p>{t('account:terms.text')}</p>
      </Notice>
      <FailureNotice failure={accept.failure.value} onRetry={submit} />
      <Form onSubmit={submit}>
        <AcceptTermsField field={field} />
        <Button submit busy={accept.busy.value}>
          {t('account:terms.accept')}
        </Button>
      </Form>
    </section>
  );
}
