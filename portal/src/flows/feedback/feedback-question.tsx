import './texts.ts';
import './feedback.css';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import type { FeedbackFlow } from '../../state/finished-flow.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { Notice } from '../../ui/notice.tsx';

interface FeedbackQuestionProps {
  readonly flow: FeedbackFlow;
}

/** Asks whether a flow worked. The answer travels alone: flow, and yes or no. */
export default function FeedbackQuestion({ flow }: FeedbackQuestionProps) {
  const id = useId();
  const answered = useSignal<boolean | undefined>(undefined);
  const give = useTask(async (worked: boolean, { signal }) => {
    await client.giveFeedback({ flow, worked }, { signal });
    answered.value = worked;
  });
  return (
    <section class="feedback stack no-print" aria-labelledby={id}>
      <h2 id={id}>{t('feedback:question')}</h2>
      {answered.value === undefined ? (
        <>
          <div class="feedback__answers">
            <Button kind="second" busy={give.busy.value} onPress={() => give.run(true)}>
              {t('feedback:yes')}
            </Button>
            <Button kind="second" busy={give.busy.value} onPress={() => give.run(false)}>
              {t('feedback:no')}
            </Button>
          </div>
          {give.failure.value && <p role="alert">{t('feedback:lost')}</p>}
          <p class="small soft">{t('feedback:about')}</p>
        </>
      ) : (
        <Thanks worked={answered.value} />
      )}
    </section>
  );
}

/** Takes the focus from the pressed button, which is gone. */
const Thanks = ({ worked }: { readonly worked: boolean }) =>
  worked ? (
    <Notice tone="good" title={t('feedback:thanks')} urgent />
  ) : (
    <Notice title={t('feedback:sorry')} urgent>
      <p>
        <Link to={paths.help} class="way">
          {t('feedback:help')}
        </Link>
      </p>
      <a class="way" href="tel:937">
        {t('call')}
      </a>
    </Notice>
  );
