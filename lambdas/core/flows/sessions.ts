import type { Ports, Tokens } from '../ports.ts';
import { Problem } from '../problems.ts';

/**
 * Logs in with username and password. The account is looked up whatever the directory says, and the directory
 * asked whatever the account says: wrong password, unknown username and unfinished registration are one answer
 * after the same work. Two AWS calls, in parallel.
 * @throws Problem credentials_incorrect
 */
export const logIn =
  ({ keys, accounts, sessions }: Pick<Ports, 'keys' | 'accounts' | 'sessions'>) =>
  async (input: { readonly username: string; readonly password: string }): Promise<Tokens> => {
    const usernameTag = (await keys()).tag('username', input.username);
    const [account, result] = await Promise.all([
      accounts.find(usernameTag),
      sessions.authenticate(input.username, input.password),
    ]);
    if (result.kind === 'authenticated' && account?.status === 'active') return result.tokens;
    throw new Problem('credentials_incorrect');
  };

/**
 * Exchanges a refresh token for fresh tokens; the old one dies after the rotation's grace (RFC 9700 §4.14.2).
 * One AWS call.
 * @throws Problem unauthenticated where the token is expired, revoked, used before or none of ours
 */
export const refreshSession =
  ({ sessions }: Pick<Ports, 'sessions'>) =>
  async (input: { readonly refreshToken: string }): Promise<Tokens> => {
    const result = await sessions.refresh(input.refreshToken);
    if (result.kind === 'refreshed') return result.tokens;
    throw new Problem('unauthenticated');
  };

/**
 * Ends the session of a refresh token, for good. One AWS call.
 * @throws Problem invalid_request for an access or ID token: the session would live on
 */
export const endSession =
  ({ sessions }: Pick<Ports, 'sessions'>) =>
  async (input: { readonly refreshToken: string }): Promise<void> => {
    const { kind } = await sessions.revoke(input.refreshToken);
    if (kind === 'revoked') return;
    const message = { ar: 'أرسل رمز التحديث.', en: 'Send the refresh token, not another one.' };
    throw new Problem('invalid_request', { errors: [{ path: 'refreshToken', message }] });
  };
