import type { Prover, PublicKey } from '../model/proof.ts';

/** The public keys of the functions that sign proofs. Only the prover's own role may write them. */
export interface PublicKeyStore {
  /**
   * Publishes the key of one version. The key of a published version never changes; the instant of its beginning may.
   * @throws Error if the version is published with another key
   */
  publish(prover: Prover, key: PublicKey): Promise<void>;
  /** @returns all keys of a prover, ascending; remembered, and renewed every ten minutes */
  find(prover: Prover): Promise<readonly PublicKey[]>;
}
