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
  /** The user pool whose tokens are taken: it is what issuer and keys follow from. */
  readonly userPoolId: string;
  /** The app client of Hawiya's in that pool: tokens of its other clients are not for us. */
  readonly clientId: string;
  /** Where the keys are instead: only for the local cloud, whose Cognito has no address of AWS's. */
  readonly jwksUri?: string;
}

/** Whom a good access token speaks for. */
export interface Person {
  /** What to file a person's data under: never anybody else's, as a username may come to be. */
  readonly userId: string;
  /** To show. Once an account was closed others may take it, so it is no key for anything. */
  readonly username: string;
}

export type Verify = (token: string) => Promise<Person | 'refused'>;

/**
 * Checks access tokens: signature, issuer, client, use, scope and expiry. The keys are fetched with the first token and
 * kept; later ones cost no call.
 * @returns a function that throws only where it cannot tell, the keys being out of reach: that is no fault of the token
 */
export function accessTokens({ userPoolId, clientId, jwksUri }: Trust): Verify {
  const verifier = CognitoJwtVerifier.create(
    // An ID token says who somebody is to whom they logged in; only an access token opens anything.
    { userPoolId, clientId, tokenUse: 'access', scope: 'aws.cognito.signin.user.admin' },
    jwksUri === undefined ? undefined : { jwksCache: keysFrom(jwksUri) },
  );
  return async (token) => {
    try {
      const { sub, username } = await verifier.verify(token);
      return { userId: sub, username };
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
  // What it calls an issuer that is none of the pool's.
  ParameterValidationError,
];

const isOfToken = (error: unknown) => faultsOfTokens.some((fault) => error instanceof fault);

/** The library fetches by HTTPS alone, as it should; the local cloud has none. */
const keysFrom = (jwksUri: string) =>
  new SimpleJwksCache({
    fetcher: { fetch: async () => (await fetch(jwksUri)).arrayBuffer() },
  });
