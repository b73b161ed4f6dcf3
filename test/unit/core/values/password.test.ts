import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  normalisePassword,
  readCurrentPassword,
  withoutInvisible,
} from '#core/values/normalise-password.ts';
import { passwordReasons } from '#core/values/password.ts';
import { invisible, spaces } from './scripts.ts';

const own = { username: 'nora', identifiers: ['1000000008'] };
const reasons = (typed: string) => passwordReasons(normalisePassword(typed), own, 12);

describe('one password typed on different keyboards', () => {
  it.each([
    ['Arabic alef with hamza', '\u0623حب القهوة كثيرا', '\u0627\u0654حب القهوة كثيرا'],
    ['Arabic presentation forms', 'قهوة الصباح لا تنتظر', '\ufed7هوة الصباح لا تنتظر'],
    ['Latin with an accent', 'caf\u00e9 au lait matin', 'cafe\u0301 au lait matin'],
    ['a ligature', 'five office desks', '\ufb01ve o\ufb03ce desks'],
    ['full-width letters', 'seven tall palms', 'ｓｅｖｅｎ tall palms'],
  ])('is the same with %s', (_what, composed, otherwise) => {
    expect(composed).not.toBe(otherwise);
    expect(normalisePassword(otherwise)).toBe(normalisePassword(composed));
  });

  it('every normal form of a text is the same password', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(text, fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD'), (typed, form) => {
        expect(normalisePassword(typed.normalize(form))).toBe(normalisePassword(typed));
      }),
    );
  });

  it('case and inner space stay as typed, and nothing is cut off', () => {
    const typed = `Aa  ${'x'.repeat(200)}`;
    expect(normalisePassword(typed)).toBe(typed);
  });
});

describe('the length of a password', () => {
  const points = (count: number) =>
    Array.from({ length: count }, (_, i) => String.fromCodePoint(0x1f300 + ((i * 7) % 97))).join(
      '',
    );

  it('is counted in code points, not in UTF-16 units', () => {
    expect(reasons(points(11))).toEqual(['too_short']);
    expect(reasons(points(12))).toEqual([]);
    expect(reasons(points(128))).toEqual([]);
    expect(reasons(points(129))).toEqual(['too_long']);
  });

  it('is counted after composing: a letter and its accent are one', () => {
    expect(reasons('e\u0301a\u0301o\u0301u\u0301i\u0301zwq')).toContain('too_short');
  });
});

describe('a password that is refused', () => {
  it.each([
    ['a common word, dressed', 'password1234!', ['blocklisted']],
    ['the same in capitals', 'PASSWORD-2026', ['blocklisted']],
    ['dressed in front', '!!2026football', ['blocklisted']],
    ['doubled', 'iloveyouiloveyou', ['blocklisted']],
    ['spaced out', 'p a s s w o r d 1', ['blocklisted']],
    ['in full width', 'ｐａｓｓｗｏｒｄ１２３４', ['blocklisted']],
    ['a common password as it is', '1qaz2wsx3edc', ['blocklisted', 'repetitive']],
    ['the name of the service', 'hawiya@123456', ['blocklisted']],
    ['Arabic words', 'كلمة السر ١٢٣٤', ['blocklisted']],
    ['the country', 'السعودية2030!', ['blocklisted']],
    ['one letter', 'zzzzzzzzzzzz', ['repetitive']],
    ['a unit again and again', 'xq7!xq7!xq7!xq7!', ['repetitive']],
    ['a unit that ends early', 'xq7xq7xq7xq7x', ['repetitive']],
    ['digits up', '345678901234', ['repetitive']],
    ['digits down', '432109876543', ['repetitive']],
    ['letters up', 'cdefghijklmno', ['repetitive']],
    ['letters down', 'onmlkjihgfedc', ['repetitive']],
    ['a row of keys and the next', 'qwertyuiopas', ['repetitive']],
    ['a row of keys backwards', 'poiuytrewqrewq', ['repetitive']],
    ['columns of keys', '4rfv5tgb6yhn', ['repetitive']],
    ['a row of Arabic keys', 'ضصثقفغعهخحجد', ['repetitive']],
    ['one run after the other', 'aaaa1234mnop', ['repetitive']],
    ['the username', 'I am Nora, really', ['contains_username']],
    ['the national ID', 'my id 1000000008 ok', ['contains_identifier']],
    ['space in front', ' river wolf teapot', ['outer_space']],
    ['space behind, no-break', 'river wolf teapot\u00a0', ['outer_space']],
  ])('has a reason with %s: %j', (_what, typed, expected) => {
    expect(reasons(typed)).toEqual(expected);
  });

  it.each([
    ['the national ID', 'رقمي: ١٠٠٠٠٠٠٠٠٨!', 'contains_identifier'],
    ['a run', '٣٤٥٦٧٨٩٠١٢٣٤', 'repetitive'],
    ['a Persian run', '۳۴۵۶۷۸۹۰۱۲۳۴', 'repetitive'],
    ['a common password', '١qaz٢wsx٣edc', 'blocklisted'],
  ])('cannot hide in Arabic digits: %s', (_what, typed, expected) => {
    expect(reasons(typed)).toContain(expected);
  });

  it('cannot hide behind invisible characters', () => {
    expect(reasons('pass\u200bword\u200f12345')).toContain('blocklisted');
  });

  it('gets every reason at once', () => {
    expect(reasons(' nora1000000008')).toEqual([
      'contains_username',
      'contains_identifier',
      'outer_space',
    ]);
  });
});

