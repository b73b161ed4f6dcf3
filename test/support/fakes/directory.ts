import { randomUUID } from 'node:crypto';
import type { DirectoryTokens } from '#core/ports/directory-tokens.ts';
import type { DirectoryUsers } from '#core/ports/directory-users.ts';
import type { Clock } from '#core/system.ts';

interface User {
  readonly userId: string;
  password?: string;
}

interface SignIn {
  readonly username: string;
  readonly originJti: string;
  readonly authTime: number;
}

/** Users, passwords and tokens in memory: both directory ports on one pool. */
export function fakeDirectory(
  clock: Clock = () => Math.floor(Date.now() / 1000),
): DirectoryUsers & DirectoryTokens {
  const users = new Map<string, User>();
  const refreshTokens = new Map<string, SignIn>();

  function issue(refreshToken: string, { username, originJti, authTime }: SignIn) {
    const sub = users.get(username)?.userId;
    const claims = { sub, username, origin_jti: originJti, auth_time: authTime, jti: randomUUID() };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const [accessToken, idToken] = [`access.${payload}.`, `id.${payload}.`];
    return { accessToken, idToken, refreshToken, expiresIn: 900 };
  }

  const entryOf = (userId: string): [string?, User?] =>
    [...users].find(([, user]) => user.userId === userId) ?? [];

  return {
    async createUser(username) {
      const user = users.get(username) ?? { userId: randomUUID() };
      users.set(username, user);
      return { kind: 'created', userId: user.userId };
    },
    async setPassword(userId, password) {
      const [, user] = entryOf(userId);
      if (!user) return { kind: 'unknown' };
      if (password.length < 12) return { kind: 'rejected' };
      user.password = password;
      return { kind: 'set' };
    },
    async signOutEverywhere(userId) {
      const [username] = entryOf(userId);
      for (const [token, signIn] of refreshTokens) {
        if (signIn.username === username) refreshTokens.delete(token);
      }
    },
    async deleteUser(userId) {
      for (const [username, user] of users) {
        if (user.userId !== userId) continue;
        users.delete(username);
        for (const [token, signIn] of refreshTokens) {
          if (signIn.username === username) refreshTokens.delete(token);
        }
      }
    },
    async authenticate(username, password) {
      const right = users.get(username)?.password === password;
      if (!right) return { kind: 'rejected' };
      const refreshToken = randomUUID();
      const signIn = { username, originJti: randomUUID(), authTime: clock() };
      refreshTokens.set(refreshToken, signIn);
      return { kind: 'authenticated', tokens: issue(refreshToken, signIn) };
    },
    async refresh(refreshToken) {
      const signIn = refreshTokens.get(refreshToken);
      if (!signIn) return { kind: 'rejected' };
      return { kind: 'refreshed', tokens: issue(refreshToken, signIn) };
    },
    async revoke(refreshToken) {
      refreshTokens.delete(refreshToken);
    },
  };
}
