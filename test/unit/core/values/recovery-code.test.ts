import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecoveryCode, recoveryCode, shownRecoveryCode } from '#core/values/recovery-code.ts';

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 }).map((array) => Buffer.from(array));

describe('a recovery code', () => {
  it('has all 80 bits in its 16 characters', () => {
    expect(recoveryCode(Buffer.alloc(10))).toBe('0'.repeat(16));
    expect(recoveryCode(Buffer.alloc(10, 0xff))).toBe('Z'.repeat(16));
    fc.assert(
      fc.property(bytes, bytes, (a, b) => (recoveryCode(a) === recoveryCode(b)) === a.equals(b)),
    );
  });

  it('is read back as it is shown, in any case, with or without its dashes', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const code = recoveryCode(random);
        const shown = shownRecoveryCode(code);
        expect(shown).toMatch(/^(\w{4}-){3}\w{4}$/);
        const typed = [
          shown,
          code,
          shown.toLowerCase(),
          shown.replaceAll('-', ' – '),
          `\u200e${shown}\ufe0f `,
        ];
        expect(typed.map(readRecoveryCode)).toEqual(Array(5).fill(code));
      }),
    );
  });

  it('is the same with O for 0, with I or L for 1 and with Arabic digits', () => {
    expect(readRecoveryCode('oO0i-IlL1-AAAA-٣٣٣٣')).toBe('00011111AAAA3333');
    expect(readRecoveryCode('ＡＢＣＤ−００００ ABCD−0000')).toBe('ABCD0000ABCD0000');
  });

  it('is not read when it is shorter or longer, or contains a U', () => {
    for (const text of ['', 'A'.repeat(15), 'A'.repeat(17), 'U'.repeat(16), '123456']) {
      expect(readRecoveryCode(text)).toBeUndefined();
    }
  });
});
