import type { SecurityEvent } from '#core/model/records.ts';
import { type Attributes, fromAttributes } from './table.ts';

/** Reads an event from its image in the table's stream. */
export function eventFrom(image: Attributes | undefined): SecurityEvent {
  const { pk, sk, type, at, origin, details } = fromAttributes(image) ?? {};
  const userId = String(pk).replace('event#', '');
  return { id: String(sk), userId, type, at, origin, details } as SecurityEvent;
}
