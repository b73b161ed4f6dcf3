/** The 16 bytes of a UUID. A text that is no UUID yields another number of bytes, possibly none. */
export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/**
 * Writes bytes as a UUID (RFC 9562 §4).
 * @param bytes 16 bytes
 * @returns lower-case hexadecimal in groups of 8-4-4-4-12
 */
export const uuidFrom = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
