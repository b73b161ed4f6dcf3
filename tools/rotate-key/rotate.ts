import type { KeyPurpose } from '#core/crypto/keyring.ts';
import { materialFrom, staleSeconds } from '../../lambdas/adapters/secrets/keys.ts';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { settleSeconds } from '../retag/retag-account.ts';
import type { KeySecret } from './key-secret.ts';

/** A changed secret, and what the operator is told. Neither quotes the other. */
export interface ChangedSecret {
  /** The text to store. */
  readonly secret: string;
  /** One line each. */
  readonly told: readonly string[];
}

const day = 86_400;

/** Every function knows a version before it begins, if it is stored {@link staleSeconds} before. The rest is for storing it. */
export const shortestLeadMinutes = 20;
/** Seconds after which no code, challenge or ticket of a former version is in use. */
const flowSeconds = 1200;
/** A longer lead is more likely a typing error than a plan. */
export const longestLeadMinutes = 7 * 24 * 60;
/** A version is one byte in seals and tokens. */
const lastVersion = 255;

/** Purposes whose seals accounts keep for years. */
const isSeal = (purpose: KeyPurpose) =>
  purpose === 'phone-seals' || purpose === 'username-seals' || purpose === 'seals';
const isTag = (purpose: KeyPurpose) => purpose === 'tags' || purpose === 'identity-tags';

export interface Beginning {
  /** Epoch seconds. */
  readonly now: number;
  /** Minutes until the new version begins; `now` if the present one has leaked. */
  readonly lead: number | 'now';
  /** The material of the new version, 64 characters. */
  readonly random: string;
}

/**
 * Adds the next version.
 * @throws Error that says what to do; never with the secret
 */
export function beginVersion(
  { purpose, entries, material }: KeySecret,
  { now, lead, random }: Beginning,
): ChangedSecret {
  if (isTag(purpose)) requireMoved(purpose, material);
  if (isTag(purpose) && lead === 'now') {
    throw new Error(
      `The keys of ${purpose} need their lead: a function that did not know the new version would find no account that\n` +
        'another one opened with it. Leave out --now, or use --in 20. Nothing leaks sooner: the job that moves accounts takes longer.',
    );
  }
  if (isSeal(purpose) && lead === 'now') {
    throw new Error(
      `The keys of ${purpose} need their lead: an account that a function seals meanwhile with the former version would be\n` +
        'lost. Leave out --now, or use --in 20. Nothing is forged sooner: a forger of seals also has to write to the table.',
    );
  }
  const newest = material.versions.at(-1);
  if (!newest) throw new Error('The secret has no version');
  const version = newest.version + 1;
  if (version > lastVersion) throw new Error(`Version ${lastVersion} is the last one.`);
  const pending = newest.from > now;
  if (pending && lead !== 'now') {
    throw new Error(
      `Version ${newest.version} is entered already and begins at ${instant(newest.from)}. Wait for it.`,
    );
  }
  const from = Math.ceil(now) + (lead === 'now' ? 0 : lead * 60);
  const secret = checked({
    ...entries,
    // A version that waits for its beginning leaked with the others. It must begin before the new one.
    ...(pending && { [`${newest.version}.from`]: instant(from - 1) }),
    [version]: random,
    [`${version}.from`]: instant(from),
  });
  const told = [`Version ${version} of the keys of ${purpose} begins at ${instant(from)}.`];
  if (lead !== 'now') {
    told.push(
      `Store it before ${instant(from - staleSeconds)}: every function then knows it in time.`,
    );
    return { secret, told };
  }
  told.push(
    'Store it and restart the functions at once (docs/key-compromise.md). Until then, functions that do not know the new',
    'version refuse what others make with it, and the other way round: people have to repeat codes, logins and tickets.',
    `What version ${newest.version} made before this instant still counts, for a forger too, until it is retired.`,
  );
  return { secret, told };
}

