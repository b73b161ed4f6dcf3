import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { openJsonFile } from '../json-file.ts';
import type { Templates } from '../template/template.ts';
import { type Answer, errorAnswer, jsonAnswer } from './aws-answers.ts';
import type { RawCall } from './aws-call.ts';
import { kmsKeyArn } from './iam-actions.ts';

/** The MAC algorithm of each key spec, with the hash and the length of the key in bytes. */
const specs: Record<string, { algorithm: string; hash: string; bytes: number }> = {
  HMAC_224: { algorithm: 'HMAC_SHA_224', hash: 'sha224', bytes: 28 },
  HMAC_256: { algorithm: 'HMAC_SHA_256', hash: 'sha256', bytes: 32 },
  HMAC_384: { algorithm: 'HMAC_SHA_384', hash: 'sha384', bytes: 48 },
  HMAC_512: { algorithm: 'HMAC_SHA_512', hash: 'sha512', bytes: 64 },
};
const mostMessageBytes = 4096;
const supported = {
  GenerateMac: new Set(['KeyId', 'MacAlgorithm', 'Message']),
  VerifyMac: new Set(['KeyId', 'MacAlgorithm', 'Message', 'Mac']),
};

interface MacKey {
  readonly arn: string;
  readonly algorithm: string;
  mac(message: Buffer): Buffer;
}

/** The keys that the templates declare. Nothing returns their material, as in KMS. */
export interface KmsKeys {
  readonly arns: string[];
  /** Undefined if no template declares the ARN. */
  get(arn: string): MacKey | undefined;
}

/**
 * Creates the keys that the templates declare.
 * @param directory keeps them between runs, so that tags made with them stay equal
 * @throws Error that names a key of another spec or usage than for MACs
 */
export function openKmsKeys(templates: Templates, directory: string): KmsKeys {
  const stored = openJsonFile<string>('kms-keys.json', directory);
  const keys = new Map<string, MacKey>();
  for (const resource of templates.resources('AWS::KMS::Key')) {
    const { KeySpec, KeyUsage } = resource.properties;
    const spec = KeyUsage === 'GENERATE_VERIFY_MAC' ? specs[String(KeySpec)] : undefined;
    if (!spec) throw new Error(`Local KMS has only keys for MACs (${resource.path})`);
    const arn = templates.attribute(resource, 'Arn');
    const material = stored.get(arn) ?? randomBytes(spec.bytes).toString('base64');
    stored.set(arn, material);
    const key = Buffer.from(material, 'base64');
    const mac = (message: Buffer) => createHmac(spec.hash, key).update(message).digest();
    keys.set(arn, { arn, algorithm: spec.algorithm, mac });
  }
  return { arns: [...keys.keys()], get: (arn) => keys.get(arn) };
}

/** Serves `GenerateMac` and `VerifyMac`. */
export function serveKms({ operation, request }: RawCall, keys: KmsKeys): Answer {
  if (operation !== 'GenerateMac' && operation !== 'VerifyMac') return unsupported(operation);
  const foreign = Object.keys(request).find((name) => !supported[operation].has(name));
  if (foreign) return unsupported(`${operation} with ${foreign}`);
  const key = keys.get(kmsKeyArn(request['KeyId']));
  if (!key) return refuse('NotFoundException', `Key '${request['KeyId']}' does not exist`);
  const { arn: KeyId, algorithm: MacAlgorithm } = key;
  if (request['MacAlgorithm'] !== MacAlgorithm) {
    const message = `${KeyId} key spec does not support ${request['MacAlgorithm']}.`;
    return refuse('InvalidKeyUsageException', message);
  }
  const message = Buffer.from(String(request['Message'] ?? ''), 'base64');
  if (message.length < 1 || message.length > mostMessageBytes) {
    const constraint = `Member must have length between 1 and ${mostMessageBytes}`;
    return refuse(
      'ValidationException',
      `1 validation error detected: Value at 'message' failed to satisfy constraint: ${constraint}`,
    );
  }
  const mac = key.mac(message);
  if (operation === 'GenerateMac') {
    return jsonAnswer({ KeyId, Mac: mac.toString('base64'), MacAlgorithm });
  }
  const shown = Buffer.from(String(request['Mac'] ?? ''), 'base64');
  if (shown.length !== mac.length || !timingSafeEqual(shown, mac)) {
    return refuse('KMSInvalidMacException', 'The MAC is not valid.');
  }
  return jsonAnswer({ KeyId, MacAlgorithm, MacValid: true });
}

const refuse = (code: string, message: string): Answer => errorAnswer('kms', code, message);

const unsupported = (what: string): Answer =>
  refuse('UnsupportedOperationException', `${what} is not served locally`);
