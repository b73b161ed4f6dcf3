import { describe, expect, it } from 'vitest';
import { changeKinds, noticeMessage, reminderMessage } from '#core/delivery/notice-messages.ts';
import { languages } from '#core/values/language.ts';
import { isOnePart } from '#core/values/sms-parts.ts';

/** The basic character set of GSM 03.38: any other character makes the whole message UCS-2. */
const gsm7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;

const catalogue = changeKinds.flatMap((kind) => languages.map((language) => ({ kind, language })));

describe.each(catalogue)('the notice $kind in $language', ({ kind, language }) => {
  const text = noticeMessage(kind, language);

  it('fits one part', () => {
    if (language === 'ar') expect(text.length).toBeLessThanOrEqual(70);
    else expect([text.length <= 160, gsm7.test(text)]).toEqual([true, true]);
  });

  it('says what to do if it was not you, and ends with the number to call', () => {
    expect(text).toMatch(language === 'ar' ? /إن لم .* فاتصل على 937$/ : /not you, call 937\.$/);
  });

  it('has no link, no code and no digits except the ministry’s line', () => {
    expect(text).not.toMatch(/https?:|www\.|\/\/|\.sa\b|@|#/);
    expect(text.match(/\p{Nd}+/gu)).toEqual(['937']);
  });

  it('reads the same in both directions of writing: no Latin letters in Arabic, nothing invisible', () => {
    if (language === 'ar') expect(text).not.toMatch(/[A-Za-z]/);
    expect(text).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
  });
});

it.each(catalogue)(
  'the notice $kind in $language names the account in its first line, where one part has room',
  ({ kind, language }) => {
    const plain = noticeMessage(kind, language);
    const text = noticeMessage(kind, language, 'sa***a');
    expect(isOnePart(text)).toBe(true);
    const named = `sa***a\n${plain}`;
    expect(text).toBe(isOnePart(named) ? named : plain);
  },
);

it('the notices of a new device and of a new password have room for a name in both languages', () => {
  for (const kind of ['new-device', 'password-changed'] as const)
    for (const language of languages)
      expect(noticeMessage(kind, language, 'sa***a')).toMatch(/^sa\*\*\*a\n/);
});

it('all notices differ in their text', () => {
  const texts = catalogue.map(({ kind, language }) => noticeMessage(kind, language));
  expect(new Set(texts).size).toBe(texts.length);
});

describe.each(languages)('the reminder of a username in %s', (language) => {
  it.each(['sara', `s${'_'.repeat(31)}`, 'a.b-c_9'])(
    'names %s in one part, on a line of its own',
    (name) => {
      const text = reminderMessage(name, language);
      expect(isOnePart(text)).toBe(true);
      expect(text.split('\n')[language === 'ar' ? 1 : 0]?.split(' ').at(-1)).toBe(name);
    },
  );

  it('says what to do if it was not asked for, and ends with the number to call', () => {
    const text = reminderMessage('sara.q', language);
    expect(text).toMatch(
      language === 'ar' ? /إن لم .* فاتصل على 937$/ : /did not ask .*, call 937\.$/,
    );
    expect(text.match(/\p{Nd}+/gu)).toEqual(['937']);
    expect(text).not.toMatch(/https?:|www\.|\/\/|@|#|[\u200b-\u200f\u202a-\u202e]/);
  });

  it('takes a name as it is, whatever a replacement would make of it', () => {
    expect(reminderMessage("a$&b$'", language)).toContain("a$&b$'");
  });
});
