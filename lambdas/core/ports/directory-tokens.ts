import type { DirectoryUnavailable } from '../model/directory-unavailable.ts';
import type { Tokens } from '../model/session.ts';

/** The directory's answer to a password. */
export type PasswordAnswer =
  | { readonly kind: 'authenticated'; readonly tokens: Tokens }
  | { readonly kind: 'rejected' };

/**
 * The directory's token service. Usernames are in lower case, passwords are normalised. Every call throws
 * {@link DirectoryUnavailable} if the directory gave no answer about the person.
 */
export interface DirectoryTokens {
  /** Makes one call at most: a password whose answer was lost may have been judged. */
  authenticate(username: string, password: string): Promise<PasswordAnswer>;
  /** Exchanges a refresh token for a new access and ID token. The refresh token stays valid. */
  refresh(
    refreshToken: string,
  ): Promise<{ kind: 'refreshed'; tokens: Tokens } | { kind: 'rejected' }>;
  /** Ends a session. An unknown token is not an error, because its session has already ended. */
  revoke(refreshToken: string): Promise<void>;
}
