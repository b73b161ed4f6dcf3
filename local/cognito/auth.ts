import { randomUUID } from 'node:crypto';
import {
  CognitoError,
  InvalidParameterError,
  NotAuthorizedError,
  ResourceNotFoundError,
  UnsupportedError,
} from 'cognito-local/lib/errors.js';
import type { Context } from 'cognito-local/lib/services/context.js';
import type { UserPoolService } from 'cognito-local/lib/services/userPoolService.js';
import {
  checkSecret,
  checkSecretHash,
  enabledFlow,
  newPasswordChallenge,
  unknownUser,
} from './auth-rules.ts';
import { addFailure, currentFailures, verifyPassword } from './passwords.ts';
import { type LocalClient, type LocalServices, rotates } from './pools.ts';
import * as sessions from './sessions.ts';
import { scopeByTrigger, type TokenSource } from './token-trigger.ts';
import { issueTokens, lifetimeSeconds, tokenUse } from './tokens.ts';
import { findUser, type LocalUser } from './users.ts';

interface AuthRequest {
  ClientId: string;
  UserPoolId?: string;
  AuthFlow: string;
  AuthParameters?: Record<string, string>;
}

interface TokenRequest {
  ClientId: string;
  ClientSecret?: string;
}

/** The operations that issue, refresh and revoke tokens, by their API names. */
export function authOperations(services: LocalServices) {
  const { clock, cognito, issuer } = services;
  const now = () => clock.get().getTime();

  async function tokensFor(
    source: TokenSource,
    user: LocalUser,
    client: LocalClient,
    session: sessions.Session,
    at: number,
  ) {
    const scope = await scopeByTrigger(services.tokenTrigger, source, user, client);
    return issueTokens(user, client, session, issuer(client.UserPoolId), at, scope);
  }

  async function clientAndPool(ctx: Context, clientId: string, userPoolId?: string) {
    const client: LocalClient | null = await cognito.getAppClient(ctx, clientId);
    if (!client || (userPoolId !== undefined && client.UserPoolId !== userPoolId)) {
      throw new ResourceNotFoundError(`User pool client ${clientId} does not exist.`);
    }
    return { client, pool: await cognito.getUserPool(ctx, client.UserPoolId) };
  }

  async function initiateAuth(ctx: Context, req: AuthRequest) {
    const { client, pool } = await clientAndPool(ctx, req.ClientId, req.UserPoolId);
    const flow = enabledFlow(client, req.AuthFlow);
    if (flow === 'REFRESH_TOKEN_AUTH') {
      return refresh(ctx, client, pool, req.AuthParameters?.['REFRESH_TOKEN'] ?? '');
    }
    if (flow === 'ADMIN_USER_PASSWORD_AUTH' && req.UserPoolId !== undefined) {
      return signIn(ctx, client, pool, req.AuthParameters ?? {});
    }
    throw new UnsupportedError(`AuthFlow=${req.AuthFlow}`);
  }

  async function signIn(
    ctx: Context,
    client: LocalClient,
    pool: UserPoolService,
    parameters: Record<string, string>,
  ) {
    const { USERNAME: username, PASSWORD: password, SECRET_HASH: secretHash } = parameters;
    if (!username || !password) throw new InvalidParameterError('Missing required parameter');
    checkSecretHash(client, username, secretHash);
    const user = await findUser(ctx, pool, username);
    if (!user) throw unknownUser(client);
    if (!user.Enabled) throw new NotAuthorizedError('User is disabled.');
    await checkPassword(ctx, pool, user, password);
    if (user.UserStatus === 'FORCE_CHANGE_PASSWORD') {
      await pool.saveUser(ctx, withoutFailures(user));
      return newPasswordChallenge(user);
    }
    return openSession(ctx, client, pool, withoutFailures(user));
  }

  /** Counts a wrong password before refusing it. An attempt during a lockout does not count. */
  async function checkPassword(
    ctx: Context,
    pool: UserPoolService,
    user: LocalUser,
    password: string,
  ) {
    const at = now();
    const failures = currentFailures(user.Failures, at);
    const locked = failures.lockedUntil > at;
    if (!locked && verifyPassword(password, user.Password)) return;
    const after = locked ? { ...failures, lastAttemptAt: at } : addFailure(failures, at);
    const failed: LocalUser = { ...user, Failures: after };
    await pool.saveUser(ctx, failed);
    throw new NotAuthorizedError(
      locked ? 'Password attempts exceeded' : 'Incorrect username or password.',
    );
  }

  async function openSession(
    ctx: Context,
    client: LocalClient,
    pool: UserPoolService,
    user: LocalUser,
  ) {
    const at = now();
    const lifetimeMs = lifetimeSeconds(client, 'RefreshToken') * 1000;
    const id = randomUUID();
    const fresh = sessions.newSession(client.ClientId, at, lifetimeMs);
    const { session, token } = sessions.issueRefreshToken(user.Username, id, fresh);
    const Sessions = { ...sessions.unexpired(user.Sessions ?? {}, at), [id]: session };
    const signedIn: LocalUser = { ...user, Sessions };
    const tokens = await tokensFor('TokenGeneration_Authentication', user, client, session, at);
    await pool.saveUser(ctx, signedIn);
    return { ChallengeParameters: {}, AuthenticationResult: { ...tokens, RefreshToken: token } };
  }

  async function refresh(ctx: Context, client: LocalClient, pool: UserPoolService, text: string) {
    const at = now();
    const found = await owned(ctx, client, pool, text);
    if (!found) throw new NotAuthorizedError('Invalid Refresh Token.');
    const { user, session, token } = found;
    if (!user.Enabled) throw new NotAuthorizedError('User is disabled.');
    if (session.revoked) throw new NotAuthorizedError('Refresh Token has been revoked');
    if (at >= session.expiresAt) throw new NotAuthorizedError('Refresh Token has expired');
    const tokens = await tokensFor('TokenGeneration_RefreshTokens', user, client, session, at);
    if (!rotates(client)) return { ChallengeParameters: {}, AuthenticationResult: tokens };

    const graceMs = (client.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0) * 1000;
    const use = sessions.useToken(session, token.tokenId, at, graceMs);
    if (use.kind === 'reused') {
      const message = 'Refresh token has been invalidated by rotation';
      throw new CognitoError('RefreshTokenReuseException', message);
    }
    const next = sessions.issueRefreshToken(user.Username, token.sessionId, use.session);
    await saveSession(ctx, pool, user, token.sessionId, next.session);
    return { AuthenticationResult: { ...tokens, RefreshToken: next.token } };
  }

  /** The user and session of a refresh token that was issued to this client, valid or not. */
  async function owned(ctx: Context, client: LocalClient, pool: UserPoolService, text: string) {
    const token = sessions.parseRefreshToken(text);
    const user = token && (await findUser(ctx, pool, token.username));
    const session = token && user?.Sessions?.[token.sessionId];
    if (!user || !session || session.clientId !== client.ClientId) return undefined;
    return sessions.belongsTo(session, token) ? { user, session, token } : undefined;
  }

  return {
    AdminInitiateAuth: initiateAuth,
    InitiateAuth: (ctx: Context, { UserPoolId: _, ...req }: AuthRequest) => initiateAuth(ctx, req),

    async GetTokensFromRefreshToken(ctx: Context, req: TokenRequest & { RefreshToken: string }) {
      const { client, pool } = await clientAndPool(ctx, req.ClientId);
      checkSecret(client, req.ClientSecret);
      return refresh(ctx, client, pool, req.RefreshToken);
    },

    /** Ends the session of a token. An invalid token is not an error (RFC 7009 §2.2). */
    async RevokeToken(ctx: Context, req: TokenRequest & { Token: string }) {
      const { client, pool } = await clientAndPool(ctx, req.ClientId);
      checkSecret(client, req.ClientSecret);
      if (tokenUse(req.Token)) {
        throw new CognitoError('UnsupportedTokenTypeException', 'Only refresh tokens are revoked');
      }
      if (client.EnableTokenRevocation === false) {
        throw new CognitoError('UnsupportedOperationException', 'Token revocation is not enabled');
      }
      const found = await owned(ctx, client, pool, req.Token);
      if (found) {
        const { user, session, token } = found;
        await saveSession(ctx, pool, user, token.sessionId, sessions.revoke(session));
      }
      return {};
    },
  };
}

async function saveSession(
  ctx: Context,
  pool: UserPoolService,
  user: LocalUser,
  id: string,
  session: sessions.Session,
) {
  const saved: LocalUser = { ...user, Sessions: { ...user.Sessions, [id]: session } };
  await pool.saveUser(ctx, saved);
}

function withoutFailures({ Failures: _, ...user }: LocalUser): LocalUser {
  return user;
}
