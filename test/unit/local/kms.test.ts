import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCall } from '../../../local/aws/aws-call.ts';
import { authorise, parsePolicy } from '../../../local/aws/iam.ts';
import { accessesOf } from '../../../local/aws/iam-actions.ts';
import { openKmsKeys, serveKms } from '../../../local/aws/kms.ts';
import { openTemplates } from '../../../local/template/template.ts';

const arn = 'arn:aws:kms:me-south-1:000000000000:key/s-Tags';
const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'hawiya-kms-'));
  directories.push(directory);
  return directory;
}

const callOf = (operation: string, request: object) => {
  const target = `TrentService.${operation}`;
  const call = readCall({ 'x-amz-target': target }, JSON.stringify(request));
  if (!call) throw new Error('No call');
  return call;
};

function open(directory = newDirectory(), properties: object = {}) {
  const Properties = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', ...properties };
  const Tags = { Type: 'AWS::KMS::Key', Properties };
  const templates = openTemplates([{ stack: 's', assets: {}, body: { Resources: { Tags } } }]);
  const keys = openKmsKeys(templates, directory);
  return (operation: string, request: object = {}) => {
    const whole = { KeyId: arn, MacAlgorithm: 'HMAC_SHA_256', ...request };
    const { status, body } = serveKms(callOf(operation, whole), keys);
    return { status, ...JSON.parse(String(body)) };
  };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const Message = base64('hello');

describe('the local KMS', () => {
  it('makes a MAC of 32 bytes, the same each time, and another one for another message', () => {
    const call = open();
    const answer = call('GenerateMac', { Message });
    expect(answer).toMatchObject({ status: 200, KeyId: arn, MacAlgorithm: 'HMAC_SHA_256' });
    expect(Buffer.from(answer.Mac, 'base64')).toHaveLength(32);
    expect(call('GenerateMac', { Message }).Mac).toBe(answer.Mac);
    expect(call('GenerateMac', { Message: base64('hallo') }).Mac).not.toBe(answer.Mac);
  });

  it('finds a key by its id too', () => {
    const call = open();
    const { Mac } = call('GenerateMac', { Message });
    expect(call('GenerateMac', { Message, KeyId: 's-Tags' }).Mac).toBe(Mac);
  });

  it('verifies a MAC that it made, and refuses every other one', () => {
    const call = open();
    const { Mac } = call('GenerateMac', { Message });
    expect(call('VerifyMac', { Message, Mac })).toMatchObject({ status: 200, MacValid: true });
    const others = [
      { Message: base64('hallo'), Mac },
      { Message, Mac: base64('short') },
      { Message, Mac: Buffer.alloc(32).toString('base64') },
    ];
    for (const other of others) {
      expect(call('VerifyMac', other)).toMatchObject({
        status: 400,
        __type: 'KMSInvalidMacException',
      });
    }
  });

  it('keeps its keys in a directory, in a file that only its owner reads, and makes new ones elsewhere', () => {
    const directory = newDirectory();
    const { Mac } = open(directory)('GenerateMac', { Message });
    expect(open(directory)('GenerateMac', { Message }).Mac).toBe(Mac);
    expect(open()('GenerateMac', { Message }).Mac).not.toBe(Mac);
    expect(statSync(join(directory, 'kms-keys.json')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a key that no template declares', { KeyId: `${arn}x` }, 'NotFoundException'],
    ['an algorithm of another key spec', { MacAlgorithm: 'HMAC_SHA_512' }, 'InvalidKeyUsage'],
    ['an empty message', { Message: '' }, 'ValidationException'],
    ['more than 4,096 bytes', { Message: base64('x'.repeat(4097)) }, 'ValidationException'],
    ['a parameter that it does not know', { DryRun: true }, 'UnsupportedOperation'],
  ])('refuses %s', (_what, request, error) => {
    const answer = open()('GenerateMac', { Message, ...request });
    expect(answer.status).toBe(400);
    expect(answer.__type).toContain(error);
  });

  it('serves no other operation', () => {
    expect(open()('Encrypt', { Plaintext: Message }).__type).toContain('UnsupportedOperation');
  });

  it('refuses a template whose key is not for MACs', () => {
    const properties = { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' };
    expect(() => open(newDirectory(), properties)).toThrow('only keys for MACs');
  });
});

describe('the local IAM', () => {
  const statement = {
    Effect: 'Allow',
    Action: 'kms:GenerateMac',
    Resource: arn,
    Condition: { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } },
  };
  const principal = { arn: 'user', statements: parsePolicy({ Statement: statement }, 'role') };
  const allows = (operation: string, request: object) =>
    accessesOf(callOf(operation, request), []).map(
      (access) => authorise(principal, access).allowed,
    );

  it.each([
    ['GenerateMac', { KeyId: arn, MacAlgorithm: 'HMAC_SHA_256' }, true],
    ['GenerateMac', { KeyId: 's-Tags', MacAlgorithm: 'HMAC_SHA_256' }, true],
    ['GenerateMac', { KeyId: arn, MacAlgorithm: 'HMAC_SHA_512' }, false],
    ['GenerateMac', { KeyId: arn }, false],
    ['GenerateMac', { KeyId: `${arn}x`, MacAlgorithm: 'HMAC_SHA_256' }, false],
    ['GenerateMac', { MacAlgorithm: 'HMAC_SHA_256' }, false],
    ['VerifyMac', { KeyId: arn, MacAlgorithm: 'HMAC_SHA_256' }, false],
    ['ScheduleKeyDeletion', { KeyId: arn }, false],
  ])('judges %s with %o: %s', (operation, request, allowed) => {
    expect(allows(operation, request)).toEqual([allowed]);
  });
});
