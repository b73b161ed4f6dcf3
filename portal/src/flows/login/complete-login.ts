import { client } from '../../state/session.ts';
import type { TaskCall } from '../../state/task.ts';
import { type CodeState, enter } from './steps.ts';

/** Opens the session with the ticket of a second factor, and goes where the person wanted to go. */
export const completion =
  ({ rememberDevice, then }: CodeState) =>
  async (ticket: string, { signal, idempotencyKey }: TaskCall): Promise<void> => {
    await client.completeLogin({ ticket, rememberDevice }, { signal, idempotencyKey });
    enter(then);
  };
