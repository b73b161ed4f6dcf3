import { unjudgedBy } from '../budgets/return-unjudged.ts';
import type { Ports } from '../ports/index.ts';
import type { HeldTicket } from './claim-ticket.ts';

/**
 * Runs the steps of a completion. If nobody judged them, the ticket's lease ends and its use is returned: a claimant who
 * repeats the request during an outage loses no use (docs/decisions/0032). Other input is another request, and costs one.
 *
 * After a lost answer lease and use stay. The directory may still be setting this request's password, and must not
 * overwrite that of another request. The same request resumes at once in both cases.
 */
export const endLeaseIfUnjudged =
  ({ challenges, clock }: Pick<Ports, 'challenges' | 'clock'>) =>
  async <Result>(
    { challenge, usedBy }: HeldTicket,
    complete: () => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await complete();
    } catch (error) {
      if (unjudgedBy(error) === 'not-judged') {
        await challenges.endLease(challenge.idHash, usedBy, clock()).catch(() => undefined);
      }
      throw error;
    }
  };
