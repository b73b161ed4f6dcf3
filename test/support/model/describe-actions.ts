import { phones } from './fixtures.ts';
import type { Act, Op, Subject } from './history.ts';

/** The action, for a line of a scenario. */
export function describeActions(act: Act): string {
  switch (act.kind) {
    case 'register':
      return `registers phone ${phones.indexOf(act.phone as (typeof phones)[0]) + 1}`;
    case 'reset':
      return `starts a reset for ${act.username} with ${act.nationalId}`;
    case 'send':
      return `sends #${act.on.number}`;
    case 'deliver':
      return `delivers #${act.on.number}, send ${act.send}`;
    case 'credit':
      return `counts #${act.on.number} as verified`;
    case 'verify':
      return `verifies #${act.on.number} with ${act.code === act.on.code ? 'its code' : 'a wrong code'}`;
    case 'open':
      return `opens ${act.username} with ${act.nationalId} and ${ticketInWords(act)}`;
    case 'renew':
      return `sets a new password, “${act.password}”, with ${ticketInWords(act)}`;
  }
}

const ticketInWords = ({ on, forged }: { on: Subject; forged: boolean }) =>
  `${forged ? 'a forged' : 'the'} ticket of #${on.number}`;

/** The answer, for the same line. */
export function answerOf({
  act,
  answer,
  delivery,
  attemptsLeft,
  retryAfter,
  stored,
  refusedBy,
}: Op): string {
  const extras = [
    ...(attemptsLeft === undefined ? [] : [`${attemptsLeft} left`]),
    ...(retryAfter === undefined ? [] : [`again in ${retryAfter} s`]),
    ...(refusedBy ? [`by its ${refusedBy.scope}`] : []),
  ];
  const rest = extras.length > 0 ? ` (${extras.join(', ')})` : '';
  if (answer !== 'ok') return `${answer}${rest}`;
  const good = {
    register: '202',
    reset: '202',
    send: '202',
    verify: 'a ticket',
    open: '201',
    credit: 'done',
  };
  const word = act.kind === 'deliver' ? delivery : act.kind === 'renew' ? '204' : good[act.kind];
  return stored ? `${word} #${stored.number}` : `${word}`;
}
