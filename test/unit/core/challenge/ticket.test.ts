import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintChallengeId } from '#core/challenge/id.ts';
import { fingerprint, mintTicket, readTicket } from '#core/challenge/ticket.ts';
import { createKeyring } from '#core/crypto/keyring.ts';
import { countingEntropy, flippedBits, holding, material, ring } from '../crypto/keys.ts';

const entropy = countingEntropy();
const challengeId = mintChallengeId(entropy, 1);
const ticket = mintTicket(ring().current, challengeId);
const read = (text: string, keyring = ring()) => readTicket(holding(keyring), text);

describe('a ticket', () => {
  it('reads as the challenge it was minted for', async () => {
    expect((await read(ticket))?.challengeId).toEqual(challengeId);
  });

  it('of version 1 is read after a rotation, with the keys of version 1', async () => {
    const after = await read(ticket, ring(2));
    expect(after?.challengeId).toEqual(challengeId);
    expect(after?.keySet.version).toBe(1);
  });

  it('of a version that this function does not hold is refused', async () => {
    const newer = mintTicket(ring(2).current, mintChallengeId(entropy, 2));
    expect(await read(newer, ring(1))).toBeUndefined();
    expect(await read(newer, ring(2))).toBeDefined();
  });

  it('with any one bit flipped is refused', async () => {
    const opened = await Promise.all(flippedBits(ticket).map((text) => read(text, ring(3))));
    expect(opened.filter((result) => result !== undefined)).toEqual([]);
  });

  it('of a foreign key is refused', async () => {
    const foreign = createKeyring({ current: 1, versions: { 1: material(9) } });
    expect(await read(mintTicket(foreign.current, challengeId))).toBeUndefined();
  });

  it('cannot be made from the challenge id, which the claimant has before any code', async () => {
    expect(await read(challengeId.id)).toBeUndefined();
    const padded = Buffer.concat([challengeId.bytes, Buffer.alloc(24)]).toString('base64url');
    expect(await read(padded)).toBeUndefined();
  });

  it('cannot be made from a fingerprint, which the table holds', async () => {
    const { current } = ring();
    const macs = [
      fingerprint(current, challengeId),
      fingerprint(current, challengeId, 'ticket'),
      createHmac('sha256', current.ticket).update(challengeId.id).digest('base64url'),
      createHmac('sha256', current.code).update(challengeId.hash).digest('base64url'),
    ];
    for (const mac of macs) {
      const made = Buffer.from(mac, 'base64url').subarray(0, 24);
      const text = Buffer.concat([challengeId.bytes, made]).toString('base64url');
      expect(await read(text)).toBeUndefined();
    }
  });

  it('cannot be moved to another challenge', async () => {
    const other = mintChallengeId(entropy, 1);
    const mac = Buffer.from(ticket, 'base64url').subarray(21);
    expect(await read(Buffer.concat([other.bytes, mac]).toString('base64url'))).toBeUndefined();
  });

  it.each(['', 'x', `${'A'.repeat(60)}`, '{"alg":"none"}'])('%j is no ticket', async (text) => {
    expect(await read(text)).toBeUndefined();
  });

  it('has one spelling', async () => {
    for (const other of [`${ticket}=`, `${ticket} `, `${ticket.slice(0, 9)}.${ticket.slice(9)}`]) {
      expect(await read(other), other).toBeUndefined();
    }
  });
});

describe('the fingerprint of a request', () => {
  const of = (...inputs: string[]) => fingerprint(ring().current, challengeId, ...inputs);

  it('is the same when the request is repeated', () => {
    expect(of('nora', 'a password')).toBe(of('nora', 'a password'));
  });

  it('differs with every input and with the ticket, and keeps two inputs apart', () => {
    const all = [
      of('nora', 'a password'),
      of('nora', 'b password'),
      of('noraa', ' password'),
      of('nora', 'a password', ''),
      fingerprint(ring().current, mintChallengeId(entropy, 1), 'nora', 'a password'),
      fingerprint(ring(2).current, challengeId, 'nora', 'a password'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
