import { describe, expect, it } from 'vitest';
import { isMaskedUsername, maskUsername } from '#core/values/masked-username.ts';
import { readUsername } from '#core/values/username.ts';

describe('a masked username', () => {
  it.each([
    ['sara', 's***a'],
    ['sara1', 's***1'],
    ['sara.q', 'sa***q'],
    ['mohammed.al-otaibi_2', 'mo***2'],
    ['x'.repeat(32), 'xx***x'],
  ])('of %s is %s', (username, masked) => {
    expect(maskUsername(username)).toBe(masked);
    expect(isMaskedUsername(masked)).toBe(true);
  });

  it('shows at most half of the characters, and not how many there are', () => {
    for (let length = 4; length <= 32; length++) {
      const username = `a${'b'.repeat(length - 2)}c`;
      expect(readUsername(username)).toBe(username);
      const masked = maskUsername(username);
      expect(masked.replaceAll('*', '').length).toBeLessThanOrEqual(length / 2);
      expect(masked.length).toBeLessThanOrEqual(6);
    }
  });

  it('has a form that carries no message', () => {
    for (const text of [
      '',
      'call 0500000000',
      'sara',
      'sar***a',
      'sa***ab',
      's***',
      '***a',
      'sa***a\nx',
      'ا***ب',
    ])
      expect(isMaskedUsername(text)).toBe(false);
  });
});
