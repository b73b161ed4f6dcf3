import { at, escaped } from '../world/openapi.ts';
import type { Case } from './request.ts';
import type { WireAnswer } from './wire.ts';

/** Throws when an answer violates the document: the check of a `contractRecorder`. */
type Check = (
  method: string,
  path: string,
  seen: { status: number; headers: Headers; body: unknown },
) => void;

/** Headers of every answer, also of the gateway's own. */
const always = {
  'cache-control': 'no-store',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};
/** Headers of the functions' answers. */
const ofFunctions = {
  ...always,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  vary: 'Accept-Language',
};

/** What CloudFront may keep for everybody. */
const publicCalls = ['/terms', '/openapi.json'];

const headersOf = ({ method, path }: Case, status: number) =>
  ['GET', 'HEAD'].includes(method) &&
  status === 200 &&
  publicCalls.includes(path.replace(/\?.*/, ''))
    ? { ...ofFunctions, 'cache-control': 'public, max-age=0, s-maxage=60' }
    : ofFunctions;

/** A shorter secret may be in an answer by chance. */
const tellingLength = 12;

/** The faults of an answer, one per line. */
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
    ...Object.entries(byGateway ? always : headersOf(sent, status)).flatMap(([name, value]) =>
      headers.get(name) === value ? [] : [`header ${name} is ${headers.get(name)}`],
    ),
    ...reflected(sent, answer),
  ];
}

/**
 * Of two parallel requests with the same ticket or key, the function asks one to retry. An
 * unexpected error looks the same to the client, but it is in the log, which the run reads as well.
 */
export const isAskedToWait = ({ status, headers }: WireAnswer) =>
  status === 503 && headers.has('retry-after') && !headers.has('x-amzn-errortype');

function contract(sent: Case, answer: WireAnswer, body: unknown, check: Check): string[] {
  const { status, headers } = answer;
  if (sent.method === 'HEAD') return ofHead(sent, status);
  try {
    check(sent.method, sent.path, { status, headers, body });
    return [];
  } catch (error) {
    return [String(error)];
  }
}

/** HEAD answers as the GET of its path does, without a body. Where there is no GET, there is no HEAD. */
function ofHead({ operation }: Case, status: number): string[] {
  const documented = at(`#/paths/${escaped(operation?.path ?? '')}/get/responses`) ?? { 404: {} };
  return String(status) in documented ? [] : [`status ${status} for HEAD`];
}

function bodyOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    return error;
  }
}

/**
 * The view of a challenge contains its id, which the caller has sent in the path. A ticket that is extended twice within a
 * second is the same again.
 */
function reflected({ operation, secrets, path }: Case, { text, headers }: WireAnswer): string[] {
  if (operation?.id === 'extendTicket') return [];
  const told = text + JSON.stringify([...headers]);
  return secrets
    .filter((secret) => secret.length >= tellingLength && !path.includes(secret))
    .filter((secret) => told.includes(secret) || told.includes(JSON.stringify(secret).slice(1, -1)))
    .map(() => 'it tells a secret that was sent');
}

/**
 * The lines that contain one of the secrets. There are thousands of both, so each position of each
 * line is looked up by a few characters.
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

/** Only separate digits count: those inside a request id or an instant are no code. */
const hasCode = (line: string, codes: Set<string>) =>
  [...line.matchAll(/(?<![\w.-])\d{6,8}(?![\w.-])/g)].some(([digits]) => codes.has(digits));
