import type { Device } from '../model/session.ts';

export interface DeviceStore {
  /**
   * Counts a try to log in on a device, if it is remembered and its budget has room: known devices have budgets of
   * their own, so that a stranger who uses up the account's locks nobody out.
   */
  countLogin(
    of: Pick<Device, 'userId' | 'deviceId'>,
    limits: { perHour: number; perDay: number },
    now: number,
  ): Promise<
    { kind: 'known'; device: Device } | { kind: 'unknown' } | { kind: 'refused'; until: number }
  >;
  list(userId: string): Promise<Device[]>;
  /** @param except id of one that stays */
  forgetAll(userId: string, except?: string): Promise<void>;
}
