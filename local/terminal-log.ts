import { styleText } from 'node:util';
import type { LogEntry } from './functions/function-definition.ts';
import type { Sms } from './pages/sms-inbox.ts';

export type Log = ReturnType<typeof createLog>;

interface LogOptions {
  /** Takes one or more lines, without a newline at the end. */
  readonly write: (text: string) => void;
  readonly color: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Writes the functions' log lines and SMS for a developer at a terminal. */
export function createLog({ write, color, now }: LogOptions) {
  const paint: Paint = (style, text) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  return {
    /** Writes one line of a function's log. */
    entry({ functionName, line }: LogEntry): void {
      const entry = parseEntry(line);
      if (isContinuation(line)) write(paint('dim', `${indent}${printable(line.trim())}`));
      else if (entry) write(entryText({ entry, functionName, time: clockTime(now()), paint }));
    },
    sms(sms: Sms): void {
      write(smsBox(sms, paint));
    },
  };
}

/** Whether to use colour: only on a terminal, and not if NO_COLOR is set (https://no-color.org). */
export function wantsColor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Whether a line continues the one before. A plain stack trace arrives line by line. */
function isContinuation(line: string): boolean {
  return /^\s+\S/.test(line) && parseJson(line)['message'] === line;
}

const indent = ' '.repeat(10);

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

interface Entry {
  readonly level: string;
  readonly message: string;
  readonly fields: Record<string, unknown>;
  readonly stack: string[];
}

/** Reads Lambda's JSON log format. Another line becomes the message; a blank line is skipped. */
function parseEntry(text: string): Entry | undefined {
  if (text.trim() === '') return undefined;
  const { timestamp: _, requestId: __, level, message, ...fields } = parseJson(text);
  // console.log({…}) puts the whole object into `message`.
  const flat = { ...fields, ...(isRecord(message) ? message : { message }) };
  const { message: said, errorType, errorMessage, stackTrace, ...rest } = flat;
  return {
    level: String(level ?? 'INFO').toUpperCase(),
    message: printable([errorType, errorMessage ?? said].filter(Boolean).join(': ')),
    fields: rest,
    stack: Array.isArray(stackTrace) ? stackTrace.map((frame) => printable(String(frame))) : [],
  };
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : { message: text };
  } catch {
    return { message: text };
  }
}

interface Line {
  readonly entry: Entry;
  readonly functionName: string;
  readonly time: string;
  readonly paint: Paint;
}

/**
 * Formats `12:03:04  registration    POST /registrations  202  12 ms`, and an error's stack below.
 */
function entryText({ entry, functionName, time, paint }: Line): string {
  const { level, message, fields, stack } = entry;
  const words = isRequest(entry) ? requestWords(fields, paint) : [message, ...fieldWords(fields)];
  const first = [
    paint('dim', time),
    paint('cyan', functionName.padEnd(14)),
    ...(level === 'INFO' ? [] : [paint(levelStyle(level), level)]),
    ...words.filter((word) => word !== ''),
  ].join('  ');
  return [first, ...stack.map((frame) => paint('dim', `${indent}${frame}`))].join('\n');
}

function isRequest({ message, fields }: Entry): boolean {
  return message === 'request' && 'route' in fields && 'status' in fields;
}

function requestWords({ route, status, ms, ...others }: Entry['fields'], paint: Paint): string[] {
  return [
    fieldText(route).padEnd(32),
    paint(
      Number(status) < 400 ? 'green' : Number(status) < 500 ? 'yellow' : 'red',
      fieldText(status),
    ),
    ms === undefined ? '' : `${fieldText(ms)} ms`,
    ...fieldWords(others),
  ];
}

function fieldWords(fields: Entry['fields']): string[] {
  return Object.entries(fields).map(([name, value]) => `${printable(name)}=${fieldText(value)}`);
}

function fieldText(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

function levelStyle(level: string): 'red' | 'yellow' | 'dim' {
  if (level === 'ERROR' || level === 'FATAL') return 'red';
  return level === 'WARN' ? 'yellow' : 'dim';
}

/** The box is open on the right, because the width of Arabic text depends on the terminal. */
function smsBox({ phone, body }: Sms, paint: Paint): string {
  const edge = (text: string) => paint('magenta', text);
  const lines = body.split('\n').map((line) => `${edge('│')} ${printable(line)}`);
  const top = `${edge('╭─')} ${paint('bold', `SMS to ${printable(phone)}`)} ${edge('─'.repeat(20))}`;
  return [top, ...lines, edge(`╰${'─'.repeat(42)}`)].join('\n');
}

/** Removes control characters: text from a client must not move the cursor or set the title. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}]/gu, (character) => (character === '\n' ? `\n${indent}` : ' '));
}

/** Time of day in the machine's time zone. */
function clockTime(epochMs: number): string {
  return new Date(epochMs).toLocaleTimeString('en-GB');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
