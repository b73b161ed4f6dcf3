import type { DirectoryUnavailable } from '../model/directory-unavailable.ts';

/**
 * The directory's users and their passwords. Usernames are in lower case, passwords are normalised. Every call throws
 * {@link DirectoryUnavailable} if the directory gave no answer.
 */
export interface DirectoryUsers {
  /**
   * Creates a user, or finds the user that an unfinished registration left. `taken`: the user with this name was not
   * created by a registration.
   */
  createUser(username: string): Promise<{ kind: 'created'; userId: string } | { kind: 'taken' }>;
  /** @param userId not the username, which may have another owner by the time a slow request calls this */
  setPassword(
    userId: string,
    password: string,
  ): Promise<{ kind: 'set' } | { kind: 'rejected' } | { kind: 'unknown' }>;
  /** Revokes every refresh token of a user. Access tokens stay valid until they expire, minutes later. */
  signOutEverywhere(userId: string): Promise<void>;
  /** Deletes a user permanently. A missing user is not an error. */
  deleteUser(userId: string): Promise<void>;
}
