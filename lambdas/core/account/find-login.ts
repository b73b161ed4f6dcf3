import type { Account } from '../model/account.ts';
import type { Ports } from '../ports/index.ts';
import { findByUsername } from './find-account.ts';
import { findByNationalId } from './find-by-national-id.ts';
import { openKeptUsername } from './open-kept-username.ts';

type Needs = Pick<
  Ports,
  'accounts' | 'clock' | 'entropy' | 'identityTags' | 'tags' | 'usernameSealKeys'
>;

/** What a claimant typed to name an account: its username, or its national ID. */
export interface LoginName {
  readonly kind: 'username' | 'national-id';
  /** The name under which the directory knows the person, and that remembered devices are bound to. */
  username(): Promise<string>;
  /** Finds the account. Every call of a username reads again; an ID is read once. */
  account(): Promise<Account | undefined>;
  /**
   * Tag of the name for the ledger of its tries. An ID has tries of its own: used-up tries that it shared with a username
   * would tell a stranger that the two belong together.
   */
  ledgerTag(): Promise<string>;
  /** Tag of a made-up account for a name that nobody has. */
  decoyTag(): Promise<string>;
}

/** A username begins with a letter, so that none can be taken for a national ID. */
export const loginName = (ports: Needs, typed: string): LoginName =>
  /^\d{10}$/.test(typed) ? nationalIdName(ports, typed) : usernameName(ports, typed);

function usernameName(ports: Needs, username: string): LoginName {
  const tagOf = async (kind: 'decoy' | 'username') => (await ports.tags()).tag(kind, username);
  return {
    kind: 'username',
    username: async () => username,
    account: () => findByUsername(ports)(username),
    ledgerTag: () => tagOf('username'),
    decoyTag: () => tagOf('decoy'),
  };
}

interface Found {
  readonly account: Account | undefined;
  readonly username: string;
  readonly decoyTag: string;
}

/**
 * An ID that nobody has takes the same calls and the same work. The directory is then asked for a made-up name, always the
 * same for one ID.
 */
function nationalIdName(ports: Needs, nationalId: string): LoginName {
  let finding: Promise<Found> | undefined;
  const found = () => {
    finding ??= find(ports, nationalId);
    return finding;
  };
  return {
    kind: 'national-id',
    username: async () => (await found()).username,
    account: async () => (await found()).account,
    ledgerTag: async () => (await found()).decoyTag,
    decoyTag: async () => (await found()).decoyTag,
  };
}

async function find(ports: Needs, nationalId: string): Promise<Found> {
  const identity = await ports.identityTags(nationalId);
  const account = await findByNationalId(ports)(identity);
  // Of the tag: the key of other tags would find the ID in a copy of the table.
  const decoyTag = (await ports.tags()).tag('decoy', identity.newest);
  const kept = await openKeptUsername(ports)(account, decoyTag);
  return { account, decoyTag, username: kept ?? madeUpName(decoyTag) };
}

/** No registration can have it: a username begins with a letter. */
const madeUpName = (decoyTag: string): string => `0-${decoyTag.slice(-20).toLowerCase()}`;
