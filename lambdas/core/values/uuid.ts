/** The 16 bytes of a UUID; of another text some other number of bytes, or none. */
export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** @param bytes 16 of them @returns in lower case, 8-4-4-4-12 */
export const uuidFrom = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
