import { equalSecrets } from '../crypto/equal.ts';
import type { Keys } from '../crypto/keyring.ts';
import type { SessionKey } from '../crypto/keys.ts';
import { macWith } from '../crypto/secret-key.ts';
import type { Account } from '../model/account.ts';
import type { Ports } from '../ports/index.ts';
import { uuidBytes } from '../values/uuid.ts';
import { readClaims } from './open-session.ts';
import { isOpenTo } from './session-validity.ts';

/*
 * A browser, or an app, that people logged in on is recognised: its next login is no new device, and sends no notice. It
 * is not trusted: a recognition opens nothing and replaces no second factor (docs/decisions/0049). It is a text of one
 * entry for each person, newest first. An entry names nobody. Nothing is stored.
 */

const day = 86_400;
/** On a device that the person called their own. */
const ownSeconds = 365 * day;
/** On any other: for the rest of a day, on a computer that several people use. */
const otherSeconds = day;

/** People of one browser. The text stays below 400 characters. */
const maxEntries = 8;

const bodyBytes = 1 + 4 + 4;
const macBytes = 24;

/** What a client keeps and sends with its next login. `expiresAt`: epoch seconds. */
export interface Recognition {
  readonly secret: string;
  readonly expiresAt: number;
}

interface Entry {
  readonly text: string;
  readonly version: number;
  /** Instant of the sign-in. Instants are epoch seconds. */
  readonly signedInAt: number;
  readonly expiresAt: number;
}

type Needs = Pick<Ports, 'clock' | 'sessionKeys'>;

/** The login that a recognition is for. */
interface OpenedLogin {
  readonly account: Account;
  /** The directory's, of which sign-in and user are read. */
  readonly accessToken: string;
  readonly ownDevice: boolean;
}

/**
 * Whether this person logged in on this browser before. A new password ends all recognition, as it forgets all devices.
 * No AWS call.
 * @param secret as the client sent it, of whatever form
 */
export const isRecognised =
  (ports: Needs) =>
  async (secret: string | undefined, account: Account, userId: string): Promise<boolean> =>
    (await findOwn(ports, readEntries(secret, ports.clock()), account, userId)).valid !== undefined;

/**
 * The recognition that the client keeps after a login: for a year on one's own device, for a day on any other, and
 * never shorter than before. The entries of other people stay. No AWS call.
 */
export const recogniseBrowser =
  (ports: Needs) =>
  async (
    before: string | undefined,
    { account, accessToken, ownDevice }: OpenedLogin,
  ): Promise<Recognition> => {
    const now = ports.clock();
    const { sub: userId, auth_time: signedInAt } = readClaims(accessToken);
    const entries = readEntries(before, now);
    const { own, valid } = await findOwn(ports, entries, account, userId);
    const until = now + (ownDevice ? ownSeconds : otherSeconds);
    const expiresAt = Math.max(until, valid?.expiresAt ?? 0);
    const { current } = await ports.sessionKeys();
    const others = entries.filter((entry) => !own.includes(entry)).slice(0, maxEntries - 1);
    const texts = [entryFor(current, userId, { signedInAt, expiresAt }), ...others.map(textOf)];
    const latest = Math.max(expiresAt, ...others.map((other) => other.expiresAt));
    // The expiry of another person's entry is not proved here.
    return { secret: texts.join('.'), expiresAt: Math.min(latest, now + ownSeconds) };
  };

/** The entries of one person, and the one that counts. */
async function findOwn(
  { sessionKeys }: { readonly sessionKeys: Keys<SessionKey> },
  entries: readonly Entry[],
  account: Account,
  userId: string,
): Promise<{ readonly own: readonly Entry[]; readonly valid: Entry | undefined }> {
  const keys = await sessionKeys();
  const own = entries.filter((entry) => {
    const key = keys.version(entry.version, entry.signedInAt);
    return key !== undefined && equalSecrets(entryFor(key, userId, entry), entry.text);
  });
  return { own, valid: own.find(({ signedInAt }) => isOpenTo(account, userId, signedInAt)) };
}

/** @returns base64url of key version ‖ sign-in ‖ expiry ‖ HMAC, which also covers the user; 44 characters */
function entryFor(
  key: SessionKey,
  userId: string,
  { signedInAt, expiresAt }: Pick<Entry, 'signedInAt' | 'expiresAt'>,
): string {
  const body = Buffer.alloc(bodyBytes);
  body.writeUInt8(key.version);
  body.writeUInt32BE(signedInAt, 1);
  body.writeUInt32BE(expiresAt, 5);
  const mac = macWith(key.recognition).update(body).update(uuidBytes(userId)).digest();
  return Buffer.concat([body, mac.subarray(0, macBytes)]).toString('base64url');
}

/** What has the form of an entry and has not expired; whether it is genuine is not known yet. */
function readEntries(secret: string | undefined, now: number): Entry[] {
  return (secret ?? '')
    .split('.', maxEntries)
    .map(readEntry)
    .filter((entry) => entry !== undefined && entry.expiresAt > now) as Entry[];
}

function readEntry(text: string): Entry | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== bodyBytes + macBytes || bytes.toString('base64url') !== text) return;
  return {
    text,
    version: bytes.readUInt8(0),
    signedInAt: bytes.readUInt32BE(1),
    expiresAt: bytes.readUInt32BE(5),
  };
}

const textOf = ({ text }: Entry): string => text;
