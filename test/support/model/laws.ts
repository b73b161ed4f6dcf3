import { answers, attempts, coolDown, messages, outbox, verifications } from './code-laws.ts';
import { fewerTries } from './guess-laws.ts';
import type { Law } from './history.ts';
import { failureBudget, givenBackOnce, refusalsAreDue, sendBudgets } from './ledger-laws.ts';
import { accounts, completions, leases, tickets } from './ticket-laws.ts';

const knownAnswers: Law = (_, { answer, crash }) => {
  if (answer === 'crashed') return `crashed: ${crash}`;
  return answer === 'not_found' || answer === 'invalid_request' ? `answered ${answer}` : undefined;
};

/** The rules that hold for every call, whatever happened before it or in parallel. */
export const laws: readonly Law[] = [
  knownAnswers,
  verifications,
  attempts,
  coolDown,
  messages,
  sendBudgets,
  givenBackOnce,
  failureBudget,
  fewerTries,
  tickets,
  leases,
  accounts,
  answers,
  outbox,
  refusalsAreDue,
  completions,
];
