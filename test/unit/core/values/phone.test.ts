import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countries, maskPhone, readPhone } from '#core/values/phone.ts';
import { digits, inAnyScript, strewnWith } from './scripts.ts';

const one = { kind: 'phone', phone: '+966551234567' };

describe('phones as people type them', () => {
  it.each([
    '0551234567',
    '551234567',
    '+966551234567',
    '00966551234567',
    '966551234567',
    '٠٥٥١٢٣٤٥٦٧',
    '۰۵۵۱۲۳۴۵۶۷',
    '０５５１２３４５６７',
    '+٩٦٦٥٥١٢٣٤٥٦٧',
    '＋966551234567',
    '+966 55 123 4567',
    '+966 055 123 4567',
    '(+966) 55-123-4567',
    '055.123.4567',
    '055\u00a0123\u00a04567',
    '055\u2011123\u20134567',
    ' 0551234567\n',
    'tel:0551234567',
    'TEL:+966-55-123-4567',
    '055\ufe0f1234567',
    '\ufeff055\u2212123\u20144567\ufffc',
    '०५५१२३४५६७',
    '（055）123．4567',
    '٩٦٦٥٥١٢٣٤٥٦٧+',
    '055،123،4567',
    '\u202a+966 55 123 4567\u202c',
    '\u200f٠٥٥\u200e١٢٣٤٥٦٧\u2069',
  ])('%j is the one phone +966551234567', (typed) => {
    expect(readPhone(typed)).toEqual(one);
  });

  it('separators, digit scripts and prefixes always give the same phone', () => {
    const prefixes = ['0', '', '+966', '00966', '966', '+9660', '009660'];
    const typed = fc.tuple(digits(8), fc.constantFrom(...prefixes)).chain(([rest, prefix]) =>
      inAnyScript(`5${rest}`)
        .chain((number) => strewnWith(number, ' -.()/\u00a0\u2013\u200f'))
        .map((number) => ({ expected: `+9665${rest}`, text: prefix + number })),
    );
    fc.assert(
      fc.property(typed, ({ expected, text }) => {
        expect(readPhone(text)).toEqual({ kind: 'phone', phone: expected });
      }),
    );
  });

  it('two numbers are never read as one phone', () => {
    const pair = fc.tuple(digits(8), digits(8)).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(readPhone(`05${a}`)).not.toEqual(readPhone(`+9665${b}`));
      }),
    );
  });

  it.each([
    ['a landline in Riyadh', '0112345678'],
    ['a landline in Jeddah, international', '+966 12 234 5678'],
    ['an Emirati mobile', '+971 50 123 4567'],
    ['an Emirati mobile behind 00', '00971501234567'],
    ['an American number', '+1 (202) 555-0123'],
  ])('%s is well formed but unsupported', (_what, typed) => {
    expect(readPhone(typed)).toEqual({ kind: 'unsupported' });
  });

  it.each([
    '',
    '   ',
    '+',
    'my phone',
    '055123456',
    '05512345678',
    '+96655123456',
    '+9665512345678',
    '0551234567x',
    '0551234567;ext=1',
    'tel:0551234567;ext=1',
    'call:0551234567',
    '++966551234567',
    '+00966551234567',
    '+0551234567',
    '966+551234567',
    '0551234567+',
    '+9661',
    '+12345678901234567',
  ])('%j is malformed', (typed) => {
    expect(readPhone(typed)).toEqual({ kind: 'malformed' });
  });

  it('every phone that is read is a Saudi mobile in E.164, whatever is typed', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'+0569 -٥٠') }));
    fc.assert(
      fc.property(text, (typed) => {
        const result = readPhone(typed);
        if (result.kind === 'phone') expect(result.phone).toMatch(/^\+9665\d{8}$/);
      }),
    );
  });

  it('a mask shows the last three digits only', () => {
    expect(maskPhone('+966551234567')).toBe('•••• 567');
  });
});

describe('the phones of a stage that allows more countries', () => {
  it.each([
    ['+971 50 123 4567', '+971501234567'],
    ['00965 5012 3456', '+96550123456'],
    ['+973 3612 3456', '+97336123456'],
    ['+968 9212 3456', '+96892123456'],
    ['+974 3312 3456', '+97433123456'],
    ['0551234567', '+966551234567'],
    // Ranges of operators that came later.
    ['+971 53 123 4567', '+971531234567'],
    ['+971 051 123 4567', '+971511234567'],
    ['00971 57 123 4567', '+971571234567'],
    ['+971 59 123 4567', '+971591234567'],
    ['+973 6333 1234', '+97363331234'],
    ['+973 6441 2345', '+97364412345'],
    ['+973 6612 3456', '+97366123456'],
    ['+965 4112 3456', '+96541123456'],
    ['+968 7012 3456', '+96870123456'],
    ['+968 9012 3456', '+96890123456'],
    ['+974 7012 3456', '+97470123456'],
    ['0571234567', '+966571234567'],
  ])('include the mobile %s when its country is allowed', (typed, phone) => {
    const everywhere = ['SA', 'AE', 'KW', 'BH', 'OM', 'QA'] as const;
    expect(readPhone(typed, everywhere)).toEqual({ kind: 'phone', phone });
  });

  it.each([
    ['a landline in Dubai', '+971 4 123 4567'],
    ['an Emirati premium number', '+971 900 212345'],
    ['a landline in Manama', '+973 1712 3456'],
    ['a landline of a newer Bahraini operator', '+973 6500 1234'],
    ['a Bahraini premium number', '+973 9012 3456'],
    ['a Kuwaiti landline', '+965 2212 3456'],
    ['an Omani landline', '+968 2412 3456'],
    ['an Omani premium number', '+968 9001 2345'],
    ['a Qatari landline', '+974 4412 3456'],
  ])('do not include %s', (_what, typed) => {
    expect(readPhone(typed, countries)).toEqual({ kind: 'unsupported' });
  });

  it('include every third digit of a range: no Saudi, Emirati, Kuwaiti or Qatari mobile is refused by it', () => {
    const ranges = ['+9665', '+9715', '+9655', '+9659', '+9743', '+9745', '+9747'];
    for (const range of ranges) {
      const rest = range.startsWith('+966') || range.startsWith('+971') ? '1234567' : '123456';
      for (let third = 0; third <= 9; third += 1) {
        const phone = `${range}${third}${rest}`;
        expect(readPhone(phone, countries)).toEqual({ kind: 'phone', phone });
      }
    }
  });

  it('include no landline, and no country that is not allowed', () => {
    expect(readPhone('+971 4 123 4567', ['SA', 'AE'])).toEqual({ kind: 'unsupported' });
    expect(readPhone('+971 50 123 4567', ['SA', 'KW'])).toEqual({ kind: 'unsupported' });
    expect(readPhone('0551234567', ['AE'])).toEqual({ kind: 'unsupported' });
  });
});
