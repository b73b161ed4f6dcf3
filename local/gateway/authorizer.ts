import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { GatewayFault } from './gateway-fault.ts';

export interface AuthorizerOptions {
  /** The `iss` of the user pool's tokens. */
  readonly issuer: string;
  /** The user pool's public keys. */
  readonly jwks: JSONWebKeySet;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The claims of an accepted token, each as a string. */
export type Claims = Record<string, string>;

/**
 * A Cognito user pool authorizer of a REST API. A method with scopes requires an access token that
 * holds one of them. A method without scopes requires an ID token.
 * @returns a function from the header's value to the claims; it throws GatewayFault for a bad token
 */
export function createAuthorizer({ issuer, jwks, now }: AuthorizerOptions) {
  const keys = createLocalJWKSet(jwks);

  const verify = async (token: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer,
      requiredClaims: ['exp'],
      currentDate: new Date(now()),
    });
    return payload;
  };

  return async (header: string | undefined, scopes: string[]): Promise<Claims> => {
    const token = header?.replace(/^Bearer\s+/i, '') ?? '';
    const payload = await verify(token).catch(refuse);
    if (!opens(payload, scopes)) throw new GatewayFault('UNAUTHORIZED');
    return claimsOf(payload);
  };
}

/** An expired token is answered with UNAUTHORIZED as well. Only the message differs. */
function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) {
    throw new GatewayFault('UNAUTHORIZED', 'The incoming token has expired');
  }
  throw new GatewayFault('UNAUTHORIZED');
}

function opens(payload: JWTPayload, scopes: string[]): boolean {
  if (scopes.length === 0) return payload['token_use'] === 'id';
  const held = String(payload['scope'] ?? '').split(' ');
  return payload['token_use'] === 'access' && scopes.some((scope) => held.includes(scope));
}

function claimsOf(payload: JWTPayload): Claims {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [name, claimText(name, value)] as const),
  );
}

/**
 * API Gateway writes `exp` and `iat` as Java dates, and joins lists with commas. With the same
 * format here, a function's mistake shows before it is deployed.
 */
function claimText(name: string, value: unknown): string {
  if (name === 'exp' || name === 'iat') return javaDate(Number(value));
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `Fri Jul 29 18:52:53 UTC 2016`, from epoch seconds. */
function javaDate(seconds: number): string {
  const [weekday, day, month, year, time] = new Date(seconds * 1000).toUTCString().split(/,? /);
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}
