import type { Tokens } from '../model/session.ts';

/** Where tokens come from. Usernames are in lower case, passwords normalised. */
export interface DirectoryTokens {
  authenticate(
    username: string,
    password: string,
  ): Promise<{ kind: 'authenticated'; tokens: Tokens } | { kind: 'rejected' }>;
  /** Exchanges a refresh token for a fresh access and ID token; it stays good itself. */
  refresh(
    refreshToken: string,
  ): Promise<{ kind: 'refreshed'; tokens: Tokens } | { kind: 'rejected' }>;
  /** Ends a session. Unknown tokens are no error: whoever calls wants it over, and it is. */
  revoke(refreshToken: string): Promise<void>;
}
