import { namedNotices } from '../audit/compose-records.ts';
import { newDeviceCharge } from '../budgets/new-device-notices.ts';
import type { Account } from '../model/account.ts';
import type { ChargedUnit } from '../model/ledger.ts';
import type { Notice } from '../model/records.ts';
import type { Tokens } from '../model/session.ts';
import type { Ports } from '../ports/index.ts';
import { readClaims } from './open-session.ts';
import { isRecognised } from './recognition.ts';

/** Seconds after the opening of an account in which its owner gets no notice of a login. */
const freshSeconds = 3600;

/** What tells an owner of a login on a new device, to be written in the transaction that opens the session. */
export interface NewDeviceNotice {
  readonly notices: readonly Notice[];
  readonly charge: ChargedUnit;
}

/**
 * The notice of a login on a device that is not remembered.
 * @param recognition what the client kept of earlier logins, as it sent it
 * @returns undefined where the browser is recognised, and for an account that was opened a moment ago
 */
export const newDeviceNotice =
  (ports: Pick<Ports, 'clock' | 'entropy' | 'phoneSealKeys' | 'sessionKeys' | 'tags'>) =>
  async (
    account: Account,
    { accessToken }: Pick<Tokens, 'accessToken'>,
    recognition: string | undefined,
  ): Promise<NewDeviceNotice | undefined> => {
    const { userId, createdAt } = account;
    if (ports.clock() < createdAt + freshSeconds) return undefined;
    if (userId !== undefined && (await isRecognised(ports)(recognition, account, userId))) {
      return undefined;
    }
    const charge = await newDeviceCharge(ports, account);
    const { username } = readClaims(accessToken);
    return { notices: await namedNotices(ports, 'new-device', account, username), charge };
  };
