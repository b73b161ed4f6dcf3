import { describe, expect, it } from 'vitest';
import { mintChallengeId } from '#core/challenge/id.ts';
import { fingerprint, mintTicket, readTicket } from '#core/challenge/ticket.ts';
import type { KeyMaterial } from '#core/crypto/keyring.ts';
import { proofKey } from '#core/crypto/keys.ts';
import { publicKeyOf, signatureBytes, signText } from '#core/crypto/signature.ts';
import { proofText } from '#core/model/proof.ts';
import {
  beginOf,
  countingEntropy,
  flippedBits,
  foreignMaterial,
  holding,
  materialTo,
  ringOf,
} from '../crypto/keys.ts';

const entropy = countingEntropy();
const reset = { purpose: 'password-reset', accountTag: 'account', phoneTag: 'phone' } as const;
const challengeId = mintChallengeId(entropy, reset);
const verification = { method: 'sms', at: 5000 } as const;

const mint = (material: KeyMaterial, id = challengeId, verified = verification) =>
  mintTicket(holding(ringOf(proofKey, material)))(id, verified);
const publicKeysOf = (material: KeyMaterial) => ({
  publicKeys: {
    publish: async () => undefined,
    withdraw: async () => undefined,
    find: async () =>
      material.versions.map((version) => ({
        version: version.version,
        from: version.from,
        publicKey: publicKeyOf(proofKey(version).privateKey),
      })),
  },
});
const read = (text: string, material = materialTo(1)) => readTicket(publicKeysOf(material))(text);
const ticket = await mint(materialTo(1));

describe('a ticket', () => {
  it('reads as the challenge, the method and the instant it was signed for', async () => {
    expect(await read(ticket)).toEqual({ challengeId, extendedSeconds: 0, ...verification });
    const byApp = { method: 'totp', at: 6000 } as const;
    const other = await mintTicket(holding(ringOf(proofKey, materialTo(1))))(challengeId, byApp);
    expect(await read(other)).toEqual({ challengeId, extendedSeconds: 0, ...byApp });
  });

  it('is the same when the same verification is answered again', async () => {
    expect(await mint(materialTo(1))).toBe(ticket);
  });

  it('of version 1 is read after a rotation, if it was signed before', async () => {
    expect(await read(ticket, materialTo(2))).toBeDefined();
  });

  it('that a replaced key signed for a later instant is refused', async () => {
    const late = { method: 'sms', at: beginOf(2) + 60 } as const;
    const forged = await mintTicket(holding(ringOf(proofKey, materialTo(1))))(challengeId, late);
    expect(await read(forged, materialTo(1))).toBeDefined();
    expect(await read(forged, materialTo(2))).toBeUndefined();
  });

  it('of a version that is not published is refused', async () => {
    const newer = await mint(materialTo(2));
    expect(await read(newer, materialTo(1))).toBeUndefined();
    expect(await read(newer, materialTo(2))).toBeDefined();
  });

  it('with any one bit flipped is refused', async () => {
    const opened = await Promise.all(flippedBits(ticket).map((text) => read(text, materialTo(3))));
    expect(opened.filter((result) => result !== undefined)).toEqual([]);
  });

  it('of a foreign key is refused', async () => {
    expect(await read(await mint(foreignMaterial))).toBeUndefined();
  });

  it('cannot be made from the challenge id, which the claimant has before any code', async () => {
    expect(await read(challengeId.id)).toBeUndefined();
    const rest = Buffer.alloc(6 + signatureBytes);
    rest.writeUInt8(1);
    rest.writeUInt8(1, 1);
    const padded = Buffer.concat([challengeId.bytes, rest]).toString('base64url');
    expect(await read(padded)).toBeUndefined();
  });

  it('cannot be moved to another challenge of the same account', async () => {
    const other = mintChallengeId(entropy, reset);
    const rest = Buffer.from(ticket, 'base64url').subarray(challengeId.bytes.length);
    expect(await read(Buffer.concat([other.bytes, rest]).toString('base64url'))).toBeUndefined();
  });

  it.each(['', 'x', `${'A'.repeat(138)}`, '{"alg":"none"}'])('%j is no ticket', async (text) => {
    expect(await read(text)).toBeUndefined();
  });

  it('has one spelling', async () => {
    for (const other of [`${ticket}=`, `${ticket} `, `${ticket.slice(0, 9)}.${ticket.slice(9)}`]) {
      expect(await read(other), other).toBeUndefined();
    }
  });

  it('covers every field of its proof', () => {
    const { privateKey } = ringOf(proofKey, materialTo(1)).current;
    const proof = {
      idHash: challengeId.hash,
      subject: challengeId.subject,
      method: 'sms',
      strength: 'restricted',
      at: 5000,
      extendedSeconds: 0,
    } as const;
    const signed = (version: number, changed: object) =>
      signText(privateKey, proofText('verification', version, { ...proof, ...changed })).toString(
        'hex',
      );
    const all = [
      signed(1, {}),
      signed(2, {}),
      signed(1, { idHash: 'password-reset.other' }),
      signed(1, { subject: 'other' }),
      signed(1, { method: 'totp' }),
      signed(1, { strength: 'standard' }),
      signed(1, { at: 5001 }),
      signed(1, { extendedSeconds: 600 }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('the fingerprint of a request', () => {
  const of = (...inputs: string[]) => fingerprint(challengeId, ...inputs);

  it('is the same when the request is repeated', () => {
    expect(of('nora', 'a password')).toBe(of('nora', 'a password'));
  });

  it('differs with every input and with the challenge, and keeps two inputs apart', () => {
    const all = [
      of('nora', 'a password'),
      of('nora', 'b password'),
      of('noraa', ' password'),
      of('nora', 'a password', ''),
      fingerprint(mintChallengeId(entropy, reset), 'nora', 'a password'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
