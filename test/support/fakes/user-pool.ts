import { randomUUID } from 'node:crypto';
import type { SessionDirectory, UserAdministration } from '../../../lambdas/core/ports.ts';

interface User {
  readonly userId: string;
  password?: string;
}

/** Users, passwords and tokens in memory: both directory ports on one pool. */
export function fakeUserPool(): UserAdministration & SessionDirectory {
  const users = new Map<string, User>();
  const refreshTokens = new Map<string, string>();

  function issue(username: string) {
    const refreshToken = randomUUID();
    refreshTokens.set(refreshToken, username);
    const [accessToken, idToken] = [randomUUID(), randomUUID()];
    return { accessToken, idToken, refreshToken, expiresIn: 900 };
  }

  return {
    async createUser(username) {
      const user = users.get(username) ?? { userId: randomUUID() };
      users.set(username, user);
      return { kind: 'created', userId: user.userId };
    },
    async setPassword(username, password) {
      const user = users.get(username);
      if (!user) return { kind: 'unknown' };
      if (password.length < 12) return { kind: 'rejected' };
      user.password = password;
      return { kind: 'set' };
    },
    async signOutEverywhere(username) {
      for (const [token, owner] of refreshTokens) {
        if (owner === username) refreshTokens.delete(token);
      }
    },
    async authenticate(username, password) {
      const right = users.get(username)?.password === password;
      return right ? { kind: 'authenticated', tokens: issue(username) } : { kind: 'rejected' };
    },
    async refresh(refreshToken) {
      const username = refreshTokens.get(refreshToken);
      if (!username) return { kind: 'rejected' };
      refreshTokens.delete(refreshToken);
      return { kind: 'refreshed', tokens: issue(username) };
    },
    async revoke(refreshToken) {
      refreshTokens.delete(refreshToken);
      return { kind: 'revoked' };
    },
  };
}
