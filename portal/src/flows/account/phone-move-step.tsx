import { useEffect } from 'preact/hooks';
import { type Input, isProblem } from '../../../../client/src/index.ts';
import { t } from '../../i18n/index.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { LoadingMessage } from '../../ui/loading.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import type { StepProgressProps } from '../../ui/step-progress.tsx';
import { rememberAccount } from './account-state.ts';
import { BackToAccount } from './back-to-account.tsx';
import { draft, flow, type Move, startAgain } from './phone-steps.ts';

export interface PhoneMoveStepProps extends Move {
  readonly flowTitle: string;
  readonly steps: StepProgressProps;
}

/** Moves the account to the verified phone. It needs no action of the person, only a network. */
export function PhoneMoveStep(props: PhoneMoveStepProps) {
  const { flowTitle, steps } = props;
  const move = useTask(() => completeMove(props));
  useEffect(() => {
    move.run(undefined);
  }, [move]);
  const failure = move.failure.value;
  return (
    <Page title={t('account:phone.moving')} flowTitle={flowTitle} steps={steps}>
      {failure ? (
        <FailureNotice failure={failure} onRetry={() => move.run(undefined)}>
          {(failure.kind === 'ticket_invalid' || failure.kind === 'phone_full') && (
            <Button onPress={startAgain}>{t('startAgain')}</Button>
          )}
        </FailureNotice>
      ) : (
        <LoadingMessage />
      )}
      <BackToAccount />
    </Page>
  );
}

type Factor = Input<'completePhoneChange'>['secondFactor'];

/** Moves the account and shows the last step. @param secondFactor confirms the change */
export async function completeMove(
  { ticket, destination, before }: Move,
  secondFactor?: Factor,
): Promise<void> {
  const input = { ticket, ...(secondFactor && { secondFactor }) };
  const { account } = await client.completePhoneChange(input).catch(unlessMoved);
  rememberAccount(account);
  draft.value = '';
  flow.replace({ step: 'done', phone: account.phone, ...(secondFactor && { confirmed: true }) });
  markFinished('phone-change');

  /** Handles a ticket that is used up: if the account has the new phone, an earlier answer was lost. */
  async function unlessMoved(error: unknown) {
    if (!isProblem(error, 'ticket_invalid') || before === destination) throw error;
    const answer = await client.readAccount();
    if (answer.account.phone !== destination) throw error;
    return answer;
  }
}
