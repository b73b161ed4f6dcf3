import { takeReceipt } from '#core/delivery/take-receipt.ts';
import { challengeStore, clock, noticeStore } from '../../compose/ports.ts';
import { providerKeys } from '../../compose/sms-routes.ts';
import { apiHandler, type Route, reply } from '../../http/api-handler.ts';
import { header } from '../../http/call.ts';
import { log } from '../../observability/log.ts';
import { env } from './env.ts';

const take = takeReceipt({
  clock,
  ...challengeStore(env),
  ...noticeStore(env),
  rules: env.RECEIPT_RULES,
  keys: providerKeys(env.RECEIPT_SECRET_ARN),
});

/** The signature covers the raw body, so the body is not parsed before the signature was checked. */
const receive: Route = async (event) => {
  const taken = await take({
    provider: event.pathParameters?.['provider'] ?? '',
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    header: (name) => header(event, name),
  });
  log('INFO', 'receipt', { delivery: taken });
  return reply(204);
};

/** The webhook of the SMS providers. */
export const handler = apiHandler(
  // No app calls it.
  { ...env, APP_ORIGINS: [] },
  { 'POST /receipts/{provider}': receive },
);
