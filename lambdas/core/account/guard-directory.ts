import { createCircuit } from '../model/circuit.ts';
import { DirectoryUnavailable } from '../model/directory-unavailable.ts';
import type { DirectoryTokens } from '../ports/directory-tokens.ts';
import type { DirectoryUsers } from '../ports/directory-users.ts';
import type { Clock } from '../system.ts';

/*
 * A circuit before each operation of the directory, in the memory of one sandbox. While the directory throttles, further
 * calls would only lengthen that. The directory's quotas belong to kinds of operations, so each has its own circuit.
 * The state depends on no person, so an open circuit tells nothing about one.
 */

const circuitOptions = { failuresToOpen: 3, openSeconds: 5 };

/** Asks the directory for tokens only while its circuits admit that. An open circuit throws DirectoryUnavailable. */
export function guardDirectoryTokens(clock: Clock, directory: DirectoryTokens): DirectoryTokens {
  const [authenticate, refresh, revoke] = [guard(clock), guard(clock), guard(clock)];
  return {
    authenticate: (...who) => authenticate(() => directory.authenticate(...who)),
    refresh: (token) => refresh(() => directory.refresh(token)),
    revoke: (token) => revoke(() => directory.revoke(token)),
  };
}

/** The same for users and their passwords. */
export function guardDirectoryUsers(clock: Clock, directory: DirectoryUsers): DirectoryUsers {
  const [createUser, setPassword] = [guard(clock), guard(clock)];
  const [signOutEverywhere, deleteUser] = [guard(clock), guard(clock)];
  return {
    createUser: (username) => createUser(() => directory.createUser(username)),
    setPassword: (...of) => setPassword(() => directory.setPassword(...of)),
    signOutEverywhere: (userId) => signOutEverywhere(() => directory.signOutEverywhere(userId)),
    deleteUser: (userId) => deleteUser(() => directory.deleteUser(userId)),
  };
}

function guard(clock: Clock) {
  const circuit = createCircuit(clock, circuitOptions);
  return async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    if (!circuit.admits()) {
      throw new DirectoryUnavailable(false, { retryAfter: circuit.secondsLeft() });
    }
    circuit.asked();
    try {
      const answer = await ask();
      circuit.succeeded();
      return answer;
    } catch (error) {
      if (error instanceof DirectoryUnavailable) circuit.failed();
      else circuit.passed();
      throw error;
    }
  };
}
