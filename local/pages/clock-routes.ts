import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { LocalClock } from '../clock.ts';
import { sendJson } from './local-answers.ts';

const usage =
  'Send one of {"advanceSeconds": 300}, {"now": "2026-11-24T00:00:00Z"}, {"reset": true}';

const moveSchema = z
  .strictObject({
    advanceSeconds: z.number().optional(),
    now: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
    reset: z.literal(true).optional(),
  })
  .refine((move) => Object.keys(move).length === 1, { error: usage });

type Move = z.output<typeof moveSchema>;

/**
 * Answers `GET /local/clock`, and moves the clock on `POST /local/clock`.
 * @returns a handler; it returns false for any other path
 */
export function createClockRoutes(clock: LocalClock) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.url?.split('?', 1)[0] !== '/local/clock') return false;
    if (request.method === 'POST') answerMove(clock, request, response);
    else if (['GET', 'HEAD'].includes(request.method ?? '')) sendTime(response, clock);
    else sendJson(response, 405, { message: 'Use GET or POST' });
    return true;
  };
}

async function answerMove(clock: LocalClock, request: IncomingMessage, response: ServerResponse) {
  try {
    apply(clock, readMove(await text(request)));
    sendTime(response, clock);
  } catch (error) {
    sendJson(response, 400, { message: error instanceof Error ? error.message : String(error) });
  }
}

function apply(clock: LocalClock, { advanceSeconds, now }: Move): void {
  if (advanceSeconds !== undefined) clock.advance(advanceSeconds);
  else if (now !== undefined) clock.set(now);
  else clock.reset();
}

/** @throws Error that says what is wrong with the body */
function readMove(body: string): Move {
  const result = moveSchema.safeParse(parseJson(body));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new Error(problems.join('; '));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`The body is not JSON. ${usage}`);
  }
}

function sendTime(response: ServerResponse, clock: LocalClock): void {
  const now = new Date(clock.now()).toISOString();
  sendJson(response, 200, { now, offsetSeconds: clock.offsetSeconds() });
}
