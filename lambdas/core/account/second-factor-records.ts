import { securityEvent } from '../audit/compose-records.ts';
import type { Account } from '../model/account.ts';
import type { Origin, Records, SecurityEventType } from '../model/records.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'entropy'>;

/**
 * The events of a change of second factors. `sms-sender` sees the change in the table's stream and
 * tells the owner: an attacker who changes authenticators may be taking the account over.
 */
export function secondFactorRecords(
  ports: Needs,
  account: Account,
  origin: Origin,
  types: SecurityEventType[],
): Records {
  const { userId } = account;
  const events =
    userId === undefined ? [] : types.map((type) => securityEvent(ports, type, userId, origin));
  return { events, notices: [] };
}
