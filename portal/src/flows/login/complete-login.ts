import { client } from '../../state/session.ts';
import type { TaskCall } from '../../state/task.ts';
import { type CodeState, showPageAfterLogin } from './steps.ts';

/** Opens the session with the ticket of a second factor, and shows the page that the person wanted. */
export const completeLogin =
  ({ ownDevice, then }: CodeState) =>
  async (ticket: string, { signal, idempotencyKey }: TaskCall): Promise<void> => {
    await client.completeLogin({ ticket, ownDevice }, { signal, idempotencyKey });
    showPageAfterLogin(then);
  };
