/** @returns epoch seconds, whole */
export type Clock = () => number;

/** @returns that many bytes from a CSPRNG */
export type Entropy = (bytes: number) => Buffer;
