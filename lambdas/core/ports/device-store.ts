import type { Device } from '../model/session.ts';

/** Remembered devices. */
export interface DeviceStore {
  /**
   * Counts a login attempt on a device, if the device is remembered and its budget has room. Remembered devices have
   * their own budgets, so that a stranger who uses up the account's budget does not lock out its owner.
   * @param now epoch seconds
   * @returns with `refused`, the epoch seconds until which the budget stays full
   */
  countLogin(
    of: Pick<Device, 'userId' | 'deviceId'>,
    limits: { perHour: number; perDay: number },
    now: number,
  ): Promise<
    { kind: 'known'; device: Device } | { kind: 'unknown' } | { kind: 'refused'; until: number }
  >;
  /**
   * Takes back an attempt that `countLogin` counted. The store does not detect a repeated call.
   * @param countedAt the instant of the count, epoch seconds
   * @param lostAnswers for a call whose answer was lost: attempts of a day that may be taken back for that
   */
  returnLogin(
    of: Pick<Device, 'userId' | 'deviceId'>,
    countedAt: number,
    lostAnswers?: { readonly most: number },
  ): Promise<void>;
  list(userId: string): Promise<Device[]>;
  /** Forgets all devices of a user. @param except id of a device to keep */
  forgetAll(userId: string, except?: string): Promise<void>;
}
