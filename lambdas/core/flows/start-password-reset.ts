import { createHash } from 'node:crypto';
import { chargeAddress } from '../budgets/charge-address.ts';
import { keyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import { equalSecrets } from '../crypto/equal.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Account } from '../model/account.ts';
import { type ChallengeView, phoneContext } from '../model/challenge.ts';
import { accountLedgerTag } from '../model/ledger.ts';
import type { Ports } from '../ports/index.ts';
import type { Entropy } from '../system.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'keys'
  | 'limits'
  | 'challenges'
  | 'ledgers'
  | 'accounts'
  | 'breakers'
  | 'reviewNumbers'
>;

interface ResetInput {
  readonly username: string;
  readonly nationalId: string;
  readonly address: string;
  readonly language: Language;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Starts a password reset; no SMS is sent yet. A pair of username and national ID that is no
 * account gets a decoy. The decoy has the same work, the same answer and a mask that stays the
 * same, but its code never verifies.
 * Three AWS calls, two in sequence. Two more in parallel where the request has a key.
 * @throws Problem too_many_requests
 */
export const startPasswordReset =
  (ports: Needs) =>
  async (input: ResetInput): Promise<ChallengeView> => {
    const { username, nationalId } = input;
    const request = keyedRequest(input.idempotencyKey, 'password-reset', username, nationalId);
    const keyring = await ports.keys();
    const usernameTag = keyring.tag('username', username);
    // Charge a repetition too: otherwise an attacker with a leaked key could try national IDs for
    // free.
    const [account, started] = await Promise.all([
      ports.accounts.find(usernameTag),
      viewStarted(ports)(request),
      chargeAddress(ports)(input.address),
    ]);
    if (started) return started;
    const decoy = decoyTarget(keyring, ports.entropy, input);
    const known = account && matches(keyring, account, input);
    const target = known ? targetOf(keyring, account) : decoy;
    const held = (account?.phoneHeldUntil ?? 0) > ports.clock();
    return startChallenge(ports)({
      purpose: 'password-reset',
      language: input.language,
      username,
      ...target,
      phone: await unseal(ports.keys, phoneContext(target.phoneTag), target.phone),
      // A phone that is held may be a thief's: the answer looks the same, and no SMS goes to it.
      decoy: !known || held,
      send: false,
      request,
    });
  };

interface Target {
  /** Sealed E.164 number. */
  readonly phone: string;
  readonly phoneTag: string;
  readonly accountTag: string;
  readonly ledgerTag: string;
}

function matches(keyring: Keyring, account: Account, { nationalId }: ResetInput): boolean {
  const identityTag = keyring.tag('national-id', nationalId);
  // A closing that was not completed can be taken back.
  const open = account.status === 'active' || account.status === 'closing';
  return equalSecrets(account.identityTag, identityTag) && open;
}

const targetOf = (keyring: Keyring, account: Account): Target => ({
  phone: account.phone,
  phoneTag: account.phoneTag,
  accountTag: account.usernameTag,
  ledgerTag: accountLedgerTag(keyring, account),
});

/**
 * A made-up phone for a pair, the same each time, with ledgers of its own: guesses at a stranger's
 * pair use up nothing of the stranger's budget.
 * It is computed and sealed for known pairs too, and opened as an account's phone is, so that both
 * take as long.
 */
function decoyTarget(
  keyring: Keyring,
  entropy: Entropy,
  { username, nationalId }: ResetInput,
): Target {
  const tag = keyring.tag('decoy', username, nationalId);
  const digits = createHash('sha256').update(tag).digest().readUInt32BE(0) % 10 ** 8;
  const phone = `+9665${String(digits).padStart(8, '0')}`;
  return {
    phone: seal(keyring, entropy, phoneContext(tag), phone),
    phoneTag: tag,
    accountTag: tag,
    ledgerTag: tag,
  };
}
