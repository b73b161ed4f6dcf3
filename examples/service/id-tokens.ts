import { CognitoJwtVerifier } from 'aws-jwt-verify';
import {
  FailedAssertionError,
  JwtInvalidSignatureError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
  ParameterValidationError,
} from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';

export interface Trust {
  /** The user pool whose tokens are accepted. Issuer and keys follow from it. */
  readonly userPoolId: string;
  /** Hawiya's app client in that pool. Tokens of its other clients are refused. */
  readonly clientId: string;
  /** Address of the signing keys. Only for the local cloud, whose Cognito has no AWS address. */
  readonly jwksUri?: string;
}

/** The subject of a valid ID token. */
export interface Person {
  /** Store a person's data under this id. It never passes to another person; a username may. */
  readonly userId: string;
  /** For display only. After an account is closed, another person may take its username. */
  readonly username: string;
}

export type Verify = (token: string) => Promise<Person | 'refused'>;

/**
 * Checks ID tokens: signature, issuer, audience, use and expiry. The first token fetches the keys, and later ones cost no
 * call.
 * @returns a function that throws only if it cannot tell, because the keys are out of reach. The token may be valid
 * then.
 */
export function idTokens({ userPoolId, clientId, jwksUri }: Trust): Verify {
  const verifier = CognitoJwtVerifier.create(
    // Never the access token: this server could then act on the person's account.
    { userPoolId, clientId, tokenUse: 'id' },
    jwksUri === undefined ? undefined : { jwksCache: keysFrom(jwksUri) },
  );
  return async (token) => {
    try {
      const claims = await verifier.verify(token);
      return { userId: claims.sub, username: claims['cognito:username'] };
    } catch (error) {
      if (isOfToken(error)) return 'refused';
      throw error;
    }
  };
}

const faultsOfTokens = [
  FailedAssertionError,
  JwtInvalidSignatureError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
  // The library's error for an issuer other than the pool.
  ParameterValidationError,
];

const isOfToken = (error: unknown) => faultsOfTokens.some((fault) => error instanceof fault);

/** The library fetches by HTTPS only, as it should. The local cloud has only HTTP. */
const keysFrom = (jwksUri: string) =>
  new SimpleJwksCache({
    fetcher: { fetch: async () => (await fetch(jwksUri)).arrayBuffer() },
  });
