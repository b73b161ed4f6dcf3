import fc, { type Arbitrary } from 'fast-check';
import type { Field } from './schema-arbitrary.ts';

/**
 * A placeholder for a value that only the run knows: its kind, its variant, and which of the
 * existing values.
 */
export class Slot {
  readonly kind: string;
  readonly variant: string;
  /** From 0 to 1. */
  readonly pick: number;

  constructor(kind: string, variant: string, pick: number) {
    this.kind = kind;
    this.variant = variant;
    this.pick = pick;
  }
}

const parts = 2 ** 24;

/**
 * An evenly distributed number from 0 to 1. `fc.double` is below 0.001 as often as above it, and
 * would nearly always pick the first element.
 */
export const share = (): Arbitrary<number> =>
  fc.noBias(fc.integer({ min: 0, max: parts - 1 })).map((part) => part / parts);

type Weights = Record<string, number>;

/** `schema`: a value that the schema alone generates. */
const secret = { live: 12, spent: 1, foreign: 1, tampered: 1, schema: 1 };
const known = { own: 14, another: 1, fresh: 1, schema: 2 };
const password = { own: 14, wrong: 2, schema: 1 };
const code = { right: 10, arabic: 3, wrong: 4, schema: 1 };

/**
 * The variants of each field and their weights, by the field's name, or by body and field when the
 * body uses the name differently.
 */
const fields: Record<string, Weights> = {
  phone: { fresh: 10, local: 3, own: 2, landline: 1, abroad: 1, schema: 2 },
  username: known,
  nationalId: known,
  'LogIn.username': { ...known, nationalId: 4 },
  // The pair of one person, or of two.
  'RemindUsername.phone': { own: 10, fresh: 3, local: 2, landline: 1, schema: 1 },
  'CompleteRegistration.username': { fresh: 14, another: 1, schema: 2 },
  'CompleteRegistration.nationalId': { fresh: 14, another: 1, schema: 2 },
  'CompleteRegistration.password': { fresh: 14, common: 1, schema: 1 },
  password,
  currentPassword: password,
  newPassword: { fresh: 14, common: 1, schema: 1 },
  confirmPassword: { fresh: 14, wrong: 1, schema: 1 },
  termsVersion: { current: 10, old: 1, schema: 1 },
  ticket: secret,
  'StartTransaction.purpose': { listed: 10, schema: 1 },
  display: { sensible: 10, schema: 3 },
  enrolment: secret,
  refreshToken: { ...secret, access: 1 },
  device: secret,
  recognition: { schema: 1 },
  code,
  'VerifyChallenge.method': { fitting: 10, schema: 2 },
};

const parameters: Record<string, Weights> = {
  'challenges.id': { live: 14, spent: 2, tampered: 1, foreign: 1, schema: 1 },
  'sessions.id': { own: 8, another: 1, tampered: 1, schema: 1 },
  'accept-language': { ar: 3, en: 3, schema: 1 },
  'idempotency-key': { fresh: 6, used: 3, schema: 2 },
};

/** One of the variants, as a slot that the run fills. */
export function slotOf(kind: string, weights: Weights, bySchema?: Arbitrary<unknown>) {
  const options = Object.entries(weights).map(([variant, weight]) => ({
    weight,
    arbitrary:
      variant === 'schema' && bySchema
        ? bySchema
        : share().map((pick): unknown => new Slot(kind, variant, pick)),
  }));
  return fc.oneof(...options);
}

/** Puts slots into the body of that name where the run knows better values than the schema. */
export const fieldsOf =
  (body: string): Field =>
  (name, bySchema) => {
    const weights = fields[`${body}.${name}`] ?? fields[name];
    return weights ? slotOf(name, weights, bySchema) : bySchema;
  };

/** The same for a parameter; `collection` is the segment of the path before it. */
export function parameterValues(name: string, collection: string, bySchema: Arbitrary<unknown>) {
  const key = collection ? `${collection}.${name}` : name.toLowerCase();
  const weights = parameters[key];
  return weights ? slotOf(key, weights, bySchema) : bySchema;
}
