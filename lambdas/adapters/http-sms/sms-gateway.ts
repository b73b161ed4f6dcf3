import { fieldText, parseJson } from '../../core/json-field.ts';
import type { SmsGateway, SmsMessage } from '../../core/ports.ts';
import type { AnswerRule, HttpProvider } from '../../core/sms-provider.ts';
import { fillTemplate, keysIn } from './body-template.ts';
import { type BoundedAnswer, boundedFetch } from './bounded-fetch.ts';

/** @returns the value the providers' secret holds under a name */
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
 * Sends by an aggregator's HTTP API, described by configuration. What it answers is `accepted` or `refused` only
 * where a rule says so; anything else may be another answer next time.
 */
export const createHttpGateway = ({ provider, senderId, keys }: Options): SmsGateway => ({
  async send(message) {
    const request = {
      method: provider.method,
      headers: await headersOf(provider, keys),
      body: fillTemplate(provider, await valuesFor(message, { provider, senderId, keys })),
    };
    const answer = await askProvider(provider, request);
    if (matches(provider.success, answer)) return { kind: 'accepted', provider: provider.name };
    if (provider.refusal && matches(provider.refusal, answer)) return { kind: 'refused' };
    throw providerError(provider, `status-${answer.status}`);
  },
});

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
    ...{ phone, body, reference, sender: senderId, phoneWithoutPlus: phone.slice(1) },
    ...Object.fromEntries(await Promise.all(secrets)),
  };
}

async function askProvider(
  provider: HttpProvider,
  request: Parameters<typeof boundedFetch>[1],
): Promise<BoundedAnswer> {
  try {
    return await boundedFetch(provider.url, request, provider.timeoutMs);
  } catch (error) {
    throw providerError(provider, error instanceof Error ? error.message : 'unknown');
  }
}

function matches({ statuses, field }: AnswerRule, { status, text }: BoundedAnswer): boolean {
  if (!statuses.includes(status)) return false;
  if (!field) return true;
  return field.equals.includes(fieldText(parseJson(text), field.path) ?? '\0');
}

/** Logs show an error's name and not its message, so what may be told is in the name. */
function providerError({ name }: HttpProvider, what: string): Error {
  const error = new Error(`${name}: ${what}`);
  error.name = `SmsProvider.${name}.${what}`;
  return error;
}
