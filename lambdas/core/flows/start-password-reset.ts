import { findByUsername } from '../account/find-account.ts';
import { addressUnitOf, chargeAddress } from '../budgets/charge-address.ts';
import { type Return, returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import { accountTarget, decoyTarget } from '../challenge/decoy-target.ts';
import { keyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import { equalSecrets } from '../crypto/equal.ts';
import type { IdentityTag } from '../crypto/keys.ts';
import { seal } from '../crypto/seal.ts';
import { type Account, heldPhone, isHeld } from '../model/account.ts';
import { type ChallengeView, usernameContext } from '../model/challenge.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'entropy'
  | 'identityTags'
  | 'phoneSealKeys'
  | 'sealKeys'
  | 'tags'
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
 * Three AWS calls, two in sequence. Two more in parallel, between them, where the request has a key.
 * Where KMS tags the national ID, its call runs in parallel with the first two. A charge whose request
 * then fails without an answer is returned.
 * @throws Problem too_many_requests
 */
export const startPasswordReset =
  (ports: Needs) =>
  async (input: ResetInput): Promise<ChallengeView> => {
    const { username, nationalId } = input;
    const request = keyedRequest(input.idempotencyKey, 'password-reset', username, nationalId);
    const tagger = await ports.tags();
    // Charge a repetition too: otherwise an attacker with a leaked key could try national IDs for
    // free.
    const charging = chargeAddress(ports)(input.address);
    const giveBack: Return = async (why) => returnOf(ports, await charging)(why);
    const [account, identityTag, charged] = await returnUnjudged([giveBack], () =>
      Promise.all([findByUsername(ports)(username), ports.identityTags(nationalId), charging]),
    );
    const { current: phoneSealKey } = await ports.phoneSealKeys();
    const decoy = decoyTarget(ports, phoneSealKey, tagger.tag('decoy', username, nationalId));
    const known = account !== undefined && matches(account, identityTag);
    // A new phone may be a thief's, so the code goes to the former one and can only bring it back.
    const former = known ? heldPhone(account, ports.clock()) : undefined;
    const target = known ? accountTarget(tagger, account, former ?? account) : decoy;
    const commitment = {
      purpose: 'password-reset',
      accountTag: target.accountTag,
      phoneTag: target.phoneTag,
    } as const;
    const started = await viewStarted(ports)(request, commitment);
    if (started) return started;
    const waits = known && isHeld(account, ports.clock()) && !former;
    return startChallenge(ports)({
      ...commitment,
      language: input.language,
      ledgerTag: target.ledgerTag,
      seal: ({ hash }) => sealUsername(ports, hash, username),
      username,
      phone: await openPhone(ports.phoneSealKeys, target, target.madeAt),
      // After an undone change of phone, resets wait for the end of the hold: the answer looks the
      // same, and no SMS goes out.
      decoy: !known || waits,
      send: false,
      request,
      addressUnit: addressUnitOf(charged),
      returns: [returnOf(ports, charged)],
    });
  };

async function sealUsername(
  { entropy, sealKeys }: Needs,
  idHash: string,
  username: string,
): Promise<string> {
  const { current } = await sealKeys();
  return seal(current, entropy, usernameContext(idHash), username);
}

function matches(account: Account, { every }: IdentityTag): boolean {
  // A closing that was not completed can be taken back.
  const open = account.status === 'active' || account.status === 'closing';
  return every.some((tag) => equalSecrets(account.identityTag, tag)) && open;
}
