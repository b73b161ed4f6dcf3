import {
  type History,
  isBefore,
  isOf,
  isUnsure,
  type Law,
  mayHaveDone,
  type Op,
  type OpOf,
  opsOf,
  phoneOf,
  type Subject,
} from './history.ts';

/** Longer than a function may run. */
const leaseSeconds = 20;

type Use = OpOf<'open' | 'renew'>;

const usesOf = (history: History, subject: Subject): Use[] =>
  opsOf(history, 'open', 'renew').filter(({ act }) => act.on === subject);
const purposeOf = ({ act }: Use) => (act.kind === 'open' ? 'registration' : 'password-reset');
/** Two requests are the same one if this text is equal. */
const requestOf = ({ act }: Use) =>
  JSON.stringify(
    act.kind === 'open' ? [act.kind, act.username, act.nationalId] : [act.kind, act.password],
  );
/** Answers that a caller gets only with a valid ticket. */
const isAnswered = ({ answer }: Op) =>
  answer !== undefined &&
  ['ok', 'username_taken', 'identity_registered', 'phone_full'].includes(answer);
const opened = (history: History) => opsOf(history, 'open').filter((op) => op.answer === 'ok');

/**
 * A ticket is valid for a verified challenge, for its flow, until its expiry; one request succeeds
 * with it.
 */
export const tickets: Law = (history, op) => {
  if (!isOf(op, 'open', 'renew') || !isAnswered(op)) return undefined;
  const { on, forged } = op.act;
  if (forged) return 'took a forged ticket';
  if (on.purpose !== purposeOf(op)) return 'took a ticket of another flow';
  const verified = opsOf(history, 'verify').filter(
    (other) => other.act.on === on && mayHaveDone(other) && other.begin < op.end,
  );
  if (verified.length === 0) return 'took a ticket of a challenge that was not verified';
  const last = Math.max(...verified.map(({ endedAt }) => endedAt)) + history.limits.ticketSeconds;
  if (op.startedAt >= last) return 'took a ticket after its expiry';
  const others = usesOf(history, on).filter((other) => other !== op);
  const won = others.filter(({ answer }) => answer === 'ok');
  if (won.some((other) => isBefore(other, op))) return 'took a ticket that was spent';
  const twins = won.every((other) => requestOf(other) === requestOf(op));
  if (op.answer === 'ok' && !twins) return 'one ticket served two requests';
  const uses = usesOf(history, on).filter(isAnswered).length;
  return uses > history.limits.usesPerTicket ? `took a ticket ${uses} times` : undefined;
};

/**
 * While one request has a ticket, no other request gets it. After a crash this lasts until the
 * lease ends.
 */
export const leases: Law = (history, op) => {
  if (!isOf(op, 'open', 'renew')) return undefined;
  const { claimed } = op;
  if (claimed === undefined) return undefined;
  const uses = usesOf(history, op.act.on);
  const held = uses.some((other) => {
    const since = other.claimed ?? Number.POSITIVE_INFINITY;
    const before = since < claimed;
    // Replays of a request share one lease. The first one that is refused releases it, and the
    // writes of the other check it.
    const back = uses.some(
      ({ released = -1, ...twin }) =>
        released > since && released < claimed && requestOf(twin) === requestOf(other),
    );
    const lasts = op.endedAt < other.startedAt + leaseSeconds;
    return other !== op && before && !back && lasts && requestOf(other) !== requestOf(op);
  });
  return held ? 'took a ticket that another request has' : undefined;
};

/** A username and a national ID have one account each, and a phone never exceeds its slots. */
export const accounts: Law = (history, op) => {
  if (!isOf(op, 'open') || op.answer !== 'ok') return undefined;
  const { username, nationalId, on } = op.act;
  const others = opened(history).filter((other) => other.act.on !== on);
  if (others.some(({ act }) => act.username === username)) return `second account ${username}`;
  if (others.some(({ act }) => act.nationalId === nationalId)) return `second ${nationalId}`;
  const here = others.filter(({ act }) => phoneOf(act.on) === phoneOf(on));
  const places = new Set(here.map(({ act }) => act.on)).size + 1;
  return places > history.limits.accountsPerPhone ? `${places} accounts on a phone` : undefined;
};

/**
 * When no other call is in progress, a valid ticket opens an account with free names, and names the
 * conflict otherwise.
 */
export const completions: Law = (history, op) => {
  if (!isOf(op, 'open', 'renew') || !op.alone || isUnsure(op)) return undefined;
  const { on, forged } = op.act;
  const verify = opsOf(history, 'verify').find(
    (other) => other.act.on === on && other.answer === 'ok',
  );
  const before = usesOf(history, on).filter((other) => other !== op);
  const lives = verify && op.endedAt < verify.startedAt + history.limits.ticketSeconds;
  const used = before.some(({ answer }) => answer === 'ok');
  // The laws of lease and lapse decide what an unfinished call still holds.
  const unsure = opsOf(history, 'open', 'renew', 'deliver').some(
    (other) => other !== op && isUnsure(other),
  );
  const good = lives && !used && !forged && on.purpose === purposeOf(op);
  if (unsure || !good || before.length >= history.limits.usesPerTicket) return undefined;
  const expected = op.act.kind === 'open' ? answerToOpen(op.act) : answerToRenew(op.act.password);
  return op.answer === expected ? undefined : `answered ${op.answer} where ${expected} is due`;

  function answerToOpen(act: OpOf<'open'>['act']): Op['answer'] {
    const others = opened(history).filter((other) => other !== op);
    const here = others.filter((other) => phoneOf(other.act.on) === phoneOf(on));
    const places = new Set(here.map((other) => other.act.on)).size;
    // A full phone comes first, so that its tickets tell nothing of other people's names.
    if (places >= history.limits.accountsPerPhone) return 'phone_full';
    if (others.some((other) => other.act.username === act.username)) return 'username_taken';
    const taken = others.some((other) => other.act.nationalId === act.nationalId);
    return taken ? 'identity_registered' : 'ok';
  }

  function answerToRenew(password: string): Op['answer'] {
    return password.length < 12 ? 'password_rejected' : 'ok';
  }
};
