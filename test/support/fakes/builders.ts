import { randomBytes } from 'node:crypto';
import type { ChallengeStart } from '#core/challenge/start.ts';
import type { Account, AccountClaim } from '#core/model/account.ts';
import type { Challenge, CodelessLogin, StoredChallenge } from '#core/model/challenge.ts';
import type { Limits } from '#core/model/limits.ts';
import type { Purpose } from '#core/model/purpose.ts';
import type { Origin } from '#core/model/records.ts';
import type { Spending } from '#core/model/spending.ts';
import type { Language } from '#core/values/language.ts';

/** Reads the address of a caller, where a test is about something else. */
export const anywhere = async (): Promise<string> => '192.0.2.1';

export const unique = () => randomBytes(16).toString('base64url');

/** The hash of a challenge's id, different each time. */
export const idHash = (purpose: Purpose = 'registration') =>
  `${purpose}.${randomBytes(32).toString('base64url')}`;

/** An instant in the middle of an hour. Epoch seconds. */
export const now = Date.UTC(2026, 10, 23, 7, 30) / 1000;

/** The defaults of the design. */
export const limits: Limits = {
  codeLength: 6,
  codeSeconds: 300,
  attemptsPerChallenge: 5,
  resendSeconds: 60,
  sendsPerPhoneAndHour: 3,
  sendsPerPhoneAndDay: 6,
  verifiedSmsPerPhoneAndDay: 40,
  resetsPerPhoneAndHour: 9,
  resetsPerPhoneAndDay: 15,
  sendsPerAddressAndMinute: 60,
  sendsPerAddressAndHour: 300,
  unverifiedPerAddressAndDay: 25,
  firstCodesPerAddressAndDay: 3,
  failuresPerAddressAndHour: 300,
  failuresPerDay: 20,
  failuresPerYear: 39,
  phoneFirstFailuresPerYear: 20,
  failuresPerServiceAndHour: 2000,
  failuresPerServiceAndDay: 20_000,
  failuresPerPrefixAndHour: 1000,
  failuresPerPrefixAndDay: 10_000,
  failedNationalIdLoginsPerHour: 2000,
  failedNationalIdLoginsPerDay: 20_000,
  attemptsWhileGuessed: 2,
  passwordLength: 12,
  loginsPerAccountAndHour: 3,
  loginsPerAccountAndDay: 24,
  loginsPerNationalIdAndHour: 1,
  loginsPerNationalIdAndDay: 6,
  loginsPerAddressAndMinute: 60,
  loginsPerAddressAndHour: 600,
  loginsPerDeviceAndHour: 20,
  loginsPerDeviceAndDay: 50,
  passwordsPerTicket: 5,
  accountsPerPhone: 5,
  ticketSeconds: 600,
  usesPerTicket: 20,
};

/** The defaults: thirty days, seven without a refresh, ten seconds of grace. */
export const sessionLimits = {
  refreshTokenDays: 30,
  idleDays: 7,
  sharedIdleMinutes: 20,
  rotationGraceSeconds: 10,
  refreshesPerMinute: 30,
  refreshesPerHour: 240,
  deviceDays: 30,
};

/** The origin of a call. */
export const origin: Origin = { addressTag: 'network', device: 'Chrome, Android' };

/** The defaults, in thousandths of a riyal. */
export const spending: Spending = {
  currency: 'SAR',
  pricePerSms: 150,
  verifiedShare: 0.4,
  keptForFirstCodes: 0.5,
  registrations: { perDay: 20_000_000, unverifiedPerHour: 70_000, unverifiedPerDay: 140_000 },
  accounts: { perDay: 20_000_000, unverifiedPerHour: 50_000, unverifiedPerDay: 50_000 },
  namedAccounts: { perDay: 5_000_000, unverifiedPerHour: 10_000, unverifiedPerDay: 10_000 },
  prefix: { perDay: 10_000_000, unverifiedPerHour: 35_000, unverifiedPerDay: 70_000 },
  services: { 'e-prescription': 30_000 },
};

type FieldOf<Union> = Union extends unknown ? keyof Union : never;
type ValueOf<Union, Field> = Union extends unknown
  ? Field extends keyof Union
    ? Union[Field]
    : never
  : never;

/** Any field of any kind of stored challenge, for tests that look at one without asking its kind. */
export type ChallengeFields = {
  readonly [Field in FieldOf<StoredChallenge>]?: ValueOf<StoredChallenge, Field> | undefined;
};

/** The fields of a stored challenge, whatever its kind. */
export const fieldsOf = (stored: StoredChallenge | undefined): ChallengeFields => ({ ...stored });

/** A registration's challenge as it is just after its code went out. */
export function challenge(partial: ChallengeFields = {}): Challenge {
  return {
    idHash: idHash(),
    keyVersion: 1,
    purpose: 'registration',
    status: 'pending',
    language: 'ar',
    decoy: false,
    phone: 'sealed',
    phoneTag: unique(),
    attempts: 0,
    sends: 1,
    uses: 0,
    sentAt: { send1: now },
    addressUnits: [],
    createdAt: now,
    sendBy: now + 300,
    expiresAt: now + 300,
    sendAgainAt: now + 60,
    outbox: 1,
    asked: new Set(['1.a.1']),
    ...partial,
  } as Challenge;
}

/** A keyed login that needed no code. */
export const codelessLogin = (): CodelessLogin => ({
  idHash: idHash('login'),
  purpose: 'login',
  status: 'spent',
  withoutCode: true,
  language: 'ar',
  decoy: false,
  phone: 'sealed',
  phoneTag: unique(),
  accountTag: unique(),
  attempts: 0,
  sends: 0,
  uses: 1,
  createdAt: now,
  sendBy: now,
});

/** A start of any purpose, with every field that a purpose may need. */
export function challengeStart(
  purpose: Purpose,
  options: Pick<ChallengeStart, 'phone' | 'phoneTag' | 'send'> & {
    readonly accountTag?: string;
    readonly decoy?: boolean;
    readonly language?: Language;
    readonly userId?: string;
  },
): ChallengeStart {
  const accountTag = options.accountTag ?? unique();
  return {
    purpose,
    decoy: false,
    language: 'en',
    addressTag: unique(),
    accountTag,
    ledgerTag: accountTag,
    userId: unique(),
    methods: ['sms'],
    service: 'e-prescription',
    seal: async () => 'sealed',
    ...options,
  } as ChallengeStart;
}

/** The claim of a registration on names that no account has. */
export function accountClaim(
  partial: Partial<AccountClaim> = {},
  account: Partial<Account> = {},
): AccountClaim {
  return {
    holder: unique(),
    lapsesAt: now + 600,
    accountsPerPhone: 5,
    elsewhere: { usernameTags: [], identityTags: [] },
    account: {
      usernameTag: unique(),
      status: 'provisional',
      identityTag: unique(),
      phoneTag: unique(),
      phone: 'sealed',
      nationalId: 'sealed',
      audience: 'individual',
      identityAssurance: 'self-asserted',
      language: 'ar',
      termsVersion: '2026-11',
      createdAt: now,
      ...account,
    },
    ...partial,
  };
}

/** A national ID with a correct check digit, different each time. */
export function nationalId(): string {
  const digits = `1${String(randomBytes(4).readUInt32BE() % 10 ** 8).padStart(8, '0')}`;
  const sum = [...digits].reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** A Saudi mobile, different each time. */
export const phone = (): string =>
  `+9665${String(randomBytes(4).readUInt32BE() % 10 ** 8).padStart(8, '0')}`;
