import type { Case } from './request.ts';
import type { WireAnswer } from './wire.ts';

/** Throws where an answer is not as the document says: a `contractRecorder`'s. */
type Check = (
  method: string,
  path: string,
  seen: { status: number; headers: Headers; body: unknown },
) => void;

/** On every answer, the gateway's own too. */
const always = {
  'cache-control': 'no-store',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};
/** On those of functions. */
const ofFunctions = {
  ...always,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  vary: 'Accept-Language',
};

/** Below that a secret may be in an answer by chance. */
const tellingLength = 12;

/** What is wrong with an answer, a line each. */
export function faultsOf(sent: Case, answer: WireAnswer, check: Check): string[] {
  const { status, headers } = answer;
  const body = bodyOf(answer.text);
  const byGateway = headers.has('x-amzn-errortype');
  return [
    ...(status >= 500 && !isAskedToWait(answer) ? [`status ${status}`] : []),
    ...(sent.refused && status < 400 ? [`status ${status} for what the document forbids`] : []),
    ...(sent.status !== undefined && status !== sent.status
      ? [`${status}, not ${sent.status}`]
      : []),
    ...(body instanceof Error ? ['the body is no JSON'] : contract(sent, answer, body, check)),
    ...Object.entries(byGateway ? always : ofFunctions).flatMap(([name, value]) =>
      headers.get(name) === value ? [] : [`header ${name} is ${headers.get(name)}`],
    ),
    ...reflected(sent, answer),
  ];
}

/**
 * Of two requests at the same ticket or key one is asked to come again, by the function itself. What a function did not
 * expect looks the same to the client, and is in the log: the run reads that as well.
 */
export const isAskedToWait = ({ status, headers }: WireAnswer) =>
  status === 503 && headers.has('retry-after') && !headers.has('x-amzn-errortype');

function contract(sent: Case, answer: WireAnswer, body: unknown, check: Check): string[] {
  const { status, headers } = answer;
  // The answer to HEAD has no body by HTTP, and no operation has the method.
  if (sent.method === 'HEAD') return status === 404 ? [] : [`status ${status} for HEAD`];
  try {
    check(sent.method, sent.path, { status, headers, body });
    return [];
  } catch (error) {
    return [String(error)];
  }
}

function bodyOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    return error;
  }
}

/** A challenge's id comes back in its view: whoever has it, sent it. */
function reflected({ secrets, path }: Case, { text, headers }: WireAnswer): string[] {
  const told = text + JSON.stringify([...headers]);
  return secrets
    .filter((secret) => secret.length >= tellingLength && !path.includes(secret))
    .filter((secret) => told.includes(secret) || told.includes(JSON.stringify(secret).slice(1, -1)))
    .map(() => 'it tells a secret that was sent');
}

/**
 * The lines that hold one of the secrets. Each place of each line is looked up by a few characters: there are thousands of
 * both.
 * @returns the lines
 */
export function leaks(lines: readonly string[], secrets: Iterable<string>): string[] {
  const forms = [...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const telling = forms.filter((secret) => secret.length >= tellingLength);
  const byStart = Map.groupBy(telling, (secret) => secret.slice(0, tellingLength));
  const codes = new Set(forms.filter((secret) => /^\d{6,8}$/.test(secret)));
  return lines.filter((line) => hasSecret(line, byStart) || hasCode(line, codes));
}

function hasSecret(line: string, byStart: Map<string, string[]>): boolean {
  for (let at = 0; at + tellingLength <= line.length; at++) {
    const found = byStart.get(line.slice(at, at + tellingLength));
    if (found?.some((secret) => line.startsWith(secret, at))) return true;
  }
  return false;
}

/** Digits that stand alone: those of a request id or of an instant are no code. */
const hasCode = (line: string, codes: Set<string>) =>
  [...line.matchAll(/(?<![\w.-])\d{6,8}(?![\w.-])/g)].some(([digits]) => codes.has(digits));
