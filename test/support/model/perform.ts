import { inspect } from 'node:util';
import { creditVerifiedCode } from '#core/budgets/credit-verified-code.ts';
import { readChallengeId } from '#core/challenge/id.ts';
import { readTicket } from '#core/challenge/ticket.ts';
import { verifySmsCode } from '#core/challenge/verify-sms-code.ts';
import { deliverChallenge } from '#core/delivery/deliver-challenge.ts';
import { completePasswordReset } from '#core/flows/complete-password-reset.ts';
import { completeRegistration } from '#core/flows/complete-registration.ts';
import { sendChallenge } from '#core/flows/send-challenge.ts';
import { startPasswordReset } from '#core/flows/start-password-reset.ts';
import { startRegistration } from '#core/flows/start-registration.ts';
import { Problem } from '#core/model/problems.ts';
import type { Ports } from '#core/ports/index.ts';
import { origin } from '../fakes/builders.ts';
import { keys, passwords, termsVersion } from './fixtures.ts';
import type { Op, Subject } from './history.ts';
import { Died } from './watched-ports.ts';

const language = 'en' as const;

/**
 * Runs the real use case of a call.
 * @returns its answer
 */
export async function perform(ports: Ports, op: Op): Promise<Partial<Op>> {
  try {
    return { answer: 'ok', ...(await run(ports, op)) };
  } catch (error) {
    if (error instanceof Problem) {
      const { attemptsLeft, retryAfter } = error.extras;
      return {
        answer: error.code,
        ...(attemptsLeft !== undefined && { attemptsLeft }),
        ...(retryAfter !== undefined && { retryAfter }),
      };
    }
    if (error instanceof Died) return { answer: 'died' };
    return { answer: 'crashed', crash: inspect(error) };
  }
}

async function run(ports: Ports, op: Op): Promise<Partial<Op>> {
  const { act, address } = op;
  switch (act.kind) {
    case 'register':
      return told(op, await startRegistration(ports)({ phone: act.phone, address, language }));
    case 'reset': {
      const { username, nationalId } = act;
      return told(op, await startPasswordReset(ports)({ username, nationalId, address, language }));
    }
    case 'send':
      await sendChallenge(ports)({ address: async () => address, id: idOf(act.on) });
      return {};
    case 'deliver': {
      const owed = { idHash: act.on.idHash, sendNumber: act.send, round: 0 };
      return { delivery: await deliverChallenge(ports)(owed) };
    }
    case 'credit':
      await creditVerifiedCode(ports)(act.on.idHash);
      return {};
    case 'verify': {
      const { on, code } = act;
      const { ticket } = await verifySmsCode(ports)({ id: idOf(on), code, address });
      const read = await readTicket(ports)(ticket);
      if (read?.challengeId.id !== on.id) throw new Error('A ticket of another challenge');
      on.ticket = ticket;
      return {};
    }
    case 'open': {
      const { username, nationalId, forged } = act;
      const ticket = await ticketOf(ports, act.on, forged);
      const person = {
        username,
        nationalId,
        password: passwords.good,
        language,
        termsVersion,
        origin,
      };
      await completeRegistration(ports)({ ...person, ticket });
      return {};
    }
    case 'renew': {
      const ticket = await ticketOf(ports, act.on, act.forged);
      await completePasswordReset(ports)({ ticket, newPassword: act.password, origin });
      return {};
    }
  }
}

function told({ stored }: Op, { id }: { id: string }): Partial<Op> {
  if (!stored) throw new Error('A challenge that was not stored');
  stored.id = id;
  return {};
}

function idOf({ id }: Subject): string {
  if (id === undefined) throw new Error('No claimant was told this id');
  return id;
}

/**
 * The ticket of a challenge. Before one was returned, it is one that is signed too early: the status
 * in the table must refuse it.
 */
async function ticketOf({ clock }: Ports, subject: Subject, forged: boolean): Promise<string> {
  const challengeId = readChallengeId(idOf(subject));
  if (!challengeId) throw new Error('The challenge id is malformed');
  const ticket = subject.ticket ?? (await keys.ticket(challengeId, clock()));
  return forged ? forge(ticket) : ticket;
}

/** Changes a character in the middle of the signature. */
function forge(ticket: string): string {
  const place = ticket.length - 40;
  return `${ticket.slice(0, place)}${ticket[place] === 'A' ? 'B' : 'A'}${ticket.slice(place + 1)}`;
}
