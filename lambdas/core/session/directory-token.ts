import { derivedKeys } from '../crypto/keyring.ts';
import type { SessionKey } from '../crypto/keys.ts';
import { seal, unseal, versionOf } from '../crypto/seal.ts';
import { directoryTokenContext, type Session } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import type { Entropy } from '../system.ts';

/*
 * The directory's refresh token of a session opens the person's account at the directory. It is sealed with a key of the
 * sessions, so that functions which only read sessions cannot use it (docs/decisions/0031).
 */

/** Seals the directory's refresh token of a session. */
export const sealDirectoryToken = (
  { seal: key }: SessionKey,
  entropy: Entropy,
  sessionId: string,
  token: string,
): string => seal(key, entropy, directoryTokenContext(sessionId), token);

/**
 * Opens the directory's refresh token of a session.
 * @returns undefined once the key that sealed it was retired: nobody can use the session any more
 */
export const openDirectoryToken =
  ({ sessionKeys }: Pick<Ports, 'sessionKeys'>) =>
  async ({
    sessionId,
    directoryToken,
    createdAt,
  }: Pick<Session, 'sessionId' | 'directoryToken' | 'createdAt'>): Promise<string | undefined> => {
    const accepted = (await sessionKeys()).version(versionOf(directoryToken), createdAt);
    if (!accepted) return undefined;
    const sealKeys = derivedKeys(sessionKeys, (key) => key.seal);
    return unseal(sealKeys, directoryTokenContext(sessionId), directoryToken, createdAt);
  };
