import { describe, expect, it } from 'vitest';
import { findByTag, findByUsername } from '#core/account/find-account.ts';
import type { KeyMaterial } from '#core/crypto/keyring.ts';
import { taggerWith, tagKey } from '#core/crypto/keys.ts';
import type { Account } from '#core/model/account.ts';
import { accountClaim } from '../../../support/fakes/builders.ts';
import { materialTo, ringOf } from '../crypto/keys.ts';

const taggerOf = (material: KeyMaterial) => taggerWith(ringOf(tagKey, material));
const [first, second] = [taggerOf(materialTo(1)), taggerOf(materialTo(2))];
const [oldTag, newTag] = [first, second].map((of) => of.tag('username', 'sara')) as [
  string,
  string,
];
const account: Account = { ...accountClaim().account, status: 'active' };

/** A table with one account. `onRead` runs before each read. */
function tableWith(material: KeyMaterial, tag: string | undefined, onRead = () => {}) {
  const read: string[] = [];
  const place = { tag };
  const find = async (usernameTag: string) => {
    onRead.call(place);
    read.push(usernameTag);
    return usernameTag === place.tag ? { ...account, usernameTag } : undefined;
  };
  const ports = { accounts: { find }, tags: async () => taggerOf(material) };
  return { ports: ports as unknown as Parameters<typeof findByUsername>[0], read, place };
}

describe('finding an account by its username', () => {
  it.each<[string, KeyMaterial, number]>([
    ['one call before a rotation', materialTo(1), 1],
    ['two calls while both levels are accepted', materialTo(2), 2],
    ['one call once the former level is retired', materialTo(2, 2), 1],
  ])('makes %s, for known names and for unknown ones', async (_what, material, calls) => {
    const newest = taggerOf(material).tag('username', 'sara');
    for (const tag of [oldTag, newest, undefined]) {
      const { ports, read } = tableWith(material, tag);
      await findByUsername(ports)('sara');
      expect(read).toHaveLength(calls);
    }
  });

  it('finds it on either level, and an account that moves between the two reads', async () => {
    for (const tag of [oldTag, newTag]) {
      const { ports } = tableWith(materialTo(2), tag);
      expect(await findByUsername(ports)('sara')).toMatchObject({ usernameTag: tag });
    }
    for (const movesBefore of [1, 2]) {
      let reads = 0;
      const { ports, place } = tableWith(materialTo(2), oldTag, () => {
        reads += 1;
        if (reads === movesBefore) place.tag = newTag;
      });
      expect(await findByUsername(ports)('sara')).toMatchObject({ usernameTag: newTag });
    }
  });
});

describe('finding the account that a session names', () => {
  it('follows it to its newer tag, also after the former level is retired', async () => {
    const during = tableWith(materialTo(2), newTag);
    expect(await findByTag(during.ports)(oldTag)).toMatchObject({ usernameTag: newTag });
    expect(during.read).toEqual([oldTag, newTag]);
    const after = tableWith(materialTo(2, 2), newTag);
    expect(await findByTag(after.ports)(oldTag)).toMatchObject({ usernameTag: newTag });
    expect(after.read).toEqual([newTag]);
  });

  it('makes one call where the account has not moved, and where no rotation runs', async () => {
    for (const [material, tag] of [
      [materialTo(1), oldTag],
      [materialTo(2), oldTag],
      [materialTo(2), newTag],
      [materialTo(2, 2), newTag],
    ] as const) {
      const { ports, read } = tableWith(material, tag);
      expect(await findByTag(ports)(tag)).toBeDefined();
      expect(read).toEqual([tag]);
    }
    const { ports, read } = tableWith(materialTo(1), undefined);
    expect(await findByTag(ports)(oldTag)).toBeUndefined();
    expect(read).toHaveLength(1);
  });
});