describe('a password that is accepted', () => {
  it.each([
    'correct password horse',
    'password of my grandmother',
    'قهوتي الصباحية مع جدتي في أبها',
    'my dog eats 7 blue socks every single night, and then he sleeps on the roof',
    'lowercaseonlybutlong',
    '918273645546',
  ])('needs no composition rule: %j', (typed) => {
    expect(reasons(typed)).toEqual([]);
  });

  it('is not compared with an ID that was not typed', () => {
    expect(passwordReasons('my id 1000000008 ok', { username: 'nora' }, 12)).toEqual([]);
  });
});

describe('an invisible character', () => {
  it.each([
    ['a direction mark at the end', 'river wolf teapot\u200e'],
    ['a direction mark in front', '\u200friver wolf teapot'],
    ['a zero-width space', 'river\u200bwolf teapot'],
    ['a soft hyphen', 'river\u00adwolf teapot'],
    ['a joiner between Latin letters', 'river\u200dwolf teapot'],
    ['a non-joiner at the end of a Persian word', 'می\u200cخواهم بروم\u200c'],
    ['two non-joiners', 'می\u200c\u200cخواهم بروم'],
    ['a mark and a joiner', 'می\u061c\u200cخواهم بروم'],
    ['a selector without an emoji', 'river wolf teapot\ufe0f'],
    ['a control character', 'river\u0007wolf teapot'],
    ['a line break', 'river\nwolf teapot'],
    ['a line separator', 'river\u2028wolf teapot'],
    ['a filler of Hangul', 'river\u3164wolf teapot'],
    ['a blank of Braille', 'river\u2800wolf teapot'],
    ['half a surrogate pair', 'river\ud83dwolf teapot'],
    ['what dictation leaves', 'river wolf teapot\ufffc'],
  ])('is refused in a new password, and left out of a current one: %s', (_what, typed) => {
    expect(reasons(typed)).toContain('invisible');
    const read = readCurrentPassword(typed) ?? '';
    expect(withoutInvisible(read)).toBe(read);
    expect(reasons(read)).toEqual([]);
  });

  it.each([
    ['the non-joiner of a Persian word', 'می\u200cخواهم به خانه بروم'],
    ['the joiner of a Hindi word', 'क्\u200dष नदी भेड़िया चायदानी'],
    ['the selector of an emoji', 'river ❤\ufe0f wolf teapot'],
    ['a family', 'river 👨\u200d👩\u200d👧 wolf'],
    ['a profession with a colour of skin', 'river 👩🏽\u200d⚕\ufe0f wolf'],
    ['a keycap', 'river wolf 1\ufe0f\u20e3 teapot'],
  ])('that shows is accepted, and counts: %s', (_what, typed) => {
    expect(reasons(typed)).toEqual([]);
    expect(readCurrentPassword(typed)).toBe(normalisePassword(typed));
  });
});

describe('a current password', () => {
  const unit = fc.constantFrom(
    ...[...'aB1-é中حب٥❤👩🏽⚕क्ष', ...invisible, ...spaces, '\ud83d', '\u0301', '\u00a8'],
  );
  const any = fc.oneof(fc.string({ unit, maxLength: 40 }), fc.string({ unit: 'binary' }));

  it('that could be stored is read as itself', () => {
    let stored = 0;
    const property = fc.property(any, (typed) => {
      const password = normalisePassword(typed);
      const found = passwordReasons(password, own, 1);
      if (found.includes('outer_space') || found.includes('invisible') || password === '') return;
      stored += 1;
      expect(readCurrentPassword(password)).toBe(password);
    });
    fc.assert(property, { numRuns: 2000 });
    expect(stored).toBeGreaterThan(200);
  });

  it('has no blank and no invisible character at either end, whatever was typed', () => {
    fc.assert(
      fc.property(any, (typed) => {
        const read = readCurrentPassword(typed);
        if (read === undefined) return;
        expect(read).toBe(read.trim());
        expect(read).not.toMatch(/^[\p{Bidi_Control}\u2800]|[\p{Bidi_Control}\u2800]$/u);
        expect(readCurrentPassword(`\u200f ${read} \u200e\n`)).toBe(read);
      }),
      { numRuns: 2000 },
    );
  });

  it('of blanks and marks alone is none', () => {
    expect(readCurrentPassword(' \u200e\t\u2800')).toBeUndefined();
  });
});
