import { describe, expect, it } from 'vitest';
import { acceptedStep, totpCode, totpSecret, totpStep, totpUri } from '#core/crypto/totp.ts';

/** RFC 6238, appendix B: the secret is the ASCII text, in base32 as apps accept it. */
const secret = totpSecret(Buffer.from('12345678901234567890'));

describe('a code of an authenticator app', () => {
  it.each([
    // The RFC shows eight digits; ours are the last six of them.
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('equals the value of RFC 6238 at %i', (now, code) => {
    expect(totpCode(secret, totpStep(now))).toBe(code.slice(-6));
  });

  const now = 1_111_111_111;
  const step = totpStep(now);
  const at = { now, lastStep: 0 };

  it('is accepted one step early or late, and not two', () => {
    const taken = [-2, -1, 0, 1, 2].map((off) =>
      acceptedStep(secret, totpCode(secret, step + off), at),
    );
    expect(taken).toEqual([undefined, step - 1, step, step + 1, undefined]);
  });

  it('is accepted for steps after the last accepted one, and never for that one again', () => {
    const accepted = { now, lastStep: step };
    expect(acceptedStep(secret, totpCode(secret, step), accepted)).toBeUndefined();
    expect(acceptedStep(secret, totpCode(secret, step - 1), accepted)).toBeUndefined();
    expect(acceptedStep(secret, totpCode(secret, step + 1), accepted)).toBe(step + 1);
  });

  it('does not match any other text', () => {
    for (const code of ['', '000000', '12345', totpCode(secret, step).slice(1)]) {
      expect(acceptedStep(secret, code, at)).toBeUndefined();
    }
  });
});

describe('the enrolment of an app', () => {
  it('has a secret of 160 bits in base32, without padding', () => {
    expect(totpSecret(Buffer.alloc(20, 0xff))).toBe('7'.repeat(32));
  });

  it('has an otpauth URI that names issuer, user and secret, and no setting that apps ignore', () => {
    const uri = new URL(totpUri('بوابة الصحة', 'sara.q', secret));
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(uri.pathname)).toBe('/بوابة الصحة:sara.q');
    expect(uri.searchParams.get('secret')).toBe(secret);
    expect(uri.searchParams.get('issuer')).toBe('بوابة الصحة');
  });
});
