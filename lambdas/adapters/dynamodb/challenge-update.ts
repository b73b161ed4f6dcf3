import type { Challenge } from '#core/model/challenge.ts';
import { type Update, updater, type Write, writer } from './conditional-update.ts';
import { type Attributes, fromAttributes, keyOf, type Table } from './table.ts';

/** `askedBy`: the nonce of the call that recorded the latest attempt. */
export type Stored = Challenge & { readonly askedBy?: string };

export const updateChallenge = (table: Table): Update<Stored> =>
  updater({ table, keyOf: keyOf.challenge }, fromItem);

export const writeChallenge = (table: Table): Write => writer({ table, keyOf: keyOf.challenge });

export function fromItem(item: Attributes | undefined): Stored | undefined {
  const attributes = fromAttributes(item);
  if (!attributes) return undefined;
  const { pk, ...challenge } = attributes;
  return { ...challenge, idHash: String(pk).replace('challenge#', '') } as unknown as Stored;
}
