import { chargeAccount } from './charge-account.ts';

/**
 * Counts one change that its owner is told of by SMS: in a loop, they would be an SMS each that nobody has to verify.
 * Changes of password, authenticator app and recovery codes of one account are counted all together. To be called once
 * the current password, or the app, was confirmed, so that nobody else uses the budget up. One AWS call.
 * @throws Problem too_many_requests
 */
export const chargeSensitiveChange = chargeAccount('sensitive-change', {
  usesPerPart: 6,
  usesPerWindow: 12,
});
