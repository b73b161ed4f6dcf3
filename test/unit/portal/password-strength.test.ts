import { expect, it } from 'vitest';
import { passwordReasons } from '#core/values/password.ts';
import { passwordStrength } from '../../../portal/src/rules/password-strength.ts';

const own = { username: 'sara.q', nationalId: '١٠٠٠٠٠٠٠٠٨' };
const judge = (password: string) => passwordStrength(password, own);

it('a password gets the one reason that matters, and the number of missing characters', () => {
  expect(judge('')).toEqual({ level: 0, reason: 'start', missing: 12 });
  expect(judge('حصان')).toEqual({ level: 1, reason: 'too_short', missing: 8 });
  expect(judge('abcabcabcabc')).toMatchObject({ level: 1, reason: 'repetitive' });
  expect(judge('SARA.Q is my name')).toMatchObject({ level: 1, reason: 'contains_username' });
  expect(judge('my id 1000000008')).toMatchObject({ level: 1, reason: 'contains_identifier' });
  expect(judge(' blue horse reads')).toMatchObject({ level: 1, reason: 'outer_space' });
  expect(judge('blue horse reads\u200e')).toMatchObject({ level: 1, reason: 'invisible' });
  expect(judge('می\u200cخواهم به خانه بروم')).toEqual({ level: 3, missing: 0 });
  expect(judge('حصان أزرق يقرأ')).toEqual({ level: 2, reason: 'longer', missing: 0 });
  expect(judge('حصان أزرق يقرأ كتابا')).toEqual({ level: 3, missing: 0 });
});

it('the page refuses no password that the server would take', () => {
  const passwords = [
    'ａｂ ｃｄ ｅｆ ｇｈ ｉｊ',
    '1234567890ab',
    'كلمةكلمة كلمة',
    'aaaaaaaaaaab',
    'sar a.q horse',
    'x'.repeat(129),
    'river 👩🏽\u200d⚕\ufe0f wolf',
    'my dash–name horse',
  ];
  for (const password of passwords) {
    const server = passwordReasons(
      password,
      { username: 'sara.q', identifiers: ['1000000008'] },
      12,
    );
    if (server.length === 0) expect(judge(password).level).toBeGreaterThan(1);
  }
});
