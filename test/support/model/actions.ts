import fc from 'fast-check';
import { addresses, nationalIds, type PasswordName, phones, usernames } from './fixtures.ts';

/**
 * The challenge that an action uses: the latest one (`back` 0) or an earlier one, of the actor or
 * of any actor.
 */
interface Which {
  readonly whose: 'own' | 'any';
  readonly back: number;
}

/**
 * The point where the function that serves a call crashes: at its n-th call of a port, before or
 * after that call was done.
 */
export interface Death {
  readonly call: number;
  readonly done: boolean;
}

export type TypedCode = 'right' | 'wrong' | 'another';

export type Action = { readonly dies?: Death | undefined } & (
  | { readonly kind: 'register'; readonly phone: string; readonly address: string }
  | {
      readonly kind: 'reset';
      readonly username: string;
      readonly nationalId: string;
      readonly address: string;
    }
  | { readonly kind: 'send'; readonly which: Which }
  /**
   * The sender gets a record of the stream: the latest one (0), or an earlier one, late or again.
   */
  | { readonly kind: 'deliver'; readonly back: number }
  | {
      readonly kind: 'verify';
      readonly which: Which;
      readonly code: TypedCode;
      readonly address: string;
    }
  /** The stream reports a challenge, verified or not, once or again. */
  | { readonly kind: 'credit'; readonly which: Which }
  | {
      readonly kind: 'open';
      readonly which: Which;
      readonly forged: boolean;
      readonly username: string;
      readonly nationalId: string;
    }
  | {
      readonly kind: 'renew';
      readonly which: Which;
      readonly forged: boolean;
      readonly password: PasswordName;
    }
  /** A second passes while other actors are in the middle of their calls. */
  | { readonly kind: 'tick' }
);

/** Time passes, then up to four actors act in parallel, each one action after the other. */
export interface Scene {
  readonly wait: number;
  /** An actor who is told when to retry does so, if no other actor is active. */
  readonly patient: boolean;
  readonly first: number;
  readonly lanes: readonly (readonly Action[])[];
}

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const dies: fc.Arbitrary<Death | undefined> = fc.oneof(
  { weight: 15, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.record({ call: fc.integer({ min: 1, max: 8 }), done: fc.boolean() }) },
);
const own: Which = { whose: 'own', back: 0 };
const which: fc.Arbitrary<Which> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(own) },
  { weight: 2, arbitrary: fc.record({ whose: fc.constant('any'), back: fc.nat(3) }) },
);
const forged = fc.nat(15).map((n) => n === 15);
const code = fc.constantFrom<TypedCode>('right', 'right', 'wrong', 'wrong', 'another');

const register = fc.record({
  kind: fc.constant('register' as const),
  dies,
  phone: pick(phones),
  address: pick(addresses),
});
const reset = fc.record({
  kind: fc.constant('reset' as const),
  dies,
  address: pick(addresses),
  username: pick(usernames),
  nationalId: pick(nationalIds),
});
/** The username and national ID of the account that exists from the start. */
const knownReset = reset.map((action) => ({
  ...action,
  username: usernames[0],
  nationalId: nationalIds[0],
}));
const send = fc.record({ kind: fc.constant('send' as const), dies, which });
const deliver = fc.record({ kind: fc.constant('deliver' as const), dies, back: fc.nat(3) });
const verify = fc.record({
  kind: fc.constant('verify' as const),
  dies,
  which,
  code,
  address: pick(addresses),
});
const credit = fc.record({ kind: fc.constant('credit' as const), dies, which });
const open = fc.record({
  kind: fc.constant('open' as const),
  dies,
  which,
  forged,
  username: pick(usernames),
  nationalId: pick(nationalIds),
});
const renew = fc.record({
  kind: fc.constant('renew' as const),
  dies,
  which,
  forged,
  password: fc.constantFrom<PasswordName>('good', 'other', 'weak'),
});
const tick = fc.constant({ kind: 'tick' as const });

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: register },
  { weight: 2, arbitrary: reset },
  { weight: 3, arbitrary: knownReset },
  { weight: 6, arbitrary: send },
  { weight: 8, arbitrary: deliver },
  { weight: 12, arbitrary: verify },
  { weight: 6, arbitrary: credit },
  { weight: 6, arbitrary: open },
  { weight: 4, arbitrary: renew },
  { weight: 1, arbitrary: tick },
);

