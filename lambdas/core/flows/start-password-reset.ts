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
 * Starts a password reset; nothing is sent yet. A pair that is no account gets a decoy: the same work, the same
 * answer, a mask that stays the same, and a code that never verifies. Three AWS calls, two in sequence; two more of them
 * at once where the request has a key.
 * @throws Problem too_many_requests
 */
export const startPasswordReset =
  (ports: Needs) =>
  async (input: ResetInput): Promise<ChallengeView> => {
    const { username, nationalId } = input;
    const request = keyedRequest(input.idempotencyKey, 'password-reset', username, nationalId);
    const keyring = await ports.keys();
    const usernameTag = keyring.tag('username', username);
    // A repetition pays as well: else whoever knows a key could try national IDs for nothing.
    const [account, started] = await Promise.all([
      ports.accounts.find(usernameTag),
      viewStarted(ports)(request),
      chargeAddress(ports)(input.address, 'account-phone'),
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
      // A new phone may be a thief's: it looks as ever, and nothing is sent to it.
      decoy: !known || held,
      send: false,
      request,
    });
  };

interface Target {
  /** Sealed. */
  readonly phone: string;
  readonly phoneTag: string;
  readonly accountTag: string;
  readonly ledgerTag: string;
}

function matches(keyring: Keyring, account: Account, { nationalId }: ResetInput): boolean {
  const identityTag = keyring.tag('national-id', nationalId);
  // A closing that nobody went on with can be taken back.
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
 * A made-up phone for a pair, the same one each time, with ledgers of its own: guessing at a stranger's pair never eats
 * into the stranger's budget. Worked out and sealed for known pairs too, and opened in the same way as an account's,
 * so that both take as long.
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
