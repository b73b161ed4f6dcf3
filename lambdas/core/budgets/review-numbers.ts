import { deriveCode } from '../crypto/derive-code.ts';
import { equalSecrets } from '../crypto/equal.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { CodeKey, Tagger } from '../crypto/keys.ts';
import type { Limits } from '../model/limits.ts';
import type { ReviewedPhones, ReviewNumber } from '../model/review-number.ts';
import { isTagOf } from '../model/sealed-phone.ts';
import type { Ports } from '../ports/index.ts';

type Needs = Pick<Ports, 'clock' | 'tags' | 'reviewNumbers'>;

/**
 * Finds the review number with a phone's tag, among those listed today. It compares tags and never numbers, because the
 * invented number of a decoy may equal any number. It makes no AWS call.
 * @returns undefined for an ordinary phone
 */
export const reviewNumberOf =
  (ports: Needs) =>
  async (phoneTag: string): Promise<ReviewNumber | undefined> => {
    const listed = listedToday(ports);
    if (listed.length === 0) return undefined;
    const tagger = await ports.tags();
    return listed.find(({ phone }) => isTagOf(tagger, phoneTag, phone));
  };

/**
 * The limits of a phone. A review number has its own budget of sends; all other limits are the same for every
 * phone.
 */
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
 * Derives the code of a review number. All challenges of the number share it while it is listed with the same days, so
 * that the operator can give it to an app store in advance. Other days give another code. The code stands in no
 * configuration and in no table. It is derived with the oldest accepted key: a rotation changes a code that a store
 * already has only when the former key is retired.
 * @param length number of digits
 */
export const reviewCode = (
  { oldest }: Keyring<CodeKey>,
  { phone, from, until }: ReviewNumber,
  length: number,
): string =>
  // The input can never equal the hash of a challenge id, because that contains no bracket.
  deriveCode(oldest, JSON.stringify(['review', phone, from, until]), length);

/**
 * Finds the review numbers whose code was typed. All listed numbers are compared, so that the latency does not reveal
 * which one matched.
 * @returns the challenges that the code may verify; undefined if it is no review code of today
 */
export function reviewedWith(
  ports: Pick<Ports, 'clock' | 'limits' | 'reviewNumbers'>,
  keys: { readonly codes: Keyring<CodeKey>; readonly tagger: Tagger },
  code: string,
): ReviewedPhones | undefined {
  const found = listedToday(ports).filter((number) =>
    equalSecrets(reviewCode(keys.codes, number, ports.limits.codeLength), code),
  );
  if (found.length === 0) return undefined;
  return {
    phoneTags: found.flatMap(({ phone }) => keys.tagger.everyTag('phone', phone)),
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
