import type { AnswerRule, HttpProvider } from '#core/model/sms-provider.ts';
import type { SmsAnswer, SmsGateway, SmsMessage } from '#core/ports/sms.ts';
import { fieldText, parseJson } from '#core/values/json-field.ts';
import { fillTemplate, keysIn } from './body-template.ts';
import { type BoundedAnswer, boundedFetch, NoAnswer } from './bounded-fetch.ts';

/** @returns the value that the providers' secret holds under a name */
export type ProviderKeys = (name: string) => Promise<string>;

interface Options {
  readonly provider: HttpProvider;
  readonly senderId: string;
  readonly keys: ProviderKeys;
}

const mediaTypes: Record<HttpProvider['contentType'], string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
};

/**
 * Sends by an aggregator's HTTP API, as the configuration describes it. Only a rule makes an answer `accepted` or
 * `refused`. 4xx and 503 say that the message was not taken. After any other answer the outcome is unknown.
 */
export const createHttpGateway = ({ provider, senderId, keys }: Options): SmsGateway => ({
  async send(message) {
    try {
      const request = {
        method: provider.method,
        headers: await headersOf(provider, keys),
        body: fillTemplate(provider, await valuesFor(message, { provider, senderId, keys })),
      };
      return read(provider, await boundedFetch(provider.url, request, provider.timeoutMs));
    } catch (error) {
      if (!(error instanceof NoAnswer)) return { kind: 'failed', troubled: true, error };
      const named = providerError(provider, error.message);
      return error.neverSent
        ? { kind: 'failed', troubled: true, error: named }
        : { kind: 'unknown', error: named };
    }
  },
});

function read(provider: HttpProvider, answer: BoundedAnswer): SmsAnswer {
  if (matches(provider.success, answer)) return { kind: 'accepted' };
  if (matches(provider.refusal, answer)) return { kind: 'refused' };
  const { status } = answer;
  const error = providerError(provider, `status-${status}`);
  // "Not now": too many requests, service unavailable (RFC 6585 §4, RFC 9110 §15.6.4).
  const notNow = status === 429 || status === 503;
  if (notNow || (provider.failure && matches(provider.failure, answer)))
    return { kind: 'failed', troubled: true, error };
  // Any other 4xx concerns this request, which contains the caller's phone number. It is no sign of an outage.
  if (status >= 400 && status < 500) return { kind: 'failed', troubled: false, error };
  // A gateway's time-out, a crash after the send, a success that no rule knows: the SMS may be on its way.
  return { kind: 'unknown', error };
}

async function headersOf(
  { headers, contentType, authorization }: HttpProvider,
  keys: ProviderKeys,
): Promise<Record<string, string>> {
  return {
    'content-type': mediaTypes[contentType],
    ...headers,
    ...(authorization && { [authorization.header]: await keys(authorization.key) }),
  };
}

async function valuesFor(
  { phone, body, reference }: SmsMessage,
  { provider, senderId, keys }: Options,
): Promise<Record<string, string>> {
  const secrets = keysIn(provider.body).map(async (key) => [`secret:${key}`, await keys(key)]);
  return {
    phone,
    body,
    reference,
    sender: senderId,
    phoneWithoutPlus: phone.slice(1),
    ...Object.fromEntries(await Promise.all(secrets)),
  };
}

function matches({ statuses, field }: AnswerRule, { status, text }: BoundedAnswer): boolean {
  if (!statuses.includes(status)) return false;
  if (!field) return true;
  return field.equals.includes(fieldText(parseJson(text), field.path) ?? '\0');
}

/** Logs show the name of an error and never its message, so the name carries what may be shown. */
function providerError({ name }: HttpProvider, what: string): Error {
  const error = new Error(`${name}: ${what}`);
  error.name = `SmsProvider.${name}.${what}`;
  return error;
}
