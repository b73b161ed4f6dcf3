import { describe, expect, it } from 'vitest';
import { createLog, wantsColor } from '../../../local/log.ts';

const esc = String.fromCharCode(27);
const at = new Date(2026, 0, 2, 12, 3, 4).getTime();

function written(use: (log: ReturnType<typeof createLog>) => void, color = false): string {
  const texts: string[] = [];
  use(createLog({ write: (text) => texts.push(text), color, now: () => at }));
  return texts.join('\n');
}

const line = (text: string, color = false) =>
  written((log) => log.entry({ functionName: 'registration', line: text }), color);

describe('a line of a function’s log', () => {
  it('of a request reads route, status, time', () => {
    const entry = {
      level: 'INFO',
      message: 'request',
      route: 'POST /registrations',
      status: 202,
      ms: 12,
    };
    expect(line(JSON.stringify(entry))).toBe(
      '12:03:04  registration    POST /registrations               202  12 ms',
    );
  });

  it('is the same when the whole object is the message, as Lambda logs it', () => {
    const message = { message: 'request', route: 'POST /registrations', status: 202, ms: 12 };
    const entry = { timestamp: '2026-01-02T00:00:00Z', level: 'INFO', requestId: 'r', message };
    expect(line(JSON.stringify(entry))).toBe(
      '12:03:04  registration    POST /registrations               202  12 ms',
    );
  });

  it('shows a level other than INFO, and the other fields', () => {
    expect(line('{"level":"WARN","message":"slow","ms":900,"who":{"a":1}}')).toBe(
      '12:03:04  registration    WARN  slow  ms=900  who={"a":1}',
    );
  });

  it('puts the stack of an error below it', () => {
    const message = { errorType: 'TypeError', errorMessage: 'no', stackTrace: ['at a', 'at b'] };
    expect(line(JSON.stringify({ level: 'ERROR', message }))).toBe(
      '12:03:04  registration    ERROR  TypeError: no\n          at a\n          at b',
    );
  });

  it('is indented when it continues the line before', () => {
    expect(line('    at handler (index.mjs:1:2)')).toBe('          at handler (index.mjs:1:2)');
  });

  it.each(['plain text', '[1,2]', '"quoted"', '{"broken":'])('may be any text: %s', (text) => {
    expect(line(text)).toBe(`12:03:04  registration    ${text}`);
  });

  it('is left out when it is blank', () => {
    expect(line('  ')).toBe('');
  });

  it('cannot steer the terminal', () => {
    expect(line(`a${esc}[2Jb`)).not.toContain(esc);
    expect(line(JSON.stringify({ message: `a${esc}]0;title` }))).not.toContain(esc);
  });
});

describe('an SMS', () => {
  it('is a box with phone and body', () => {
    const sms = { phone: '+966500000001', body: 'رمزك 123456\n@localhost #123456' };
    const [top, ...rest] = written((log) => log.sms(sms)).split('\n');
    expect(top).toMatch(/^╭─ SMS to \+966500000001 ─+$/);
    expect(rest.slice(0, 2)).toEqual(['│ رمزك 123456', '│ @localhost #123456']);
    expect(rest[2]).toMatch(/^╰─+$/);
  });
});

describe('colour', () => {
  it('appears only on request', () => {
    expect(line('hello', true)).toContain(esc);
    expect(line('hello')).not.toContain(esc);
  });

  it.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['no terminal', {}, {}, false],
    ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
  ])('is wanted for %s: %o %o %s', (_, stream, env, wanted) => {
    expect(wantsColor(stream, env)).toBe(wanted);
  });
});