const latest = { kind: 'deliver', back: 0 } as const;
const rightCode = { kind: 'verify', which: own, code: 'right', address: addresses[0] } as const;
const wrongCode = { kind: 'verify', which: own, code: 'wrong', address: addresses[0] } as const;
const ownSend = { kind: 'send', which: own } as const;
const ownCredit = { kind: 'credit', which: own } as const;
const completeFlow: fc.Arbitrary<Action[]> = fc.oneof(
  fc.tuple(register, open).map(toActions(([a, b]) => [a, latest, rightCode, { ...b, which: own }])),
  fc.tuple(register, credit).map(toActions(([a, b]) => [a, latest, rightCode, b, ownCredit])),
  fc
    .tuple(fc.oneof(knownReset, reset), renew)
    .map(toActions(([a, b]) => [a, ownSend, latest, rightCode, { ...b, which: own }, ownCredit])),
  fc
    .tuple(knownReset, fc.nat(3))
    .map(toActions(([a, guesses]) => [a, ownSend, latest, ...Array(guesses).fill(wrongCode)])),
  fc
    .tuple(register, fc.nat(3))
    .map(toActions(([a, guesses]) => [a, latest, ...Array(guesses).fill(wrongCode)])),
);

/** A person who has verified a phone, and an attacker who probes names with a ticket. */
const proven: fc.Arbitrary<Action[]> = fc.oneof(
  register.map(toActions((a) => [a, latest, rightCode])),
  knownReset.map(toActions((a) => [a, ownSend, latest, rightCode])),
  fc.tuple(register, open).map(
    toActions(([a, b]) => {
      const probe = { ...b, which: own, username: usernames[0] };
      return [a, latest, rightCode, ...Array(5).fill(probe)];
    }),
  ),
);

/** Several actions on the same challenge: the latest. */
const contest: fc.Arbitrary<Action[][]> = fc
  .oneof(
    fc.array(fc.oneof(open, renew), { minLength: 2, maxLength: 4 }),
    fc.array(fc.oneof(verify, send), { minLength: 2, maxLength: 4 }),
    fc.array(fc.oneof(open, renew, verify, send), { minLength: 2, maxLength: 4 }),
  )
  .map((actions) => actions.map((action) => [{ ...action, which: { whose: 'any', back: 0 } }]));

function toActions<Drawn>(compose: (drawn: Drawn) => Action[]) {
  return compose;
}

const lane = fc.oneof(
  { weight: 5, arbitrary: fc.array(anyAction, { minLength: 1, maxLength: 3 }) },
  { weight: 2, arbitrary: completeFlow },
  { weight: 1, arbitrary: proven },
);

const wait = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.constantFrom(1, 20, 59, 60, 61) },
  { weight: 2, arbitrary: fc.constantFrom(299, 300, 600, 1800, 3600, 24 * 3600) },
);
const lanes = fc.oneof(
  { weight: 2, arbitrary: fc.array(lane, { minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: fc.array(lane, { minLength: 2, maxLength: 4 }) },
  { weight: 1, arbitrary: contest },
);
const scene: fc.Arbitrary<Scene> = fc.record({
  wait,
  lanes,
  patient: fc.boolean(),
  first: fc.nat(3),
});

/** @param scenes the maximum number of scenes */
export const scenario = (scenes: number): fc.Arbitrary<Scene[]> =>
  fc.array(scene, { minLength: 1, maxLength: scenes, size: 'max' });

/** Creates the account that exists from the start. */
export const prelude: Scene = {
  wait: 0,
  patient: false,
  first: 0,
  lanes: [
    [
      { kind: 'register', phone: phones[0], address: addresses[0] },
      latest,
      rightCode,
      {
        kind: 'open',
        which: own,
        forged: false,
        username: usernames[0],
        nationalId: nationalIds[0],
      },
    ],
  ],
};
/**
 * Complete flows of honest people and of attackers who guess: random actions alone rarely get that
 * far.
 */
