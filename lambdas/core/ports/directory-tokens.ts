import type { Tokens } from '../model/session.ts';

/** The directory's token service. Usernames are in lower case, passwords are normalised. */
export interface DirectoryTokens {
  authenticate(
    username: string,
    password: string,
  ): Promise<{ kind: 'authenticated'; tokens: Tokens } | { kind: 'rejected' }>;
  /** Exchanges a refresh token for a new access and ID token. The refresh token stays valid. */
  refresh(
    refreshToken: string,
  ): Promise<{ kind: 'refreshed'; tokens: Tokens } | { kind: 'rejected' }>;
  /** Ends a session. An unknown token is not an error, because its session has already ended. */
  revoke(refreshToken: string): Promise<void>;
}
