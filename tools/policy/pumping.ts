import { creditAddress, returnAddressUnits } from '#core/budgets/charge-address.ts';
import { type PromiseNeeds, promiseSms } from '#core/budgets/promise-sms.ts';
import { creditSpending, recordReserved } from '#core/budgets/spend-breaker.ts';
import type { Tagger } from '#core/crypto/keys.ts';
import type { AddressUnit } from '#core/model/challenge.ts';
import type { Limits } from '#core/model/limits.ts';
import type { Spending } from '#core/model/spending.ts';
import { fakeLedgers } from '../../test/support/fakes/ledger-store.ts';
import { fakeBreakerStore, fakeSpendStore } from '../../test/support/fakes/spend-store.ts';

/*
 * A day of honest people and one greedy SMS pumper, played on the core's own rules. Only the stores are in memory; they are
 * the fakes that the port suites hold to the adapters' behaviour.
 */

/** The numbers of a stage that decide over an SMS to a caller-chosen phone. */
export interface PumpingRules {
  readonly limits: Limits;
  readonly spending: Spending;
}

/** A pumper who takes every unit of money the moment it is there. */
export interface Pumper {
  /** IPv4 addresses, or IPv6 networks of /64. */
  readonly addresses: number;
  /** Hour of the UTC day in which the pumping begins. */
  readonly fromHour: number;
  /** Whether all its phones are of one destination prefix, or of all. */
  readonly aims: 'at one prefix' | 'at all prefixes';
  /** SIMs of its own. Their codes are verified, as often as a phone may be sent some. */
  readonly sims: number;
  /** Whether it sits behind addresses of its own, or behind those of carriers, among honest people. */
  readonly behind: 'own addresses' | 'carriers';
}

export interface PumpedDay {
  readonly honestCodes: number;
  readonly honestRefused: number;
  /** Share of honest codes refused. */
  readonly refusedShare: number;
  readonly pumpedCodes: number;
  /** What the codes that nobody verified have cost the stage because of the pumper, in the stage's currency. */
  readonly pumpedCost: number;
}

/* What is assumed of honest people. docs/policy.md names these numbers. */
/** Share of people who verify the code. */
const verifiedShare = 0.75;
/** Share of people who ask for the code once more. */
const resendingShare = 0.1;
/** Share of people behind the addresses of carriers, and how many addresses carriers have. */
const behindCarriers = 0.5;
const carrierAddresses = 100;
/** Seconds from an SMS to its verification: at least, and at most. */
const typing = { least: 15, most: 90 };
/** Traffic by hour of the UTC day. The country is three hours ahead, so midnight UTC is the quietest time. */
const byHour = [
  8, 12, 22, 40, 62, 78, 84, 82, 80, 76, 74, 72, 70, 66, 62, 66, 72, 74, 66, 48, 30, 18, 10, 7,
];
/** Share of people by the first two digits of their phone. */
const prefixes: ReadonlyArray<readonly [string, number]> = [
  ['55', 0.2],
  ['50', 0.18],
  ['53', 0.14],
  ['54', 0.13],
  ['56', 0.13],
  ['58', 0.09],
  ['59', 0.08],
  ['57', 0.05],
];

const hour = 3600;
const midnight = Date.UTC(2026, 10, 23) / 1000;
/** The pumper looks for new money this often, besides after each honest code. */
const lookSeconds = 30;

interface Person {
  readonly addressTag: string;
  readonly phone: string;
  /** What its codes took from its address. Empty before its first code, and where all were refused. */
  readonly addressUnits: AddressUnit[];
}

interface Happening {
  readonly at: number;
  readonly kind: 'start' | 'resend' | 'verify' | 'look';
  readonly person?: Person;
}

const nameOf = (...parts: string[]): string => parts.join(' ');

