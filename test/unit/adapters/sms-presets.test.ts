import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpGateway } from '../../../lambdas/adapters/http-sms/sms-gateway.ts';
import { httpProviders } from '../../../lib/config/sms.ts';
import { taqnyat, unifonic } from '../../../lib/config/sms-presets.ts';
import { startSmsProvider } from '../../support/world/sms-provider.ts';
import { stageWith } from '../../support/world/stage-with-provider.ts';

const message = {
  phone: '+966505980169',
  body: 'رمز الدخول: 012345 & لا تشاركه\n@portal #012345',
  reference: `${'h'.repeat(43)}.1`,
};
const secret: Record<string, string> = { unifonic: '6v253153s1g7831s5', taqnyat: 'Bearer key' };

let server: Awaited<ReturnType<typeof startSmsProvider>>;
beforeAll(async () => {
  server = await startSmsProvider();
});
afterAll(() => server.stop());

/** Sends through a preset, as a stage configures it, to a server of the test. */
async function sendBy(preset: typeof unifonic | typeof taqnyat) {
  const [provider] = httpProviders(stageWith('qa', [preset]));
  if (!provider) throw new Error('The stage dropped it');
  const keys = async (name: string) => secret[name] ?? '';
  const gateway = createHttpGateway({
    provider: { ...provider, url: server.url },
    senderId: 'HAWIYA',
    keys,
  });
  server.received.length = 0;
  return gateway.send(message);
}

it('the Unifonic preset sends the documented form and understands the answers', async () => {
  server.answers(200, '{"success":true,"message":"","errorCode":"ER-00","data":{}}');
  expect(await sendBy(unifonic)).toEqual({ kind: 'accepted' });
  const [request] = server.received;
  expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    AppSid: '6v253153s1g7831s5',
    SenderID: 'HAWIYA',
    Recipient: '966505980169',
    Body: message.body,
    responseType: 'JSON',
    CorrelationID: message.reference,
  });
  server.answers(482, '{"success":false,"errorCode":"ER-482"}');
  expect(await sendBy(unifonic)).toEqual({ kind: 'refused' });
  server.answers(480, '{"success":false,"errorCode":"ER-480"}');
  expect(await sendBy(unifonic)).toMatchObject({ kind: 'failed', troubled: false });
  server.answers(599, '{"success":false}');
  expect(await sendBy(unifonic)).toMatchObject({ kind: 'failed', troubled: true });
});

it('the Taqnyat preset sends numbers as numbers and the key as a bearer token', async () => {
  server.answers(201, '{"statusCode":201,"messageId":1}');
  expect(await sendBy(taqnyat)).toEqual({ kind: 'accepted' });
  const [request] = server.received;
  expect(request?.headers.authorization).toBe('Bearer key');
  expect(JSON.parse(request?.body ?? '')).toEqual({
    recipients: [966505980169],
    body: message.body,
    sender: 'HAWIYA',
  });
});
