import { t } from '../../i18n/index.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { flow, recoveryCodes } from './authenticator-steps.ts';
import { CopyButton } from './copy-button.tsx';
import { saveFile } from './save-file.ts';

/** Shows the recovery codes, once. */
export function RecoveryCodesStep({ flowTitle }: { readonly flowTitle: string }) {
  const codes = recoveryCodes.value;
  return (
    <Page
      title={t('account:codes.title')}
      flowTitle={flowTitle}
      lead={codes && t('account:codes.lead')}
    >
      {codes ? (
        <Codes codes={codes} />
      ) : (
        <Notice tone="warn" title={t('account:codes.gone')} urgent>
          <p>{t('account:codes.goneText')}</p>
        </Notice>
      )}
      <div class="no-print">
        <Button onPress={codes ? keepCodes : forgetCodes}>
          {t(codes ? 'account:codes.kept' : 'account:codes.toFactors')}
        </Button>
      </div>
    </Page>
  );
}

function forgetCodes(): void {
  recoveryCodes.value = undefined;
  flow.replace({ step: 'factors' });
}

function keepCodes(): void {
  forgetCodes();
  markFinished('authenticator');
}

function Codes({ codes }: { readonly codes: readonly string[] }) {
  const text = `${codes.join('\n')}\n`;
  const save = () =>
    saveFile(
      'hawiya-recovery-codes.txt',
      'text/plain;charset=utf-8',
      `${t('account:codes.fileHead')}\n\n${text}`,
    );
  return (
    <>
      <ol class="codes">
        {codes.map((code) => (
          <li key={code} class="ltr" translate={false}>
            {code}
          </li>
        ))}
      </ol>
      <div class="codes__ways no-print">
        <CopyButton text={text} label={t('account:codes.copy')} />
        <Button kind="text" onPress={() => print()}>
          {t('account:codes.print')}
        </Button>
        <Button kind="text" onPress={save}>
          {t('account:codes.save')}
        </Button>
      </div>
      <p>{t('account:codes.where')}</p>
    </>
  );
}
