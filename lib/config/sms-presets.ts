import type { HttpProvider } from '#core/model/sms-provider.ts';

/**
 * Unifonic, as its public documentation describes the SMS API (docs.unifonic.com: "Sending your first SMS", "HTTP
 * status codes").
 * The providers' secret holds the AppSid under `unifonic`; the sender is the stage's. 410, 481, 482 and 483 mean that
 * the provider cannot text the number.
 */
export const unifonic = {
  kind: 'http',
  name: 'unifonic',
  url: 'https://el.cloud.unifonic.com/rest/SMS/messages',
  contentType: 'form',
  body: 'AppSid={{secret:unifonic}}&SenderID={{sender}}&Recipient={{phoneWithoutPlus}}&Body={{body}}&responseType=JSON&CorrelationID={{reference}}',
  success: { statuses: [200], field: { path: 'success', equals: ['true'] } },
  refusal: { statuses: [410, 481, 482, 483] },
  failure: { statuses: [200, 599], field: { path: 'success', equals: ['false'] } },
} satisfies Partial<HttpProvider>;

/**
 * Taqnyat, by the fields that its public connectors name: `recipients` as numbers, `body`, `sender`, and `statusCode`
 * 201 for an accepted message. Its refusals are not public: take them from the contract and replace the rule.
 */
export const taqnyat = {
  kind: 'http',
  name: 'taqnyat',
  url: 'https://api.taqnyat.sa/v1/messages',
  authorization: { header: 'authorization', key: 'taqnyat' },
  contentType: 'json',
  body: '{"recipients":[{{phoneWithoutPlus}}],"body":"{{body}}","sender":"{{sender}}"}',
  success: { statuses: [200, 201], field: { path: 'statusCode', equals: ['201'] } },
  refusal: { statuses: [422] },
} satisfies Partial<HttpProvider>;
