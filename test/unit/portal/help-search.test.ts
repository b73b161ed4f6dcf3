import { describe, expect, it } from 'vitest';
import { questions } from '../../../portal/src/flows/help/questions.ts';
import { searchQuestions } from '../../../portal/src/flows/help/search.ts';
import { isNear, normaliseWords, stemsOf } from '../../../portal/src/flows/help/words.ts';

const found = (typed: string) => searchQuestions(typed).map(({ id }) => id);

describe('the search of the help page', () => {
  it.each([
    // As it is called.
    ['نسيت كلمة المرور', 'forgotPassword'],
    ['I forgot my password', 'forgotPassword'],
    ['كيف أفتح حساب', 'openAccount'],
    ['تغيير رقم الجوال', 'changePhone'],
    ['تغيير كلمة المرور', 'changePassword'],
    // As people say it, and in the letters of the other language.
    ['نسيت الرقم السري', 'forgotPassword'],
    ['ضيعت الباسورد', 'forgotPassword'],
    ['نسيت اليوزر', 'forgotUsername'],
    ['الكود ما جاني', 'noCode'],
    ['ما وصلني رمز', 'noCode'],
    ['otp not received', 'noCode'],
    ['جوالي انسرق', 'phoneLost'],
    ['my phone was stolen', 'phoneLost'],
    ['وصلني كود ما طلبته', 'codeUnasked'],
    ['حسابي مقفل', 'tooMany'],
    ['احد اتصل وطلب الكود', 'asksCode'],
    ['أمي كبيرة في السن', 'forElder'],
    ['ابغى احذف حسابي', 'close'],
    ['delete my account', 'close'],
    ['الخط صغير ما اشوف', 'look'],
    ['make the text bigger', 'look'],
    ['is this site fake', 'realSite'],
    // With other letters, without hamza, with vowel signs, mistyped, from a Persian keyboard, half typed.
    ['نسيت كلمه المرور', 'forgotPassword'],
    ['نَسِيتُ كَلِمَةَ المُرُورِ', 'forgotPassword'],
    ['كلمۃ المرور نسيت', 'forgotPassword'],
    ['نسيت كلمة المرررو', 'forgotPassword'],
    ['رمز الإسترداد تطبيق ضاع', 'appLost'],
    ['forgot pasword', 'forgotPassword'],
    ['authentcator app', 'app'],
    ['الرسـالة لم تصل', 'noCode'],
    ['زایرات هکر', 'stranger'],
    ['شريح', 'phoneLost'],
  ])('finds the question for “%s” first', (typed, id) => {
    expect(found(typed)[0]).toBe(id);
  });

  it('finds the same whatever form a letter has', () => {
    expect(found('إلغاء الحساب')).toEqual(found('الغاء الحساب'));
    expect(found('هويه مسجله')).toEqual(found('هوية مسجّلة'));
    expect(found('\u200fالرمز\u200e')).toEqual(found('الرمز'));
  });

  it('says that there is no answer, instead of answering another question', () => {
    for (const typed of ['موعد الأسنان', 'بيتزا', 'xyzzy', '؟؟', '🙂', '\u200e']) {
      expect([typed, found(typed)]).toEqual([typed, []]);
    }
  });

  it('finds each question by the words of its own title, in both languages', async () => {
    for (const language of ['ar', 'en']) {
      const { default: texts } = await import(`../../../portal/src/i18n/${language}/help.ts`);
      for (const { id } of questions) {
        expect(found(texts.questions[id].question).slice(0, 2)).toContain(id);
      }
    }
  });

  it('has every question once', () => {
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
  });
});

describe('the words of the search', () => {
  it('have one spelling for alef, hamza, taa marbuta, alef maqsura, vowel signs and other keyboards', () => {
    expect(normaliseWords('أإآٱا')).toBe('ااااا');
    expect(normaliseWords('مؤمن مئة شيء')).toBe('مومن ميه شي');
    expect(normaliseWords('هُوِيَّةٌ')).toBe('هويه');
    expect(normaliseWords('مصطفى')).toBe('مصطفي');
    expect(normaliseWords('کلی')).toBe('كلي');
    expect(normaliseWords('رمـــز')).toBe('رمز');
    expect(normaliseWords('\u200fﻻ\u200e')).toBe('لا');
    expect(normaliseWords('PASSWORD Café')).toBe('password cafe');
  });

  it('lose what is attached to them, and keep three letters', () => {
    expect(stemsOf('والجوال بالجوال للجوال جوالي جوالكم')).toEqual(['جوال']);
    expect(stemsOf('codes code coded')).toHaveLength(1);
    expect(stemsOf('ولد')).toEqual(['ولد']);
  });

  it('leave out words that say nothing, unless there are no others', () => {
    expect(stemsOf('كيف أفتح ما')).toEqual(['افتح']);
    expect(stemsOf('كيف')).toEqual(['كيف']);
  });

  it('are near with one typing mistake, and with two in a long word', () => {
    expect(isNear('pasword', 'password')).toBe(true);
    expect(isNear('passwrod', 'password')).toBe(true);
    expect(isNear('code', 'core')).toBe(true);
    expect(isNear('cat', 'car')).toBe(false);
    expect(isNear('authentcatr', 'authenticator')).toBe(true);
    expect(isNear('fraud', 'found')).toBe(false);
  });
});
