import { leftToRight, t } from '../../i18n/index.ts';
import { useTerms } from '../../state/terms.ts';
import { LoadingOrFailure } from '../../ui/loading-or-failure.tsx';
import { Page } from '../../ui/page.tsx';
import { TermsText } from '../../ui/terms-text.tsx';

export default function TermsPage() {
  const { terms, failure, again } = useTerms();
  const shown = terms.value;
  return (
    <Page title={t('terms')} lead={shown && t('version', { version: leftToRight(shown.version) })}>
      {shown ? (
        <TermsText terms={shown} />
      ) : (
        <LoadingOrFailure failure={failure.value} onRetry={again} />
      )}
    </Page>
  );
}
