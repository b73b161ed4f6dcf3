import type { Person } from '../world/world.ts';

/** A person with an account, and the secrets of that person. */
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
  /** Whether a code was sent. */
  sent: boolean;
  /** The instant of the request: no earlier message has its code. Epoch milliseconds. */
  since: number;
  readonly purpose: string;
  /** The phone that gets the code, if it is known. */
  readonly phone?: string | undefined;
  readonly actor?: Actor | undefined;
}

/** A secret and what it belongs to. */
export interface Held {
  readonly secret: string;
  readonly purpose: string;
  readonly phone?: string | undefined;
  readonly actor?: Actor | undefined;
  /** For an enrolment: the secret of the app. */
  readonly totpSecret?: string;
}

export const actorOf = (person: Person): Actor => ({
  ...person,
  refreshTokens: [],
  devices: [],
  sessions: [],
  recoveryCodes: [],
});