/** Tags that are the values themselves, of one level. */
const names: Tagger = {
  tag: nameOf,
  everyTag: (...parts) => [nameOf(...parts)],
  laterTags: (tag) => [tag],
  newest: (tag) => tag,
  isSame: (one, other) => one === other,
};

/** Plays one UTC day. The same seed gives the same day. */
export async function playDay(
  rules: PumpingRules,
  honestPerDay: number,
  pumper: Pumper,
  seed = 1,
): Promise<PumpedDay> {
  const random = mulberry(seed);
  let now = midnight;
  const ports: PromiseNeeds = {
    ...rules,
    clock: () => Math.floor(now),
    breakers: fakeBreakerStore(),
    spendings: fakeSpendStore(),
    ledgers: fakeLedgers(),
    // Addresses and phones of a day are names already.
    tags: async () => names,
    reviewNumbers: [],
  };
  const promise = promiseSms(ports);
  const attack = createPumper(ports, pumper, random);
  let [honestCodes, honestRefused] = [0, 0];

  for (const { at, kind, person } of happenings(honestPerDay, random)) {
    now = at;
    // Honest people have a phone each, so each is the first code of its phone.
    if (person && kind === 'verify') await verify(ports, person, true);
    else if (person && (kind === 'start' || person.addressUnits.length > 0)) {
      honestCodes += 1;
      const result = await promise({ ...person, phoneTag: person.phone });
      if (result.kind === 'refused') honestRefused += 1;
      else {
        await recordReserved(ports)(person.phone);
        person.addressUnits.push(result.addressUnit);
      }
    }
    await attack.takeAll(ports.clock() - midnight, kind === 'look');
  }
  const pumpedCodes = attack.pumped();
  return {
    honestCodes,
    honestRefused,
    refusedShare: honestRefused / honestCodes,
    pumpedCodes,
    pumpedCost: (pumpedCodes * rules.spending.pricePerSms) / 1000,
  };
}

/** What the stream does after a verified registration. Someone who was refused has no code. */
async function verify(ports: PromiseNeeds, person: Person, isFirst: boolean): Promise<void> {
  const { addressTag, phone, addressUnits } = person;
  const [first] = addressUnits;
  if (!first) return;
  const sms = addressUnits.length;
  const challenge = { purpose: 'registration', addressTag, addressUnits } as const;
  await creditSpending(ports)('caller-chosen-phone', phone, { sms, isFirst });
  await returnAddressUnits(ports)(challenge);
  if (isFirst) await creditAddress(ports)({ ...challenge, createdAt: first.at });
}

function happenings(honestPerDay: number, random: () => number): Happening[] {
  const whole = byHour.reduce((sum, share) => sum + share, 0);
  const all: Happening[] = [];
  // The resends are among the codes of the day.
  const people = honestPerDay / (1 + resendingShare);
  byHour.forEach((share, index) => {
    for (let n = 0; n < Math.round((people * share) / whole); n += 1) {
      const addressTag = addressOf(random, all.length);
      const person: Person = { addressTag, phone: phoneOf(random), addressUnits: [] };
      const startedAt = midnight + (index + random()) * hour;
      const resendAt = random() < resendingShare ? startedAt + 60 + random() * 30 : undefined;
      const typedIn = typing.least + random() * (typing.most - typing.least);
      all.push({ at: startedAt, kind: 'start', person });
      if (resendAt !== undefined) all.push({ at: resendAt, kind: 'resend', person });
      if (random() < verifiedShare) {
        all.push({ at: (resendAt ?? startedAt) + typedIn, kind: 'verify', person });
      }
    }
  });
  for (let at = 0; at < 24 * hour; at += lookSeconds) all.push({ at: midnight + at, kind: 'look' });
  // What is left over at midnight belongs to the next day.
  return all.filter(({ at }) => at < midnight + 24 * hour).sort((a, b) => a.at - b.at);
}

const carrier = (number: number) => `carrier-${number}`;

