/** A flow as a load. */
export interface LoadFlow {
  /** The same name with every peer that has this flow. */
  readonly name: string;
  /** What the requests of a round are about, prepared before its time begins. */
  readonly items: (count: number) => readonly string[] | Promise<readonly string[]>;
  /** @throws Error if the answer is not the expected one */
  readonly request: (item: string) => Promise<void>;
}

/** The flows of one server, in the order in which a round runs them. */
export interface Flows {
  /** @param count how many people have an account */
  readonly prepare: (count: number) => Promise<void>;
  readonly flows: readonly LoadFlow[];
}
