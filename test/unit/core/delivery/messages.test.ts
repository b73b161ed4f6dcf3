import { describe, expect, it } from 'vitest';
import { codeMessage, phoneFullMessage, transactionMessage } from '#core/delivery/messages.ts';
import type { OwnPurpose } from '#core/model/purpose.ts';
import { languages } from '#core/values/language.ts';
import { isOnePart } from '#core/values/sms-parts.ts';
import { stageNamed } from '../../../../lib/config/stages/index.ts';

/** The basic character set of GSM 03.38: any other character makes the whole message UCS-2. */
const gsm7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;

const purposes: OwnPurpose[] = ['registration', 'password-reset'];
// The longest host and code that a stage may have, and those of every existing stage.
const longest = { host: 'x'.repeat(25), code: '1234567' };
const hosts = ['dev', 'local', 'prod'].map((name) => stageNamed(name).portalHost);
const shapes = [longest, ...hosts.map((host) => ({ host, code: '123456' }))];

const catalogue = purposes.flatMap((purpose) =>
  languages.flatMap((language) =>
    shapes.map(({ host, code }) => ({ purpose, language, host, code })),
  ),
);

describe.each(catalogue)('the SMS for $purpose in $language, of $host', (entry) => {
  const { purpose, language, host, code } = entry;
  const text = codeMessage(purpose, language, code, host);

  it('fits one part', () => {
    if (language === 'ar') expect(text.length).toBeLessThanOrEqual(70);
    else expect([text.length <= 160, gsm7.test(text)]).toEqual([true, true]);
  });

  it('ends with the line that binds the code to the portal and that autofill reads', () => {
    expect(text.split('\n').at(-1)).toBe(`@${host} #${code}`);
  });

  it('writes the code in Western digits, apart from every other letter, and has no other digits', () => {
    const sentence = text.split('\n')[0] ?? '';
    expect(sentence).toMatch(new RegExp(`: ${code} `));
    expect(sentence.match(/\p{Nd}+/gu)).toEqual([code]);
    // Latin letters next to the digits would pull them out of place in a right-to-left line.
    if (language === 'ar') expect(sentence).not.toMatch(/[A-Za-z]/);
  });

  it('has no link and no invisible characters', () => {
    expect(text).not.toMatch(/https?:|www\.|\/\//);
    expect(text).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
  });
});

describe('the SMS for an account of a shared phone', () => {
  const named: OwnPurpose[] = ['login', 'password-reset', 'account-closing'];
  const all = named.flatMap((purpose) =>
    languages.flatMap((language) => shapes.map((shape) => ({ purpose, language, ...shape }))),
  );

  it.each(all)('for $purpose in $language of $host names it where one part has room', (entry) => {
    const { purpose, language, code, host } = entry;
    const plain = codeMessage(purpose, language, code, host);
    const text = codeMessage(purpose, language, code, host, 'sa***a');
    expect(isOnePart(text)).toBe(true);
    const lines = plain.split('\n');
    const withName = [lines[0], 'sa***a', lines[1]].join('\n');
    expect(text).toBe(isOnePart(withName) ? withName : plain);
  });

  it('names it for every login, of every existing stage', () => {
    for (const { host, code } of shapes.slice(1))
      for (const language of languages)
        expect(codeMessage('login', language, code, host, 'sa***a')).toContain('\nsa***a\n');
  });
});

describe.each(languages)('the SMS of a transaction, in %s', (language) => {
  const longestName = { ar: 'و'.repeat(14), en: 'x'.repeat(30) }[language];
  const message = (display: string, { host, code } = shapes[0] ?? longest) =>
    transactionMessage(
      { serviceName: longestName, purpose: 'dispense', display },
      language,
      code,
      host,
    );
  const letter = { ar: 'و', en: 'x' }[language];

  it('leaves room for the approved text, whatever host and service name a stage chooses', () => {
    expect(isOnePart(message(letter.repeat(4)))).toBe(true);
  });

  it.each(shapes)('names the service, the action and the code, of $host', (shape) => {
    const lines = message(letter, shape).split('\n');
    expect(lines[0]).toBe(`${longestName}: ${letter}`);
    expect(lines[1]?.match(/\p{Nd}+/gu)).toEqual([shape.code]);
    expect(lines.at(-1)).toBe(`@${shape.host} #${shape.code}`);
  });

  it('says that the code is a secret when one part has room for it', () => {
    const short = { host: 'localhost', code: '123456' };
    expect(message(letter, short)).toMatch(/لا تشاركه|Never share it/);
    const most = { ar: 70, en: 160 }[language];
    for (let length = 1; length < most; length += 1) {
      const text = message(letter.repeat(length), short);
      const warned = /لا تشاركه|Never share it/.test(text);
      if (warned) expect(isOnePart(text)).toBe(true);
    }
  });
});

describe('the SMS to a phone that has no free slot', () => {
  it('fits one part in both languages and contains no digits', () => {
    expect(phoneFullMessage('ar').length).toBeLessThanOrEqual(70);
    expect(phoneFullMessage('en').length).toBeLessThanOrEqual(160);
    expect(phoneFullMessage('en')).toMatch(gsm7);
    for (const language of languages) expect(phoneFullMessage(language)).not.toMatch(/\p{Nd}/u);
  });
});