export interface Retirement {
  /** Epoch seconds. */
  readonly now: number;
  /** The stage's configuration, for keys of sessions. */
  readonly sessions?: StageConfig['sessions'] | undefined;
  /** Retires before all that the older versions made is over. */
  readonly force: boolean;
  /** The operator says that no account holds a seal of an older version. */
  readonly resealed: boolean;
  /** The operator says that nothing in the table stands under an older tag. */
  readonly retagged: boolean;
}

/**
 * Retires every version before the current one: sets `minimum`. The material stays in the secret, so a mistake is undone
 * by removing `minimum`.
 * @throws Error that says what to do; never with the secret
 */
export function retireVersions(
  { purpose, entries, material }: KeySecret,
  { now, sessions, force, resealed, retagged }: Retirement,
): ChangedSecret {
  if (isTag(purpose) && !retagged) {
    throw new Error(
      `The table may still hold tags under older versions of the keys of ${purpose}: their accounts would be lost.\n` +
        'Run npm run retag first. When it says that nothing is left, add --retagged.',
    );
  }
  if (isSeal(purpose) && !resealed) {
    throw new Error(
      `Accounts may still hold what older versions of the keys of ${purpose} sealed: it would be lost.\n` +
        'Run npm run reseal first. When it says that nothing is left, add --resealed.',
    );
  }
  const current = material.versions.findLast(({ from }) => from <= now);
  if (!current || current.version <= material.minimum) {
    throw new Error(
      `There is nothing to retire: no version before ${current?.version ?? material.minimum} is accepted.`,
    );
  }
  const overAt = current.from + overlapSeconds(purpose, sessions);
  if (overAt > now && !force) {
    throw new Error(
      `Version ${current.version} began at ${instant(current.from)}. What was made before is in use until ${instant(overAt)}.\n` +
        `Wait until then. If the older version leaked, add --force: ${costOf(purpose)}`,
    );
  }
  const told = [`Versions before ${current.version} of the keys of ${purpose} are retired.`];
  if (isTag(purpose)) {
    told.push('Never delete them from the secret: the newer tags are made of the older ones.');
  }
  if (overAt > now) told.push(`Before their time: ${costOf(purpose)}`);
  if (purpose === 'codes') {
    told.push(
      'The codes of review numbers change with it: print them again (npm run review-codes).',
    );
  }
  return { secret: checked({ ...entries, minimum: String(current.version) }), told };
}

/**
 * One rotation of tags at a time: each level that is accepted costs a read for each lookup.
 * @throws Error that says what to do
 */
function requireMoved(purpose: KeyPurpose, { versions, minimum }: KeySecret['material']): void {
  if (versions.every(({ version }) => version <= minimum)) return;
  throw new Error(
    `The keys of ${purpose} are rotating already. Run npm run retag, and retire the older version first.`,
  );
}

/** Seconds for which a thing of a former version can still be in use after the next version began. */
function overlapSeconds(purpose: KeyPurpose, sessions: Retirement['sessions']): number {
  // A notice waits for six hours at most, and holds the seal that its account had.
  if (isTag(purpose)) return settleSeconds;
  if (purpose === 'phone-seals') return 6 * 3600 + flowSeconds;
  // A challenge is sent within ten minutes and its code verified within ten more. A ticket lives for ten.
  if (purpose !== 'sessions') return flowSeconds;
  if (!sessions)
    throw new Error('Name the stage, because it sets how long sessions last: --stage NAME');
  return Math.max(sessions.refreshTokenDays, sessions.deviceDays) * day + flowSeconds;
}

const costOf = (purpose: KeyPurpose): string =>
  purpose === 'sessions'
    ? 'everybody who logged in before that has to log in again, on every device.'
    : 'people in the middle of a flow have to begin again.';

/** What leaves this tool is what the functions can read. */
function checked(entries: Readonly<Record<string, string>>): string {
  const secret = JSON.stringify(entries);
  materialFrom(secret);
  return secret;
}

const instant = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
