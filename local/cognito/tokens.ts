import { createPrivateKey, type JsonWebKey, randomUUID, sign } from 'node:crypto';
import privateKey from 'cognito-local/lib/keys/cognitoLocal.private.json' with { type: 'json' };
import publicKey from 'cognito-local/lib/keys/cognitoLocal.public.json' with { type: 'json' };
import type { AppClient } from 'cognito-local/lib/services/appClient.js';
import type { User } from 'cognito-local/lib/services/userPoolService.js';
import type { Session } from './sessions.ts';
import { selfServiceScope } from './token-trigger.ts';

const KEY = createPrivateKey(privateKey.pem);
const HEADER = encode({ kid: publicKey.jwk.kid, alg: 'RS256' });
const UNIT_SECONDS: Record<string, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** The keys that verify access and ID tokens. They are cognito-local's, the same in every run. */
export function publicKeys(): { keys: JsonWebKey[] } {
  return { keys: [publicKey.jwk] };
}

/** Lifetime of a client's tokens of one kind, in seconds. Cognito's defaults apply. */
export function lifetimeSeconds(
  client: AppClient,
  kind: 'AccessToken' | 'IdToken' | 'RefreshToken',
): number {
  const refresh = kind === 'RefreshToken';
  const validity = client[`${kind}Validity`];
  // "You can't set RefreshTokenValidity to 0. If you do, Cognito overrides it with 30 days."
  if (!validity) return refresh ? 30 * 86_400 : 3600;
  const unit = client.TokenValidityUnits?.[kind] ?? (refresh ? 'days' : 'hours');
  return validity * (UNIT_SECONDS[unit] ?? 3600);
}

/**
 * Issues the access and ID token of a user, in the form of `AuthenticationResult`. cognito-local's
 * own generator lacks `origin_jti`, most attributes in the ID token, and the time of the sign-in in
 * refreshed tokens.
 * @param now epoch milliseconds
 * @param scope of the access token, separated by spaces
 */
export function issueTokens(
  user: User,
  client: AppClient,
  session: Session,
  issuer: string,
  now: number,
  scope = selfServiceScope,
) {
  const iat = Math.floor(now / 1000);
  const attributes = Object.fromEntries(user.Attributes.map(({ Name, Value }) => [Name, Value]));
  const common = {
    sub: attributes['sub'],
    iss: issuer,
    // Token revocation adds this claim. It is on by default.
    ...(client.EnableTokenRevocation === false ? {} : { origin_jti: session.originJti }),
    event_id: randomUUID(),
    auth_time: session.authTime,
    iat,
  };
  const expiresIn = lifetimeSeconds(client, 'AccessToken');
  return {
    AccessToken: signJwt({
      ...common,
      client_id: client.ClientId,
      token_use: 'access',
      scope,
      exp: iat + expiresIn,
      jti: randomUUID(),
      username: user.Username,
    }),
    IdToken: signJwt({
      ...withBooleans(attributes),
      ...common,
      'cognito:username': user.Username,
      aud: client.ClientId,
      token_use: 'id',
      exp: iat + lifetimeSeconds(client, 'IdToken'),
      jti: randomUUID(),
    }),
    ExpiresIn: expiresIn,
    TokenType: 'Bearer',
  };
}

/**
 * Issues the access token of client credentials. It names the client, not a user.
 * @param now epoch milliseconds
 */
export function issueServiceToken(
  client: AppClient,
  scope: string,
  issuer: string,
  now: number,
): string {
  const iat = Math.floor(now / 1000);
  return signJwt({
    sub: client.ClientId,
    client_id: client.ClientId,
    token_use: 'access',
    scope,
    iss: issuer,
    auth_time: iat,
    iat,
    exp: iat + lifetimeSeconds(client, 'AccessToken'),
    version: 2,
    jti: randomUUID(),
  });
}

/** The `token_use` of an access or ID token, or undefined for other text. Checks no signature. */
export function tokenUse(token: string): string | undefined {
  const [, payload = '', ...rest] = token.split('.');
  if (rest.length !== 1) return undefined;
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()).token_use;
  } catch {
    return undefined;
  }
}

/** Turns the strings of `email_verified` and `phone_number_verified` into boolean claims. */
function withBooleans(attributes: Record<string, string | undefined>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      name.endsWith('_verified') ? value === 'true' : value,
    ]),
  );
}

function signJwt(claims: object): string {
  const text = `${HEADER}.${encode(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), KEY).toString('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
