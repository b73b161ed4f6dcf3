import { deriveCode } from '../crypto/derive-code.ts';
import { equalSecrets } from '../crypto/equal.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Limits } from '../model/limits.ts';
import type { ReviewedPhones, ReviewNumber } from '../model/review-number.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'keys' | 'reviewNumbers'>;

/**
 * The listed number that a phone's tag is of, today. By its tag and never by the number: a decoy's made-up number may be
 * any. Costs nothing where none is listed, and no AWS call ever.
 * @returns undefined for an ordinary one
 */
export const reviewNumberOf =
  (ports: Needs) =>
  async (phoneTag: string): Promise<ReviewNumber | undefined> => {
    const listed = listedToday(ports);
    if (listed.length === 0) return undefined;
    const keyring = await ports.keys();
    return listed.find(({ phone }) => equalSecrets(keyring.tag('phone', phone), phoneTag));
  };

/** What a phone is held to: a review number has a budget of sends of its own, and all else as everybody. */
export const limitsOfPhone =
  (ports: Needs & Pick<Ports, 'limits'>) =>
  async (phoneTag: string): Promise<Limits> => {
    const { limits } = ports;
    const number = await reviewNumberOf(ports)(phoneTag);
    if (!number) return limits;
    const { sendsPerDay } = number;
    return { ...limits, sendsPerPhoneAndHour: sendsPerDay, sendsPerPhoneAndDay: sendsPerDay };
  };

/**
 * The code of a review number: the same for each of its challenges while it is listed with these days, so that it can be
 * given to a store beforehand. In no configuration and in no table: with the version of the key that is kept for ever,
 * because a rotation must not change what a store was given. Other days are another code.
 * @param length digits
 */
export function reviewCode(
  keyring: Keyring,
  { phone, from, until }: ReviewNumber,
  length: number,
): string {
  const keys = keyring.version(1);
  if (!keys) throw new Error('The keyring lacks its first version');
  // Never the hash of an id: that has no bracket in it.
  return deriveCode(keys, JSON.stringify(['review', phone, from, until]), length);
}

/**
 * The phones whose challenges a code may verify because their reviewers have it. All are compared, so that the time says
 * nothing of which it is.
 */
export function reviewedWith(
  ports: Pick<Ports, 'clock' | 'limits' | 'reviewNumbers'>,
  keyring: Keyring,
  code: string,
): ReviewedPhones | undefined {
  const found = listedToday(ports).filter((number) =>
    equalSecrets(reviewCode(keyring, number, ports.limits.codeLength), code),
  );
  if (found.length === 0) return undefined;
  return {
    phoneTags: found.map(({ phone }) => keyring.tag('phone', phone)),
    since: Math.max(...found.map(({ from }) => Date.parse(from) / 1000)),
  };
}

function listedToday({
  clock,
  reviewNumbers,
}: Pick<Ports, 'clock' | 'reviewNumbers'>): ReviewNumber[] {
  const today = new Date(clock() * 1000).toISOString().slice(0, 10);
  return reviewNumbers.filter(({ from, until }) => from <= today && today <= until);
}
