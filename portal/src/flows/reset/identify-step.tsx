import { useEffect, useMemo } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { nationalIdField, usernameField } from '../../rules/check-fields.ts';
import { entryOf } from '../../state/flow.ts';
import { useFollowedFields } from '../../state/follow-fields.ts';
import { validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { CookiesBlocked } from '../../ui/cookies-blocked.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { NationalIdField } from '../../ui/national-id-field.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { canContinue } from '../challenge/challenge.ts';
import { draft, flow, progress } from './steps.ts';

interface Pair {
  readonly username: string;
  readonly nationalId: string;
}

/** Takes the username and the national ID. The page shows the same for every pair: only the SMS shows a match. */
export function IdentifyStep({ known }: { readonly known: string | undefined }) {
  const { username, nationalId } = useFields(known);
  const start = useTask(async (pair: Pair, call) => {
    const { challenge } = started(pair) ?? (await client.startPasswordReset(pair, call));
    const { username } = pair;
    draft.value = { ...pair, challenge };
    // Keep the username in this entry: back and reload show it again.
    flow.replace({ step: 'who', username });
    flow.go({ step: challenge.sent ? 'code' : 'send', challenge, username });
  });

  async function submit(): Promise<void> {
    if (!validateFields([username, nationalId])) return;
    await start.run({ username: username.value.value, nationalId: nationalId.value.value });
    showServerErrors(start, [username, nationalId]);
  }

  return (
    <Page
      title={t('reset:identify.title')}
      flowTitle={t('reset:title')}
      lead={t('reset:identify.lead')}
      steps={progress('who')}
    >
      <FailureNotice failure={start.failure.value} onRetry={submit} />
      <CookiesBlocked />
      <Form onSubmit={submit}>
        <Field field={username} label={t('reset:identify.username')} autocomplete="username" ltr />
        <NationalIdField
          field={nationalId}
          label={t('reset:identify.nationalId')}
          hint={t('reset:identify.nationalIdHint')}
        />
        <Button submit busy={start.busy.value}>
          {t('reset:identify.next')}
        </Button>
      </Form>
      <p>
        <Link to={paths.username} class="way">
          {t('reset:identify.forgotUsername')}
        </Link>
      </p>
      <p>
        {t('reset:identify.remembered')}{' '}
        <Link
          to={paths.login}
          class="way"
          state={entryOf(paths.login, { step: 'password', username: username.value.value })}
        >
          {t('logIn')}
        </Link>
      </p>
    </Page>
  );
}

/** The challenge of a person who went back and submits the same pair. */
function started({ username, nationalId }: Pair) {
  const { challenge, ...before } = draft.peek();
  const same = before.username === username && before.nationalId === nationalId;
  return same && canContinue(challenge) ? { challenge } : undefined;
}

/** Creates the fields with what was typed before, here or at the login. */
function useFields(known: string | undefined) {
  const fields = useMemo(() => {
    const before = draft.peek();
    return {
      username: usernameField(known || before.username),
      nationalId: nationalIdField(before.nationalId),
    };
  }, []);
  const { username, nationalId } = fields;
  useFollowedFields(draft, [username, nationalId]);
  useEffect(
    () => () => {
      draft.value = {
        ...draft.peek(),
        username: username.value.peek(),
        nationalId: nationalId.value.peek(),
      };
    },
    [username, nationalId],
  );
  return fields;
}
