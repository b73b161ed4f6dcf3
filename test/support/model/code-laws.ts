import {
  accountOfReset,
  expiryOf,
  type History,
  isBefore,
  isOf,
  isReal,
  isUnsure,
  type Law,
  mayHaveDone,
  type Op,
  opsOf,
  phoneOf,
  type Subject,
  sendsOf,
  wasHandedOver,
} from './history.ts';

const verifiesOf = (history: History, subject: Subject) =>
  opsOf(history, 'verify').filter(({ act }) => act.on === subject);
const deliveriesOf = (history: History, subject: Subject) =>
  opsOf(history, 'deliver').filter(({ act }) => act.on === subject);
const isWrong = ({ answer }: Op) => answer === 'code_incorrect';

/**
 * A code verifies once, in time, on its own challenge, which was sent, is no decoy and has tries
 * left.
 */
export const verifications: Law = (history, op) => {
  if (!isOf(op, 'verify') || op.answer !== 'ok') return undefined;
  const { on, code } = op.act;
  const others = verifiesOf(history, on).filter((other) => other !== op);
  if (others.some(({ answer }) => answer === 'ok')) return 'verified a second time';
  if (code !== on.code) return 'verified with a code that is not its own';
  if (isReal(history, on) === 'no') return 'verified a decoy';
  const full = deliveriesOf(history, on).some(
    (other) => other.delivery === 'phone-full' && isBefore(other, op),
  );
  if (full) return 'verified a challenge whose phone was full';
  const sends = sendsOf(history, on).filter(mayHaveDone);
  if (!sends.some((other) => other.begin < op.end)) return 'verified a code that was never sent';
  if (!wasHandedOver(history, on, op, 'possible'))
    return 'verified a code that no provider was handed';
  if (op.startedAt >= expiryOf(history, on).to) return 'verified after its expiry';
  const wrong = others.filter((other) => isWrong(other) && isBefore(other, op)).length;
  return wrong >= on.tries ? `verified after ${wrong} wrong codes` : undefined;
};

/** A challenge answers no more guesses than it may, and the number of attempts left is true. */
export const attempts: Law = (history, op) => {
  if (!isOf(op, 'verify') || !isWrong(op)) return undefined;
  const wrong = verifiesOf(history, op.act.on).filter(isWrong);
  if (wrong.length > op.act.on.tries) return `answered ${wrong.length} wrong codes`;
  if (op.alone && op.attemptsLeft === undefined) return 'does not say how many attempts are left';
  const same = wrong.filter(({ attemptsLeft }) => attemptsLeft === op.attemptsLeft).length;
  return same > 1 ? `tells twice that ${op.attemptsLeft} attempts are left` : undefined;
};

/** When no other call is in progress, the answer is the one the model expects. */
export const answers: Law = (history, op) => {
  if (!op.alone || isUnsure(op) || !isOf(op, 'verify', 'send')) return undefined;
  const { on } = op.act;
  const before = [...verifiesOf(history, on), ...sendsOf(history, on)].filter((o) => o !== op);
  const deliveries = deliveriesOf(history, on);
  const { from, to } = expiryOf({ ...history, ops: history.ops.filter((o) => o !== op) }, on);
  const unsure = [...before, ...deliveries].some(isUnsure) || isReal(history, on) === 'maybe';
  if (unsure || (op.endedAt >= from && op.startedAt < to)) return undefined;
  const verified = before.some((other) => isOf(other, 'verify') && other.answer === 'ok');
  const expected = verified || op.startedAt >= to ? 'challenge_expired' : answerOfLive();
  if (!expected || op.answer === expected) return undefined;
  return `answered ${op.answer} where ${expected} is due`;

  function answerOfLive(): Op['answer'] {
    const wrong = before.filter(isWrong).length;
    if (wrong >= on.tries) return 'challenge_locked';
    // The laws of ledgers and cool-down decide whether a send is due.
    if (!isOf(op, 'verify')) return op.answer === 'too_many_requests' ? op.answer : 'ok';
    const full = deliveries.some(({ delivery }) => delivery === 'phone-full');
    const sent = wasHandedOver(history, on, op, 'sure');
    const good = op.act.code === on.code && sent && !full && isReal(history, on) === 'yes';
    return good ? 'ok' : 'code_incorrect';
  }
};

/** Two sends of a challenge keep their minimum distance, and no claimant waits longer than that. */
export const coolDown: Law = (history, op) => {
  if (!isOf(op, 'send')) return undefined;
  const { resendSeconds } = history.limits;
  const others = sendsOf(history, op.act.on).filter((other) => other !== op);
  const sent = others.filter(({ answer }) => answer === 'ok');
  if (op.answer === 'ok') {
    const near = sent.some(({ startedAt }) => op.endedAt - startedAt < resendSeconds);
    return near ? 'sent again too soon' : undefined;
  }
  if (op.answer !== 'too_many_requests' || op.refusedBy || !op.alone) return undefined;
  const due = others.filter(mayHaveDone).some((o) => op.startedAt - o.endedAt < resendSeconds);
  return due ? undefined : 'refused a resend that was due';
};

/**
 * An SMS goes to the challenge's phone, in time, before verification, never for a decoy, always
 * with one code.
 */
export const messages: Law = (history, op) => {
  if (!isOf(op, 'deliver') || op.sms.length === 0) return undefined;
  const { on } = op.act;
  const { start } = on;
  if (op.sms.length > 1) return 'sent two SMS at once';
  if (isReal(history, on) === 'no') return 'sent an SMS for a decoy';
  const phone = isOf(start, 'reset') ? accountOfReset(history, start).phone : phoneOf(on);
  if (op.sms[0]?.phone !== phone) return `sent an SMS to ${op.sms[0]?.phone}`;
  if (op.startedAt >= expiryOf(history, on).to) return 'sent an SMS after its code expired';
  const done = verifiesOf(history, on).some(
    (other) => other.answer === 'ok' && isBefore(other, op),
  );
  if (done) return 'sent an SMS after its code was used';
  const all = deliveriesOf(history, on);
  const codes = all.flatMap(({ sms }) => sms.flatMap(({ body }) => /#(\d+)$/.exec(body) ?? []));
  if (new Set(codes).size > 2) return 'sent two SMS with different codes';
  const sent = all.filter(({ sms }) => sms.length > 0);
  const again = sent.filter((other) => other.act.send === op.act.send && !isUnsure(other));
  return again.length > 1 ? 'sent one SMS twice' : undefined;
};

/**
 * The outbox delivers what it owes: a send is settled only after its delivery, or after a newer
 * send.
 */
export const outbox: Law = (history, op) => {
  if (!isOf(op, 'deliver') || op.answer !== 'ok') return undefined;
  const { on, send } = op.act;
  const others = deliveriesOf(history, on).filter((other) => other !== op);
  const newer = sendsOf(history, on).filter(mayHaveDone).length > send;
  const same = others.some(
    (other) => other.act.send === send && !(other.delivery === undefined && other.answer === 'ok'),
  );
  if (op.delivery === 'settled-before') return newer || same ? undefined : 'never delivered it';
  if (op.delivery !== 'expired' || !op.alone) return undefined;
  const gone =
    op.endedAt >= expiryOf(history, on).from ||
    verifiesOf(history, on).some((other) => mayHaveDone(other));
  return gone ? undefined : 'dropped an SMS whose code lives';
};
