import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskNationalId, readNationalId } from '#core/values/national-id.ts';
import { digits, inAnyScript, strewnWith } from './scripts.ts';

/**
 * Luhn as a paper describes it: from the right, every second digit is doubled and its digits are
 * added.
 */
function checkDigit(nine: string): string {
  const sum = [...nine].reverse().reduce((total, digit, fromRight) => {
    const doubled = String(Number(digit) * (fromRight % 2 === 0 ? 2 : 1));
    return total + [...doubled].reduce((a, b) => a + Number(b), 0);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

const startingWith = (first: fc.Arbitrary<string>) =>
  fc.tuple(first, digits(8)).map(([a, rest]) => a + rest + checkDigit(a + rest));
const valid = startingWith(fc.constantFrom('1', '2'));

describe('national IDs and Iqama numbers', () => {
  it.each(['1000000008', '1010101010', '2020202020'])('%s is valid', (id) => {
    expect(readNationalId(id)).toBe(id);
  });

  it('every ID with a correct check digit is read, in any digits and with spaces and hyphens', () => {
    const typed = valid.chain((id) =>
      inAnyScript(id)
        .chain((text) => strewnWith(text, ' -\u200f'))
        .map((text) => ({ id, text })),
    );
    fc.assert(
      fc.property(typed, ({ id, text }) => {
        expect(readNationalId(text)).toBe(id);
      }),
    );
  });

  it('every single wrong digit is noticed', () => {
    fc.assert(
      fc.property(valid, (id) => {
        for (let place = 0; place < id.length; place++) {
          for (const digit of '0123456789') {
            if (digit === id[place]) continue;
            const wrong = id.slice(0, place) + digit + id.slice(place + 1);
            expect(readNationalId(wrong), wrong).toBeUndefined();
          }
        }
      }),
    );
  });

  it('a first digit other than 1 or 2 is refused, whatever the check digit', () => {
    const foreign = startingWith(fc.constantFrom(...'03456789'));
    fc.assert(
      fc.property(foreign, (id) => {
        expect(readNationalId(id)).toBeUndefined();
      }),
    );
  });

  // The second of each passes Luhn: only its length is wrong.
  it.each(['', '100000000', '100000009', '10000000008', '100000000800', '1000000008x', '١'])(
    '%j is refused',
    (typed) => {
      expect(readNationalId(typed)).toBeUndefined();
    },
  );

  it('a mask shows the first digit and the last two', () => {
    expect(maskNationalId('1234567897')).toBe('1•••••• 97');
  });
});
