import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';

/**
 * Replaces one character of the secret.
 * @param pick which one, from 0 to 1
 */
export function tampered(secret: string, pick: number): string {
  const at = Math.min(Math.floor(pick * secret.length), Math.max(0, secret.length - 2));
  const other = secret[at] === 'A' ? 'B' : 'A';
  return `${secret.slice(0, at)}${other}${secret.slice(at + 1)}`;
}

const foreignKey = generateKeyPair('RS256');

const part = (token: string, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());

/** Values of an `Authorization` header that must open nothing, made from a valid token. */
export async function forgeries(token: string): Promise<Record<string, string>> {
  const claims = part(token, 1) as JWTPayload;
  const { kid } = part(token, 0) as { kid: string };
  const { privateKey } = await foreignKey;
  const signed = (header: { alg: string; kid?: string }) =>
    new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
  return {
    'no scheme': `${token.slice(0, -9)}AAAAAAAAA`,
    'another scheme': `Basic ${Buffer.from('sara:secret-of-sara').toString('base64')}`,
    'only the scheme': 'Bearer',
    'ten kilobytes': `Bearer ${'x'.repeat(9000)}`,
    'the algorithm none': `Bearer ${new UnsecuredJWT(claims).encode()}`,
    'an unknown key': `Bearer ${await signed({ alg: 'RS256', kid: 'no-such-key' })}`,
    'a foreign signature': `Bearer ${await signed({ alg: 'RS256', kid })}`,
    'no key named': `Bearer ${await signed({ alg: 'RS256' })}`,
    'two parts': `Bearer ${token.split('.').slice(0, 2).join('.')}`,
    'claims that are no JSON': `Bearer ${token.split('.')[0]}.AAAA.${token.split('.')[2]}`,
  };
}
