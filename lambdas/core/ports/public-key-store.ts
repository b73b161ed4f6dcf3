import type { Prover, PublicKey } from '../model/proof.ts';

/** The public keys of the functions that sign proofs. Only the prover's own role may write them. */
export interface PublicKeyStore {
  /**
   * Publishes the key of one version. The key of a published version never changes; the instant of its beginning may.
   * @throws Error if the version is published with another key
   */
  publish(prover: Prover, key: PublicKey): Promise<void>;
  /** Withdraws the keys of the versions below one, after these were retired. */
  withdraw(prover: Prover, below: number): Promise<void>;
  /**
   * @param version the version that is looked for. Strangers choose it, so an unknown one causes one reading a minute
   * @returns all keys of a prover, ascending; remembered, and renewed every ten minutes
   */
  find(prover: Prover, version?: number): Promise<readonly PublicKey[]>;
}
