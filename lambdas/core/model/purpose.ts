/*
 * Every purpose of a challenge, classified once. The class decides whose budgets and whose money an SMS uses.
 *
 * - `caller-chosen-phone`: the caller names the phone, and no one has proved it yet. Any caller can text a stranger this
 *   way, who verifies nothing. These SMS count as unverified with the caller's address, and have a purse of their own.
 * - `account-phone`: the phone of an account, which its holder has proved before.
 * - `named-account`: the same phone, where the caller has named the account and proved nothing. Any caller who knows a name
 *   can text its owner this way. These SMS count as unverified with the caller's address, and have a purse of their own.
 * - `relying-service`: a relying service names the phone. It has limits and money of its own.
 */
const phoneClasses = {
  registration: 'caller-chosen-phone',
  'password-reset': 'account-phone',
  login: 'account-phone',
  'phone-change': 'caller-chosen-phone',
  'account-closing': 'account-phone',
  transaction: 'relying-service',
  'phone-first': 'named-account',
} as const;

/** The flow a challenge was started for. Its ticket completes that flow and no other. */
export type Purpose = keyof typeof phoneClasses;

export const purposes = Object.keys(phoneClasses) as Purpose[];

/**
 * The byte that names a purpose in the id of a challenge. A number is never used again for another purpose.
 */
const purposeBytes: Readonly<Record<Purpose, number>> = {
  registration: 1,
  'password-reset': 2,
  login: 3,
  'phone-change': 4,
  'account-closing': 5,
  transaction: 6,
  'phone-first': 7,
};

export const byteOfPurpose = (purpose: Purpose): number => purposeBytes[purpose];

/** @returns undefined for a byte that names no purpose */
export const purposeOfByte = (byte: number): Purpose | undefined =>
  purposes.find((purpose) => purposeBytes[purpose] === byte);

/**
 * Whether anybody can start a challenge of this purpose for somebody else's account. A name that nobody has gets a decoy, and
 * no answer may tell the two apart.
 */
export const hasDecoys = (purpose: Purpose): purpose is 'password-reset' | 'phone-first' =>
  purpose === 'password-reset' || purpose === 'phone-first';

/** Whether an address may leave only a few codes of this purpose unverified. */
export const countsAsUnverified = (purpose: OwnPurpose): boolean =>
  phoneClasses[purpose] !== 'account-phone';

/** The purposes of Hawiya's own flows. A transaction belongs to a relying service. */
export type OwnPurpose = Exclude<Purpose, 'transaction'>;

/** Whose phone Hawiya's own flows text. */
export type PhoneClass = (typeof phoneClasses)[OwnPurpose];

export const phoneClassOf = (purpose: OwnPurpose): PhoneClass => phoneClasses[purpose];

/** The money and the counters of one relying service, by its id. */
export type RelyingScope = `relying-${string}`;

const relying = 'relying-';
export const relyingScope = (service: string): RelyingScope => `${relying}${service}`;
export const isRelying = (of: string): of is RelyingScope => of.startsWith(relying);
/** @returns the id of the relying service */
export const relyingServiceOf = (scope: RelyingScope): string => scope.slice(relying.length);

/** How the SMS of a code is paid. */
export type CodePayment = PhoneClass | RelyingScope;

/**
 * How an SMS is paid. A notice is texted to an account's phone, and a username reminder to the owner of an account that the
 * caller named. No code ever earns their price back.
 */
export type Payment = CodePayment | 'notice' | 'username-reminder';

/** A purpose, with the relying service of a transaction. */
export type Payer =
  | { readonly purpose: OwnPurpose }
  | { readonly purpose: 'transaction'; readonly service: string };

/** A transaction is paid by the relying service that asked for it, and its wrong codes are counted there. */
export const paymentOf = (payer: Payer): CodePayment =>
  payer.purpose === 'transaction' ? relyingScope(payer.service) : phoneClassOf(payer.purpose);

/**
 * The class whose purse pays. Notices and relying services share the breakers of account phones. A notice with a breaker of
 * its own would have no payment that closes it.
 */
export function payingClassOf(payment: Payment): PhoneClass {
  if (payment === 'username-reminder') return 'named-account';
  return payment === 'caller-chosen-phone' || payment === 'named-account'
    ? payment
    : 'account-phone';
}

/** Whether a code can earn the price of an SMS back. */
export const earnsBack = (payment: Payment): boolean =>
  payment !== 'notice' && payment !== 'username-reminder';
