import type { Places } from '../account.ts';
import { unseal } from '../crypto/seal.ts';
import type { Ports, Settlement, SmsAnswer } from '../ports.ts';
import { payFor } from './breaker.ts';
import { type Challenge, phoneContext, stateOf } from './challenge.ts';
import { deriveCode } from './code.ts';
import { codeMessage, phoneFullMessage } from './messages.ts';

type Needs = Pick<
  Ports,
  | 'clock'
  | 'keys'
  | 'limits'
  | 'challenges'
  | 'accounts'
  | 'sms'
  | 'portalHost'
  | 'spendings'
  | 'breakers'
  | 'spending'
>;

/** What became of one send the outbox owed. */
export type Outcome =
  | 'decoy'
  | 'expired'
  | 'no-budget'
  | 'phone-full'
  | 'refused'
  | 'sent'
  | 'settled-before';

/**
 * Delivers one send of a challenge, as the table's stream hands it over: at least once, so the outbox mark is
 * read again first and cleared last. A crash between the two repeats the SMS, with the same code; the other
 * order would lose it.
 * @throws whatever the gateway or the table said; the stream tries again until the code is dead
 */
export const deliverChallenge =
  (ports: Needs) =>
  async (idHash: string, sendNumber: number): Promise<Outcome> => {
    const { clock, limits, challenges, sms } = ports;
    const challenge = await challenges.find(idHash);
    if (challenge?.outbox !== sendNumber) return 'settled-before';

    // It arrived, whoever died before saying so.
    if (challenge.delivery === 'delivered') return settle('sent', { delivery: 'sent' });
    // It looks like any other that was sent.
    if (challenge.decoy) return settle('decoy', { delivery: 'sent' });
    // A locked one still goes out: it tells the owner that somebody is guessing.
    if (stateOf(challenge, clock(), limits) === 'gone') {
      return settle('expired', { delivery: 'failed' });
    }
    const phone = await openPhone(ports, challenge);
    const full = await isFull(ports, challenge);
    const body = full
      ? phoneFullMessage(challenge.language)
      : await composeMessage(ports, challenge);
    const refund = await payFor(ports)(challenge.purpose, phone);
    if (!refund) return settle('no-budget', { delivery: 'failed' });
    const answer = await orRefund(ports, refund, () =>
      sms.send({
        ...{ phone, body, sendNumber, reference: `${idHash}.${sendNumber}` },
        until: challenge.expiresAt ?? challenge.sendBy,
        ...(challenge.failedBy && { avoid: challenge.failedBy }),
      }),
    );
    const settlement = settlementOf(answer);
    if (full) return settle('phone-full', { ...settlement, decoy: true });
    return settle(answer.kind === 'accepted' ? 'sent' : 'refused', settlement);

    async function settle(outcome: Outcome, as: Settlement): Promise<Outcome> {
      await challenges.settle(idHash, sendNumber, as);
      return outcome;
    }
  };

/** Seconds for which a failed send is taken as a sign that delivery as a whole is in trouble. */
const troubleSeconds = 60;

/** An SMS that did not go out costs nothing: else an outage that is retried would use up the day's money. */
async function orRefund(
  { breakers, clock }: Needs,
  refund: () => Promise<void>,
  send: () => Promise<SmsAnswer>,
): Promise<SmsAnswer> {
  try {
    const answer = await send();
    if (answer.kind === 'refused') await refund();
    return answer;
  } catch (error) {
    await refund();
    await breakers.open('delivery', 'password-reset', clock() + troubleSeconds);
    throw error;
  }
}

const settlementOf = (answer: SmsAnswer): Settlement =>
  answer.kind === 'accepted'
    ? { delivery: 'sent', provider: answer.provider }
    : { delivery: 'failed' };

async function openPhone({ keys }: Needs, challenge: Challenge): Promise<string> {
  return unseal(keys, phoneContext(challenge.phoneTag), challenge.phone);
}

/**
 * Whether a registration's phone has no place left. Looked up here and not at the start, because here nobody
 * can time it: a full phone gets the same answer as any other, and an SMS that says so.
 */
async function isFull({ accounts, clock, limits }: Needs, challenge: Challenge): Promise<boolean> {
  if (challenge.purpose !== 'registration') return false;
  const places = await accounts.openPlaces(challenge.phoneTag);
  const lapsed = Object.keys(lapsedPlaces(places, clock()));
  return Object.keys(places).length - lapsed.length >= limits.accountsPerPhone;
}

/** Places of registrations that never finished. */
export function lapsedPlaces(places: Places, now: number): Places {
  const lapsed = Object.entries(places).filter(([, lapsesAt]) => lapsesAt > 0 && lapsesAt <= now);
  return Object.fromEntries(lapsed);
}

async function composeMessage({ keys, limits, portalHost }: Needs, challenge: Challenge) {
  const keySet = (await keys(challenge.keyVersion)).version(challenge.keyVersion);
  if (!keySet) throw new Error(`No keys of version ${challenge.keyVersion}`);
  const code = deriveCode(keySet, challenge.idHash, limits.codeLength);
  return codeMessage(challenge.purpose, challenge.language, code, portalHost);
}
