/** Users and their passwords. Usernames are in lower case, passwords normalised. */
export interface DirectoryUsers {
  /** Creates a user, or finds the one that an unfinished registration left. `taken`: it is somebody else's. */
  createUser(username: string): Promise<{ kind: 'created'; userId: string } | { kind: 'taken' }>;
  /** @param userId not the username: that may be somebody else's by the time a slow request gets here */
  setPassword(
    userId: string,
    password: string,
  ): Promise<{ kind: 'set' } | { kind: 'rejected' } | { kind: 'unknown' }>;
  /** Ends every refresh token; access tokens live out their minutes. */
  signOutEverywhere(userId: string): Promise<void>;
  /** Deletes a user for good; one that is not there is no error. */
  deleteUser(userId: string): Promise<void>;
}
