import { equalSecrets } from '../crypto/equal.ts';
import type { Keys } from '../crypto/keyring.ts';
import type { SessionKey } from '../crypto/keys.ts';
import { macWith } from '../crypto/secret-key.ts';
import type { Session } from '../model/session.ts';
import { uuidBytes, uuidFrom } from '../values/uuid.ts';

type Named = Pick<Session, 'userId' | 'sessionId' | 'generation'>;

/** The session and generation that a genuine token names. */
export interface ReadToken extends Named {
  /** Version of the key that made the token. */
  readonly keyVersion: number;
}

const idBytes = 16;
const macBytes = 24;
const bodyBytes = 1 + 2 * idBytes + 4;

/**
 * The refresh token of one generation of a session. It is derived and not stored, so two parallel
 * requests with one token get the same newest token.
 * @param session its ids are UUIDs, as the directory makes them
 * @returns base64url of key version ‖ userId ‖ sessionId ‖ generation ‖ HMAC, 82 characters
 * @throws Error if an id is no UUID
 */
export function mintSessionToken(key: SessionKey, session: Named): string {
  const body = Buffer.alloc(bodyBytes);
  body.writeUInt8(key.version);
  idOf(session.userId).copy(body, 1);
  idOf(session.sessionId).copy(body, 1 + idBytes);
  body.writeUInt32BE(session.generation, 1 + 2 * idBytes);
  const mac = macWith(key.refreshToken).update(body).digest().subarray(0, macBytes);
  return Buffer.concat([body, mac]).toString('base64url');
}

/**
 * Checks a refresh token without an AWS call to the table or the directory.
 * @returns the session and generation it was made for; undefined for a text that Hawiya never made
 */
export async function readSessionToken(
  keys: Keys<SessionKey>,
  token: string,
): Promise<ReadToken | undefined> {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== bodyBytes + macBytes) return undefined;
  const version = bytes.readUInt8(0);
  // The session is not read yet: how old it is, the caller checks.
  const key = (await keys()).version(version, 0);
  const named = {
    userId: uuidFrom(bytes.subarray(1, 1 + idBytes)),
    sessionId: uuidFrom(bytes.subarray(1 + idBytes, 1 + 2 * idBytes)),
    generation: bytes.readUInt32BE(1 + 2 * idBytes),
  };
  // Compare the text, not the bytes: another base64url spelling of the same bytes is not a valid
  // token.
  const genuine = key && equalSecrets(mintSessionToken(key, named), token);
  return genuine ? { ...named, keyVersion: version } : undefined;
}

function idOf(uuid: string): Buffer {
  const bytes = uuidBytes(uuid);
  if (uuidFrom(bytes) !== uuid) throw new Error('The directory returned an id that is no UUID');
  return bytes;
}
