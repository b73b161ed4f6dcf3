import { client } from '../../state/session.ts';
import type { TaskCall } from '../../state/task.ts';
import { type CodeState, flow, isPhoneFirst, showPageAfterLogin } from './steps.ts';

/**
 * Goes on with the ticket of a code. That of a second factor opens the session, and the page that the person wanted
 * appears. That of a phone that was proved first goes along with the password.
 */
export const completeLogin =
  (now: CodeState) =>
  async (ticket: string, { signal, idempotencyKey }: TaskCall): Promise<void> => {
    const { ownDevice, then, username } = now;
    if (isPhoneFirst(now)) {
      return flow.replace({ step: 'password', username, ownDevice, then, ticket });
    }
    await client.completeLogin({ ticket, ownDevice }, { signal, idempotencyKey });
    showPageAfterLogin(then);
  };
