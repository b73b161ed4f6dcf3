import { describe, expect, it } from 'vitest';
import { findText } from '../../../portal/src/i18n/find-text.ts';

const parts = {
  common: {
    back: 'رجوع',
    theme: { light: 'فاتح' },
    step: 'الخطوة {{step}} من {{steps}}',
    field_zero: 'لا حقول',
    field_one: 'حقل واحد',
    field_two: 'حقلان',
    field_few: '{{count}} حقول',
    field_many: '{{count}} حقلًا',
    field_other: '{{count}} حقل',
  },
  account: { rule: { code_one: 'رقم', code_other: '{{count}} أرقام' } },
};
const find = (name: string, holes?: Record<string, string | number>) =>
  findText('ar', parts, name, holes);

describe('the text of a key', () => {
  it('is that of the part common, or of the part before the colon, at any depth', () => {
    expect(find('back')).toBe('رجوع');
    expect(find('theme.light')).toBe('فاتح');
    expect(findText('en', parts, 'account:rule.code', { count: 1 })).toBe('رقم');
  });

  it('has its holes filled, and keeps as text what is filled in', () => {
    expect(find('step', { step: 1, steps: '$& {{step}}' })).toBe('الخطوة 1 من $& {{step}}');
    expect(find('step', { step: 1 })).toBe('الخطوة 1 من {{steps}}');
  });

  it.each([
    [0, 'لا حقول'],
    [1, 'حقل واحد'],
    [2, 'حقلان'],
    [3, '3 حقول'],
    [11, '11 حقلًا'],
    [100, '100 حقل'],
  ])('takes the plural form of %s', (count, text) => {
    expect(find('field', { count })).toBe(text);
  });

  it('is the name where there is no text, or only texts below', () => {
    for (const name of ['nothing', 'theme', 'theme.light.more', 'toString', 'account:back'])
      expect(find(name)).toBe(name);
  });
});
