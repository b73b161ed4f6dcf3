import type { Method } from './challenge.ts';

/*
 * A proof says that a claimant answered a challenge. One function signs it, and every other function checks the signature
 * (docs/decisions/0030). What is stored about a challenge never counts as a proof.
 */

/**
 * How well a method withstands an attacker (NIST SP 800-63B-4 §3.1.3, §3.2.5):
 * - `restricted`: a code by SMS, which another phone may receive.
 * - `standard`: an app or a recovery code.
 * - `phishing-resistant`: a passkey.
 */
export type Strength = 'restricted' | 'standard' | 'phishing-resistant';

export interface Proof {
  /** Key of the challenge that was answered. Its id commits to purpose, account and phone. */
  readonly idHash: string;
  readonly method: Method;
  readonly strength: Strength;
  /** The commitment of the challenge's id: whom the proof is about. base64url */
  readonly subject: string;
  /** Epoch seconds. */
  readonly at: number;
  /** Seconds that its ticket is good beyond its usual life. */
  readonly extendedSeconds: number;
}

/** A function that signs proofs. Each has a key of its own. */
export type Prover = 'verification';

/** A public key that proofs are checked with. */
export interface PublicKey {
  readonly version: number;
  /** base64url of 32 bytes */
  readonly publicKey: string;
  /** Epoch seconds from which it signs. */
  readonly from: number;
}

/**
 * The text that a prover signs. It names the prover and the key version, so that no signature passes for another one.
 */
export const proofText = (prover: Prover, version: number, proof: Proof): string =>
  JSON.stringify([
    'hawiya-proof',
    prover,
    version,
    proof.idHash,
    proof.subject,
    proof.method,
    proof.strength,
    proof.at,
    proof.extendedSeconds,
  ]);

const strengths: Readonly<Record<Method, Strength>> = {
  sms: 'restricted',
  totp: 'standard',
  'recovery-code': 'standard',
};

export const strengthOf = (method: Method): Strength => strengths[method];

/** The byte that names a method in a ticket. A number is never used again for another method. */
const methodBytes: Readonly<Record<Method, number>> = { sms: 1, totp: 2, 'recovery-code': 3 };

export const byteOfMethod = (method: Method): number => methodBytes[method];

/** @returns undefined for a byte that names no method */
export const methodOfByte = (byte: number): Method | undefined =>
  (Object.keys(methodBytes) as Method[]).find((method) => methodBytes[method] === byte);
