import * as z from 'zod/mini';
import type { PublishedEvent, PublishedEventDetail } from '../model/published-event.ts';
import type { SecurityEvent, SecurityEventType } from '../model/records.ts';

/*
 * The schemas of published events, on which subscribers rely (docs/events.md). Within a version, fields are only added
 * and always optional, so that existing subscribers keep working. Removing a field or changing its meaning takes a new
 * version.
 */

export const eventVersion = 1;

const text = (pattern: RegExp) => z.string().check(z.regex(pattern));

const origin = z.strictObject({
  /** Keyed tag of the address's network; `none` for an account that no longer exists. */
  addressTag: text(/^([\w-]{43}|none)$/),
  /** ISO 3166-1 alpha-2. */
  place: z.optional(text(/^[A-Z]{2}$/)),
  device: z.string().check(z.minLength(1), z.maxLength(80)),
});

const detail = z.strictObject({
  schema: z.literal(eventVersion),
  /** Identifies the event, so that a subscriber recognises one that arrives twice. */
  id: text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\w-]{12}$/),
  at: z.iso.datetime(),
  /** The directory's id of the user. */
  userId: z.string().check(z.minLength(1)),
  origin,
  details: z.record(z.string(), z.string()),
});

const session = z.guid();
const purpose = z.enum([
  'registration',
  'password-reset',
  'login',
  'phone-change',
  'account-closing',
]);

const schemaOf = (
  details: Readonly<Record<string, z.ZodMiniType<string>>>,
): z.ZodMiniType<PublishedEventDetail> => z.extend(detail, { details: z.strictObject(details) });

const bare = schemaOf({});

/** The schema of `detail` for each type of event. */
export const eventSchemas: Readonly<
  Record<SecurityEventType, z.ZodMiniType<PublishedEventDetail>>
> = {
  'account.opened': bare,
  'account.closed': bare,
  'data.exported': bare,
  'device.remembered': schemaOf({ device: text(/^[\w-]{22}$/) }),
  'password.changed': bare,
  'password.reset': bare,
  'phone.changed': bare,
  'phone.restored': bare,
  'recovery-code.used': schemaOf({ purpose }),
  'recovery-codes.created': bare,
  'session.ended': schemaOf({ session, reason: text(/^[a-z-]{1,40}$/) }),
  'session.reuse-detected': schemaOf({ session }),
  'session.started': schemaOf({ session }),
  'terms.accepted': schemaOf({ termsVersion: z.string().check(z.minLength(1)) }),
  'totp.enrolled': bare,
  'totp.removed': bare,
};

/** Converts a security event into the form for subscribers: the instant is ISO 8601 in UTC. */
export function publishedEvent({
  type,
  id,
  at,
  userId,
  origin: { addressTag, place, device },
  details = {},
}: SecurityEvent): PublishedEvent {
  const instant = new Date(at * 1000).toISOString();
  const from = { addressTag, ...(place !== undefined && { place }), device };
  return {
    type,
    detail: {
      schema: eventVersion,
      id,
      at: instant,
      userId,
      origin: from,
      details: { ...details },
    },
  };
}
