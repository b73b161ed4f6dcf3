import type { AccountImage, AccountWrite } from '#core/delivery/tell-owner.ts';
import { type Language, languages } from '#core/values/language.ts';
import { type Attributes, fromAttributes } from './table.ts';

/** The parts of a stream's record that describe one write. */
interface WriteRecord {
  readonly eventID: string | undefined;
  readonly sequenceNumber: string | undefined;
  readonly before: Attributes | undefined;
  readonly after: Attributes | undefined;
}

/** Reads a write of an account's item. @returns undefined for a new item, which nobody has lost anything by */
export function accountWriteFrom(record: WriteRecord): AccountWrite | undefined {
  const { eventID, sequenceNumber, before, after } = record;
  if (!before) return undefined;
  const id = `${eventID}/${sequenceNumber}`;
  const usernameTag = (before['pk']?.S ?? '').slice('account#'.length);
  return {
    id,
    usernameTag,
    before: imageOf(before),
    ...(after && { after: imageOf(after) }),
  };
}

/** Attributes of another type than the application writes are left out. */
function imageOf(item: Attributes): AccountImage {
  const read = fromAttributes(item) ?? {};
  const names = ['status', 'userId', 'phone', 'phoneTag', 'formerPhone', 'formerPhoneTag'];
  const texts = names.flatMap((name) =>
    typeof read[name] === 'string' ? [[name, read[name]]] : [],
  );
  const { phoneHeldUntil, totp, recoveryCodes } = read;
  const secret = (totp as { readonly secret?: unknown } | undefined)?.secret;
  return {
    ...Object.fromEntries(texts),
    ...(typeof phoneHeldUntil === 'number' && { phoneHeldUntil }),
    ...(typeof secret === 'string' && { totpSecret: secret }),
    recoveryCodes: recoveryCodes instanceof Set ? [...recoveryCodes].map(String) : [],
    language: languageOf(read['language']),
  };
}

/** Arabic, the language of most people, where the item names none. */
const languageOf = (text: unknown): Language =>
  languages.find((language) => language === text) ?? 'ar';
