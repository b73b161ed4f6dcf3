import type { TokensIn } from '../model/session.ts';

/**
 * Whether a session is on the person's own device. Where the client does not say, an app is, and a browser is a computer that
 * others use too (docs/decisions/0053).
 */
export const isOwnDevice = (said: boolean | undefined, tokensIn: TokensIn): boolean =>
  said ?? tokensIn === 'body';