const addressOf = (random: () => number, number: number): string =>
  random() < behindCarriers
    ? carrier(Math.floor(random() * carrierAddresses))
    : `household-${number}`;

function phoneOf(random: () => number): string {
  let drawn = random();
  const found = prefixes.find(([, share]) => {
    drawn -= share;
    return drawn < 0;
  });
  const rest = String(Math.floor(random() * 1e7)).padStart(7, '0');
  return `+966${found?.[0] ?? '55'}${rest}`;
}

/**
 * Takes money wherever a rule lets it: further codes from as few addresses as possible, and the first codes of all others
 * only where further ones are refused. Then the most addresses have first codes left when honest people need them.
 */
function createPumper(
  ports: PromiseNeeds,
  { addresses, fromHour, aims, sims, behind }: Pumper,
  random: () => number,
) {
  const { limits } = ports;
  const tags = Array.from({ length: addresses }, (_, n) =>
    behind === 'carriers' ? carrier(n) : `pumper-${n}`,
  );
  const madeUpFor = Math.floor(1 / ports.spending.verifiedShare);
  /** The unverified codes of each address, as the pumper counts them. */
  const unverified = tags.map(() => 0);
  let pumped = 0;
  let haveSimsVerified = false;

  /** @returns the unit of the address; undefined for a refusal */
  async function ask(n: number, phone: string): Promise<AddressUnit | undefined> {
    const promised = { addressTag: tags[n] ?? '', phone, phoneTag: phone };
    const result = await promiseSms(ports)(promised);
    if (result.kind === 'refused') return undefined;
    await recordReserved(ports)(phone);
    unverified[n] = (unverified[n] ?? 0) + 1;
    return result.addressUnit;
  }

  /** Pumps from one address while it has fewer unverified codes than `most`. @returns whether it took them all */
  async function pumpFrom(n: number, most: number): Promise<boolean> {
    while ((unverified[n] ?? 0) < most) {
      if (!(await ask(n, aims === 'at one prefix' ? '+966550000000' : phoneOf(random))))
        return false;
      pumped += 1;
    }
    return true;
  }

  /** Verifies all codes that its own SIMs may be sent in a day, registrations and logins. Only a SIM's first earns. */
  async function verifyOwn(): Promise<void> {
    for (let code = 0; code < sims * limits.verifiedSmsPerPhoneAndDay; code += 1) {
      const isFirst = code < sims;
      const phone = `+96655${String(code % sims).padStart(7, '1')}`;
      const n = code % tags.length;
      const addressUnit = await ask(n, phone);
      if (addressUnit) {
        const person = { addressTag: tags[n] ?? '', phone, addressUnits: [addressUnit] };
        await verify(ports, person, isFirst);
        unverified[n] = (unverified[n] ?? 0) - (isFirst ? madeUpFor : 1);
      }
      await creditSpending(ports)('account-phone', phone, { sms: 1, isFirst: false });
    }
  }

  /** The first address with room for further codes, and the last with room for first ones. */
  let [further, first] = [0, tags.length - 1];
  async function takeOwn(): Promise<void> {
    while (further < tags.length && (await pumpFrom(further, limits.unverifiedPerAddressAndDay)))
      further += 1;
    while (first > further && (await pumpFrom(first, limits.firstCodesPerAddressAndDay)))
      first -= 1;
  }

  /** Honest people behind the same address earn room for it, which the pumper takes. */
  async function takeCarriers(): Promise<void> {
    for (const n of tags.keys()) {
      while (await ask(n, phoneOf(random))) pumped += 1;
    }
  }

  return {
    pumped: () => pumped,

    async takeAll(second: number, isLook: boolean): Promise<void> {
      if (second < fromHour * hour) return;
      if (!haveSimsVerified) {
        haveSimsVerified = true;
        await verifyOwn();
      }
      if (behind === 'own addresses') await takeOwn();
      else if (isLook) await takeCarriers();
    },
  };
}

/** A small random generator with a seed. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
