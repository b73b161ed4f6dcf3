import type { Certainty } from '../challenge-ports.ts';
import type { Ports } from '../ports.ts';
import type { SmsAnswer, SmsMessage, SmsRoute } from '../sms-ports.ts';
import { payFor } from './breaker.ts';
import type { Challenge } from './challenge.ts';

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'challenges' | 'sms' | 'spendings' | 'breakers' | 'spending'
>;

/** What asking the providers once, in turn, came to. */
export interface Round extends Certainty {
  /**
   * `later`: somebody may take it another time. `over`: nobody will, or nobody may be asked again. `overtaken`:
   * somebody else delivers it, or it is no longer owed.
   */
  readonly kind: 'accepted' | 'later' | 'no-budget' | 'over' | 'overtaken';
  /** Who took it. */
  readonly provider?: string;
  /** A provider is in trouble. */
  readonly troubled: boolean;
}

/** Seconds after which no further provider is asked: with the time-out of the last one, less than the function has. */
const budgetSeconds = 12;

/**
 * How often one provider is asked for one send without a definite answer. A second time, because a function that dies
 * before it asks leaves the same note as one that dies after; no more, because each may be one more SMS.
 */
const mostAsks = 2;

/**
 * Asks the providers for one send, one after the other, until one takes it. Each is noted on the challenge before it is
 * asked: from then on its code may be out. Who says no is struck off again, and paid back; who says nothing is not.
 */
export const askProviders =
  (ports: Needs) =>
  async (challenge: Challenge, sendNumber: number, message: SmsMessage): Promise<Round> => {
    const { clock, sms } = ports;
    const giveUpAt = Math.min(clock() + budgetSeconds, challenge.expiresAt ?? challenge.sendBy);
    const notes = takeNotes(ports, challenge, sendNumber);
    const outcome = (kind: Round['kind']) => ({ kind, troubled, ...notes.certainty() });
    const mayBeAsked = ({ name }: SmsRoute): boolean =>
      !challenge.failedBy?.includes(name) && notes.count(name) < mostAsks;
    let [troubled, refused, again] = [false, false, false];

    for (const route of sms.inOrder(sendNumber)) {
      if (!mayBeAsked(route)) continue;
      // Where another one answers, nobody waits for a provider at rest: it would hold up those behind this send.
      if (clock() >= giveUpAt || (route.resting && refused)) {
        again = true;
        continue;
      }
      const refund = await payFor(ports)(challenge.purpose, message.phone);
      if (!refund) return outcome('no-budget');
      if (!(await orRefund(refund, () => notes.add(route.name)))) {
        await refund();
        return outcome('overtaken');
      }
      const answer = await route.send(message);
      if (answer.kind === 'accepted') return { ...outcome('accepted'), provider: route.name };
      if (answer.kind !== 'unknown') {
        notes.strikeOff();
        await refund();
      }
      refused ||= answer.kind === 'refused';
      troubled ||= isTrouble(answer);
      again ||= answer.kind === 'failed' || (answer.kind === 'unknown' && mayBeAsked(route));
    }
    return outcome(again ? 'later' : 'over');
  };

async function orRefund<Result>(
  refund: () => Promise<void>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await refund();
    throw error;
  }
}

/** Whether an answer says of its provider, and not of the message, that something is wrong. */
export const isTrouble = (answer: SmsAnswer): boolean =>
  answer.kind === 'unknown' || (answer.kind === 'failed' && answer.troubled);

/** The note on the challenge of who may have the send. */
function takeNotes(
  { challenges, entropy }: Pick<Ports, 'challenges' | 'entropy'>,
  { idHash, asked: found = [], handedOver = false }: Challenge,
  sendNumber: number,
) {
  let asked = found;
  // What the challenge says. Striking off needs no write of its own: whatever is written next says it.
  let written = found;
  return {
    count: (name: string): number => asked.filter((other) => other === name).length,
    async add(name: string): Promise<boolean> {
      const next = [...asked, name];
      const note = { was: written, asked: next, nonce: entropy(12).toString('base64url') };
      if (!(await challenges.ask(idHash, sendNumber, note))) return false;
      [asked, written] = [next, next];
      return true;
    },
    strikeOff(): void {
      asked = asked.slice(0, -1);
    },
    certainty: (): Certainty => ({ asked, handedOver: handedOver || asked.length > 0 }),
  };
}
