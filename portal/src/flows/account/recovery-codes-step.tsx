import { formatDayAndTime } from '../../i18n/dates.ts';
import { t } from '../../i18n/index.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { flow, type NewCodes, recoveryCodes } from './authenticator-steps.ts';
import { CopyButton } from './copy-button.tsx';
import { saveFile } from './save-file.ts';

/** Shows the recovery codes, once. */
export function RecoveryCodesStep({ flowTitle }: { readonly flowTitle: string }) {
  const made = recoveryCodes.value;
  return (
    <Page
      title={t('account:codes.title')}
      flowTitle={flowTitle}
      lead={made && t('account:codes.lead')}
    >
      {made ? (
        <Codes made={made} />
      ) : (
        <Notice tone="warn" title={t('account:codes.gone')} urgent>
          <p>{t('account:codes.goneText')}</p>
        </Notice>
      )}
      <div class="no-print">
        <Button onPress={made ? keepCodes : forgetCodes}>
          {t(made ? 'account:codes.kept' : 'account:codes.toFactors')}
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

/** Says whose codes they are and of when: on the screen, on paper, in the clipboard and in the file alike. */
function Codes({ made }: { readonly made: NewCodes }) {
  const { codes, username, madeAt } = made;
  const text = asText(made);
  const save = () =>
    saveFile(`hawiya-recovery-codes-${madeAt.slice(0, 10)}.txt`, 'text/plain;charset=utf-8', text);
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{t('account:codes.portal')}</dt>
          <dd>{portalName()}</dd>
        </div>
        <div>
          <dt>{t('account:facts.username')}</dt>
          <dd>
            <span class="ltr" translate={false}>
              {username}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t('account:codes.madeAt')}</dt>
          <dd>{formatDayAndTime(madeAt)}</dd>
        </div>
      </dl>
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

const portalName = () => `${t('name')} · ${t('portal')}`;

function asText({ codes, username, madeAt }: NewCodes): string {
  const about = [
    [t('account:codes.portal'), portalName()],
    [t('account:facts.username'), username],
    [t('account:codes.madeAt'), formatDayAndTime(madeAt)],
  ].map((fact) => fact.join(': '));
  return `${[t('account:codes.fileHead'), ...about, '', ...codes].join('\n')}\n`;
}
