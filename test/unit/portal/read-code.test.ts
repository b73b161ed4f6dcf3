import { expect, it } from 'vitest';
import { codeMessage } from '../../../lambdas/core/engine/messages.ts';
import { readCode } from '../../../portal/src/ui/read-code.ts';

it('the whole SMS may be pasted, in both languages: the code is found in it', () => {
  for (const language of ['ar', 'en'] as const) {
    const sms = codeMessage('registration', language, '012345', 'portal.example.gov.sa');
    expect(readCode(sms, 6)).toBe('012345');
  }
});

it('a code that is six digits among other numbers is found without the last line', () => {
  expect(readCode('Hawiya 937: your code is 482913, good for 5 minutes', 6)).toBe('482913');
});

it('digits of any kind are taken, with spaces and what keyboards bring along', () => {
  expect(readCode('٤٨٢٩١٣', 6)).toBe('482913');
  expect(readCode('۴۸۲ ۹۱۳', 6)).toBe('482913');
  expect(readCode('\u200f482-913\u200e', 6)).toBe('482913');
});

it('letters and digits too many are left out while it is typed', () => {
  expect(readCode('48a', 6)).toBe('48');
  expect(readCode('4829135', 6)).toBe('482913');
  expect(readCode('', 6)).toBe('');
});
