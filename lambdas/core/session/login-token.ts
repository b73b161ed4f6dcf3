import { derivedKeys } from '../crypto/keyring.ts';
import { heldKey, seal, unseal, versionOf } from '../crypto/seal.ts';
import { type ChallengeOf, loginTokenContext } from '../model/challenge.ts';
import type { Ports } from '../ports/index.ts';

/*
 * The directory's refresh token between a right password and the second factor. It opens only with the challenge's id,
 * which the claimant alone holds.
 */

type ChallengeBytes = { readonly bytes: Buffer; readonly hash: string };

/** Seals the directory's refresh token for the id of a login's challenge. */
export const sealLoginToken =
  ({ entropy, sessionKeys }: Pick<Ports, 'entropy' | 'sessionKeys'>) =>
  async ({ bytes, hash }: ChallengeBytes, token: string): Promise<string> => {
    const { current } = await sessionKeys();
    return seal(heldKey(current.seal, bytes), entropy, loginTokenContext(hash), token);
  };

/**
 * Opens the directory's refresh token of a login.
 * @param idBytes of the challenge's id
 * @returns undefined once the key that sealed it was retired
 */
export const openLoginToken =
  ({ sessionKeys }: Pick<Ports, 'sessionKeys'>) =>
  async (
    idBytes: Buffer,
    { idHash, directoryToken, createdAt }: ChallengeOf<'login'>,
  ): Promise<string | undefined> => {
    const accepted = (await sessionKeys()).version(versionOf(directoryToken), createdAt);
    if (!accepted) return undefined;
    const heldKeys = derivedKeys(sessionKeys, (key) => heldKey(key.seal, idBytes));
    return unseal(heldKeys, loginTokenContext(idHash), directoryToken, createdAt);
  };
