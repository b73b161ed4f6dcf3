import {
  markOf,
  type SecurityEvent,
  type SecurityEventType,
  securityEventTypes,
} from '#core/model/records.ts';
import { type Attributes, fromAttributes } from './table.ts';

/** @returns undefined without a mark, and for several marks: no flow writes such an item */
export function typeOf(item: Attributes): SecurityEventType | undefined {
  const [type, ...others] = securityEventTypes.filter((one) => markOf(one) in item);
  return others.length === 0 ? type : undefined;
}

/**
 * Reads an event from its item, or from its image in the table's stream.
 * @returns undefined for an item whose type is not clear
 */
export function eventFrom(item: Attributes): SecurityEvent | undefined {
  const type = typeOf(item);
  if (type === undefined) return undefined;
  const { pk, sk, at, origin, details } = fromAttributes(item) ?? {};
  const userId = String(pk).replace('event#', '');
  return { id: String(sk), userId, type, at, origin, details } as SecurityEvent;
}
