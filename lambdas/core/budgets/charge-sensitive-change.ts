import { chargeAccount } from './charge-account.ts';

/**
 * Counts one sensitive change of an account. Each change sends its owner a notice, so changes in a loop would cost SMS
 * without any verified code. Changes of password, authenticator app and recovery codes share one budget. Call it after
 * the current password or the app was confirmed, so that only the owner can use up the budget. One AWS call.
 * @throws Problem too_many_requests
 */
export const chargeSensitiveChange = chargeAccount('sensitive-change', {
  usesPerPart: 6,
  usesPerWindow: 12,
});
