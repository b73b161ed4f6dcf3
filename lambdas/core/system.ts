/** The current time. @returns whole epoch seconds */
export type Clock = () => number;

/** A source of random bytes. @param bytes how many @returns that many bytes of a CSPRNG */
export type Entropy = (bytes: number) => Buffer;
