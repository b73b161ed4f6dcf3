import { describe, expect, it } from 'vitest';
import { mostDigits, mostDigitsInARow, readDisplayText } from '#core/values/display-text.ts';

describe('a text that a relying service shows a person in our SMS', () => {
  it.each([
    ['Prescription 4471', 'Prescription 4471'],
    ['وصفة ٤٤٧١', 'وصفة 4471'],
    ['  two   spaces ', 'two spaces'],
    ['12.50 SAR, pharmacy (Olaya)', '12.50 SAR, pharmacy (Olaya)'],
    ['Ｐｒｅｓｃｒｉｐｔｉｏｎ', 'Prescription'],
    ['cafe\u0301', 'café'],
    // Characters that a paste adds are removed, and the answer says what was shown.
    ['a\u202eb\u200f', 'ab'],
    ['دواء، جرعتان', 'دواء، جرعتان'],
    ['Insulin – 2\u00a0boxes', 'Insulin - 2 boxes'],
    ['SAR 1250.00', 'SAR 1250.00'],
    ['dose 2.5, twice', 'dose 2.5, twice'],
  ])('is read as it will be shown: %j', (typed, shown) => {
    expect(readDisplayText(typed)).toBe(shown);
  });

  // What the message of the field promises (lambdas/http/field-messages.ts).
  it('has the digits that its rule names, and no more', () => {
    expect([mostDigits, mostDigitsInARow]).toEqual([7, 5]);
    expect(readDisplayText('a 12345 and 67')).toBe('a 12345 and 67');
    expect(readDisplayText('a 12345 and 678')).toBeUndefined();
    expect(readDisplayText('a 12345')).toBe('a 12345');
    expect(readDisplayText('a 123456')).toBeUndefined();
    expect(readDisplayText('a 12345.67')).toBe('a 12345.67');
    expect(readDisplayText('a 123456.78')).toBeUndefined();
  });

  it.each([
    ['empty', ''],
    ['of digits alone', '4471'],
    ['a host', 'pay at evil.example'],
    ['a host in full-width letters', 'ｅｖｉｌ．ｃｏｍ'],
    ['a host after a number', '1.1.evil'],
    ['an address of the network', 'Approve at 45.9.20.1'],
    ['a date of three parts', 'due 1.2.26'],
    ['a URL', 'https://x'],
    ['an e-mail address', 'me@home'],
    ['a code of ours', 'login #123456'],
    ['a number to call', 'call 0551234567'],
    ['the same apart', 'call 055 123-45-67'],
    ['another code', 'Your code 424242'],
    ['the same apart', 'رمزك 42-42 42'],
    ['a code with a dot in it', 'Enter code 123.456'],
    ['a code with two', 'Enter code 12.34.56'],
    ['a code that goes on after an amount', 'Enter 12.50 34'],
    ['a mobile number of a neighbour', 'call 36123456'],
    ['a short number', 'call 800 1234'],
    ['a letter like a sign', 'yes\u01c3'],
    ['two lines', 'one\ntwo'],
    ['another script', 'рrescription'],
    ['a sign', 'yes!'],
    ['an emoji', 'pills 💊'],
    ['a control character', 'a\u0007b'],
    ['a stack of marks', 'a\u0336\u0336\u0336'],
  ])('is refused where it is %s', (_what, typed) => {
    expect(readDisplayText(typed)).toBeUndefined();
  });
});
