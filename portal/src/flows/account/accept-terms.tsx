import '../register/texts.ts';
import { type Signal, useSignal } from '@preact/signals';
import { t } from '../../i18n/index.ts';
import { validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { AcceptTermsField, useAcceptedTerms } from '../register/accept-terms-field.tsx';
import { rememberAccount } from './account-state.ts';

/** Asks the person to accept new terms. Renders nothing if the accepted terms are current. */
export function AcceptTerms({ outdated }: { readonly outdated: boolean }) {
  const accepted = useSignal(false);
  if (outdated) return <AcceptTermsForm accepted={accepted} />;
  return accepted.value && <Notice tone="good" title={t('account:terms.accepted')} urgent />;
}

function AcceptTermsForm({ accepted }: { readonly accepted: Signal<boolean> }) {
  const terms = useAcceptedTerms('', () => t('account:terms.must'));
  const accept = useTask(async (termsVersion: string) => {
    const { account } = await client.acceptTerms({ termsVersion });
    accepted.value = true;
    rememberAccount(account);
  });

  async function submit(): Promise<void> {
    const version = terms.takeVersion();
    if (!validateFields([terms.field]) || version === undefined) return;
    await accept.run(version);
    if (accept.failure.value?.kind === 'terms_outdated') terms.again();
  }

  return (
    <section class="stack">
      <Notice tone="warn" title={t('account:terms.title')}>
        <p>{t('account:terms.text')}</p>
      </Notice>
      <FailureNotice failure={accept.failure.value} onRetry={submit} />
      <Form onSubmit={submit}>
        <AcceptTermsField field={terms.field} />
        <Button submit busy={accept.busy.value}>
          {t('account:terms.accept')}
        </Button>
      </Form>
    </section>
  );
}
