import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** In PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * Makes a certificate for 127.0.0.1, with a P-256 key as AWS's endpoints have.
 * @param directory gets `key.pem` and `cert.pem`
 */
export function makeCertificate(directory: string): Certificate {
  const [key, cert] = [join(directory, 'key.pem'), certificatePath(directory)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-days', '2', ...files], {
    stdio: 'ignore',
  });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

export const certificatePath = (directory: string): string => join(directory, 'cert.pem');
