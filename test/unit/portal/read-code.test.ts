import { expect, it } from 'vitest';
import { codeMessage } from '#core/delivery/messages.ts';
import { isAtOnce, readCode } from '../../../portal/src/rules/read-code.ts';

it('a code is found when the whole SMS is pasted, in both languages', () => {
  for (const language of ['ar', 'en'] as const) {
    const sms = codeMessage('registration', language, '012345', 'portal.example.gov.sa');
    expect(readCode(sms, 6)).toBe('012345');
  }
});

it('a code of six digits among other numbers is found without the last line', () => {
  expect(readCode('Hawiya 937: your code is 482913, good for 5 minutes', 6)).toBe('482913');
});

it('a code may have digits of any script, with spaces and the marks that keyboards add', () => {
  expect(readCode('٤٨٢٩١٣', 6)).toBe('482913');
  expect(readCode('۴۸۲ ۹۱۳', 6)).toBe('482913');
  expect(readCode('\u200f482-913\u200e', 6)).toBe('482913');
  expect(readCode('482–913\ufe0f', 6)).toBe('482913');
  expect(readCode('४८२९१३', 6)).toBe('482913');
});

it('letters and superfluous digits are dropped while the code is typed', () => {
  expect(readCode('48a', 6)).toBe('48');
  expect(readCode('4829135', 6)).toBe('482913');
  expect(readCode('', 6)).toBe('');
});

it.each([
  ['pasted', '', '482913', true],
  ['pasted over a wrong one', '111111', '482913', true],
  ['pasted as the whole SMS', '12', 'Your code is 482913, good for 5 minutes', true],
  ['the last digit', '48291', '482913', false],
  ['a first digit, before the others', '23456', '923456', false],
  ['a digit in their middle', '48293', '482193', false],
  ['one digit for another', '482913', '482903', false],
  ['a seventh before the others', '123456', '9123456', false],
  ['a seventh among Arabic ones', '123456', '١٢٩٣٤٥٦', false],
  ['pasted with a digit too many', '', '4829135', false],
])(
  'a code is submitted at once when it did not come from single keys: %s',
  (_, before, text, at) => {
    expect(isAtOnce(before, text, readCode(text, 6))).toBe(at);
  },
);
