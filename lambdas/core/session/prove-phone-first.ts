import type { LoginName } from '../account/find-login.ts';
import { requireRoomForSend } from '../budgets/challenge-charges.ts';
import { chargeAddress } from '../budgets/charge-address.ts';
import { type Return, returnOf, returnUnjudged } from '../budgets/return-unjudged.ts';
import { checkBreaker } from '../budgets/spend-breaker.ts';
import { accountTarget, decoyTarget, type Target } from '../challenge/decoy-target.ts';
import { type KeyedRequest, viewStarted } from '../challenge/idempotency.ts';
import { startChallenge } from '../challenge/start.ts';
import type { Account } from '../model/account.ts';
import type { ChallengeView, Method } from '../model/challenge.ts';
import { Problem } from '../model/problems.ts';
import { openPhone } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';
import type { Language } from '../values/language.ts';

/*
 * Strangers' tries at a name, or those of an address, keep nobody out: where they are used up, the phone is proved before
 * the password (docs/decisions/0051).
 */

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'breakers'
  | 'challenges'
  | 'clock'
  | 'entropy'
  | 'ledgers'
  | 'limits'
  | 'phoneSealKeys'
  | 'reviewNumbers'
  | 'tags'
>;

interface Claim {
  readonly name: LoginName;
  readonly address: string;
  readonly language: Language;
  readonly request: KeyedRequest | undefined;
}

/** The same for everybody: the answer must not tell who has an account, or an authenticator app. */
const methods: readonly Method[] = ['sms', 'totp', 'recovery-code'];

/** Whether a login was refused because the tries of its name or its address are used up. */
export const isUsedUp = (error: unknown): error is Problem =>
  error instanceof Problem &&
  error.code === 'too_many_requests' &&
  (error.extras.limit === 'account' || error.extras.limit === 'address');

/**
 * Starts a challenge at the phone of an account that a caller named. No password is judged, and no SMS is sent yet. A name
 * that nobody has gets a decoy: the same work, the same answer, and a code that never verifies.
 * Six AWS calls, three in sequence. One more in parallel, before the last, where the request has a key.
 * @param refused what refused the password
 * @throws Problem `refused`, where this way is used up as well
 */
export async function provePhoneFirst(
  ports: Needs,
  claim: Claim,
  refused: Problem,
): Promise<ChallengeView> {
  try {
    return await startProof(ports, claim);
  } catch (error) {
    // Whichever limit refused: the tries of the name, or of the address, come back soonest.
    if (error instanceof Problem && error.code === 'too_many_requests') throw refused;
    throw error;
  }
}

async function startProof(
  ports: Needs,
  { name, address, language, request }: Claim,
): Promise<ChallengeView> {
  await checkBreaker(ports)('named-account');
  const charging = chargeAddress(ports)(address);
  const giveBack: Return = async (why) => returnOf(ports, await charging)(why);
  return returnUnjudged([giveBack], async () => {
    const [account] = await Promise.all([name.account(), charging]);
    const target = await targetOf(ports, account, name);
    const { phoneTag, accountTag, ledgerTag } = target;
    const commitment = { purpose: 'phone-first', accountTag, phoneTag } as const;
    const [started] = await Promise.all([
      viewStarted(ports)(request, commitment),
      requireRoomForSend(ports, { ...commitment, ledgerTag }),
    ]);
    if (started) {
      const { charge, at } = await charging;
      await ports.ledgers.returnUnit(charge, at);
      return started;
    }
    return startChallenge(ports)({
      ...commitment,
      language,
      ledgerTag,
      methods,
      phone: await openPhone(ports.phoneSealKeys, target, target.madeAt),
      decoy: account?.status !== 'active',
      send: false,
      request,
    });
  });
}

/** A decoy is computed for accounts too, so that both take as long. */
async function targetOf(
  ports: Needs,
  account: Account | undefined,
  name: LoginName,
): Promise<Target> {
  const [tagger, { current }] = await Promise.all([ports.tags(), ports.phoneSealKeys()]);
  const decoy = decoyTarget(ports, current, await name.decoyTag());
  return account?.status === 'active' ? accountTarget(tagger, account, account) : decoy;
}
