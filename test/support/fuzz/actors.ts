import type { Person } from '../world/world.ts';

/** Somebody with an account, and what they hold. */
export interface Actor extends Person {
  token?: string | undefined;
  idToken?: string | undefined;
  totpSecret?: string | undefined;
  readonly refreshTokens: string[];
  readonly devices: string[];
  readonly sessions: string[];
  readonly recoveryCodes: string[];
}

export interface Challenge {
  readonly id: string;
  /** Whether a code is on its way. */
  sent: boolean;
  /** When it was asked for: its code is in no earlier message. Epoch milliseconds. */
  since: number;
  readonly purpose: string;
  /** Where its code goes, where that is known. */
  readonly phone?: string | undefined;
  readonly actor?: Actor | undefined;
}

/** A secret and what it stands for. */
export interface Held {
  readonly secret: string;
  readonly purpose: string;
  readonly phone?: string | undefined;
  readonly actor?: Actor | undefined;
  /** Of an enrolment: the secret of the app. */
  readonly totpSecret?: string;
}

export const actorOf = (person: Person): Actor => ({
  ...person,
  refreshTokens: [],
  devices: [],
  sessions: [],
  recoveryCodes: [],
});
