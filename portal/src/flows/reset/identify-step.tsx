import { useEffect, useMemo } from 'preact/hooks';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { checkNationalId, checkUsername } from '../../rules/check-fields.ts';
import { entryOf } from '../../state/flow.ts';
import { createField, validateFields } from '../../state/form.ts';
import { client, serverClock } from '../../state/session.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Link } from '../../ui/link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { draft, flow, progress } from './steps.ts';

interface Pair {
  readonly username: string;
  readonly nationalId: string;
}

/** Whose password it is. Any pair goes on: whether it is somebody's is told by nothing but the SMS. */
export function IdentifyStep({ known }: { readonly known: string | undefined }) {
  const { username, nationalId } = useFields(known);
  const start = useTask(async (pair: Pair, call) => {
    const { challenge } = started(pair) ?? (await client.startPasswordReset(pair, call));
    const { username } = pair;
    draft.value = { ...pair, challenge };
    // So that back and reload find the name here.
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
      title={t('reset:who.title')}
      windowTitle={t('reset:title')}
      lead={t('reset:who.lead')}
      steps={progress('who')}
    >
      <FailureNotice failure={start.failure.value} onRetry={submit} />
      <Form onSubmit={submit}>
        <Field field={username} label={t('reset:who.username')} autocomplete="username" ltr />
        <Field
          field={nationalId}
          label={t('reset:who.nationalId')}
          hint={t('reset:who.nationalIdHint')}
          inputMode="numeric"
          ltr
        />
        <Button submit busy={start.busy.value}>
          {t('reset:who.next')}
        </Button>
      </Form>
      <p>
        {t('reset:who.remembered')}{' '}
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

/** Who went back and comes again with the same pair goes on where they were. */
function started({ username, nationalId }: Pair) {
  const { challenge, ...before } = draft.peek();
  const same = before.username === username && before.nationalId === nationalId;
  const lives = challenge && Date.parse(challenge.expiresAt) > serverClock.now() + 60_000;
  return same && lives ? { challenge } : undefined;
}

/** With what was typed before, here or at the login. */
function useFields(known: string | undefined) {
  const fields = useMemo(() => {
    const before = draft.peek();
    return {
      username: createField('username', known || before.username, checkUsername),
      nationalId: createField('nationalId', before.nationalId, checkNationalId),
    };
  }, []);
  const { username, nationalId } = fields;
  useEffect(
    () => () => {
      const typed = { username: username.value.peek(), nationalId: nationalId.value.peek() };
      draft.value = { ...draft.peek(), ...typed };
    },
    [username, nationalId],
  );
  return fields;
}
