import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HttpProvider } from '#core/model/sms-provider.ts';
import { createHttpGateway } from '../../../lambdas/adapters/http-sms/sms-gateway.ts';
import { startSmsProvider } from '../../support/world/sms-provider.ts';

const key = 'Bearer the-key-of-the-provider';
const message = {
  phone: '+966551234567',
  body: 'رمزك "012345"\n@portal #012345&x={{sender}}',
  reference: 'hash.1',
};

let server: Awaited<ReturnType<typeof startSmsProvider>>;
beforeAll(async () => {
  server = await startSmsProvider();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.received.length = 0;
  server.answers(200);
});

function send(partial: Partial<HttpProvider> = {}, secret: Record<string, string> = { key }) {
  const provider: HttpProvider = {
    kind: 'http',
    name: 'agg',
    url: server.url,
    method: 'POST',
    headers: {},
    contentType: 'json',
    body: '{"to":"{{phone}}","text":"{{body}}"}',
    timeoutMs: 300,
    success: { statuses: [200, 201] },
    refusal: { statuses: [422] },
    ...partial,
  };
  const keys = async (name: string) => {
    const value = secret[name];
    if (value === undefined) throw new Error(`no ${name}`);
    return value;
  };
  return createHttpGateway({ provider, senderId: 'HAWIYA', keys }).send(message);
}

const accepted = { kind: 'accepted' };
const named = (what: string) => expect.objectContaining({ name: `SmsProvider.agg.${what}` });
const failed = (what: string, troubled: boolean) => ({
  kind: 'failed',
  troubled,
  error: named(what),
});
const unknown = (what: string) => ({ kind: 'unknown', error: named(what) });

describe('a request', () => {
  it('follows the template, escaped for JSON', async () => {
    const body =
      '{"to":[{{phoneWithoutPlus}}],"text":"{{body}}","from":"{{sender}}","id":"{{reference}}"}';
    expect(await send({ body, headers: { 'x-app': 'hawiya' } })).toEqual(accepted);
    const [request] = server.received;
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-app': 'hawiya',
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      to: [966551234567],
      text: message.body,
      from: 'HAWIYA',
      id: 'hash.1',
    });
  });

  it('follows the template, escaped for a form', async () => {
    const body = 'AppSid={{secret:sid}}&Recipient={{phone}}&Body={{body}}';
    await send({ contentType: 'form', body }, { sid: 'a&b' });
    expect(server.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(server.received[0]?.body))).toEqual({
      AppSid: 'a&b',
      Recipient: '+966551234567',
      Body: message.body,
    });
  });

  it('carries the key from the secret', async () => {
    await send({ authorization: { header: 'authorization', key: 'key' } });
    expect(server.received[0]?.headers.authorization).toBe(key);
  });

  it('is not made when the secret lacks the key', async () => {
    const answer = await send({ authorization: { header: 'authorization', key: 'other' } });
    expect(answer).toMatchObject({ kind: 'failed', troubled: true });
    expect(server.received).toEqual([]);
  });
});

describe('an answer', () => {
  const success = { statuses: [200], field: { path: 'data.0.ok', equals: ['true'] } };
  const refusal = { statuses: [200, 400], field: { path: 'code', equals: ['opted-out', '42'] } };

  it('is a success when status and field match the rule', async () => {
    server.answers(200, '{"data":[{"ok":true}]}');
    expect(await send({ success, refusal })).toEqual(accepted);
  });

  it('is a refusal when the rule matches', async () => {
    for (const body of ['{"code":"opted-out"}', '{"code":42}']) {
      server.answers(400, body);
      expect(await send({ success, refusal })).toEqual({ kind: 'refused' });
    }
  });

  it.each<[number, string, boolean]>([
    [429, '{}', true],
    [503, '{}', true],
    [200, '{"data":[{"ok":false}],"code":"busy"}', true],
    [400, '{"code":"__proto__"}', false],
    [401, '{}', false],
  ])(
    'that means "not taken" says whether the provider is in trouble: %d %s',
    async (status, body, troubled) => {
      server.answers(status, body);
      const failure = { statuses: [200], field: { path: 'code', equals: ['busy'] } };
      expect(await send({ success, refusal, failure })).toEqual(
        failed(`status-${status}`, troubled),
      );
    },
  );

  it.each<[number, string]>([
    [200, '{"data":[{"ok":false}]}'],
    [200, '{"data":[]}'],
    [200, '<html>'],
    [200, ''],
    [200, 'null'],
    [302, ''],
    [500, '{}'],
    [502, '{}'],
    [504, '{}'],
  ])('of any other kind leaves open whether the SMS was taken: %d %s', async (status, body) => {
    server.answers(status, body);
    expect(await send({ success, refusal })).toEqual(unknown(`status-${status}`));
  });

  it('that redirects is not followed: the code would go to any address it names', async () => {
    server.answers(307, '{}', { location: `${server.url}/elsewhere` });
    expect(await send()).toEqual(unknown('status-307'));
    expect(server.received).toHaveLength(1);
  });

  it('that is huge is not read: the SMS may have been taken', async () => {
    server.answers(200, 'x'.repeat(100_000));
    expect(await send()).toEqual(unknown('too-long'));
  });

  it('that is late is not awaited: the SMS may have been taken', async () => {
    server.hangs();
    expect(await send()).toEqual(unknown('timeout'));
    server.stalls();
    expect(await send()).toEqual(unknown('timeout'));
  });

  it('that is missing because no connection was made means "not taken"', async () => {
    // This port accepts connections and never speaks TLS, so the request cannot have been sent.
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const answer = await send({ url: `https://127.0.0.1:${port}/` });
    expect(answer).toEqual(failed('timeout', true));
    mute.close();
  });

  it('that breaks off leaves the outcome open; an unreachable provider means "not taken"', async () => {
    server.severs();
    expect(await send()).toEqual(unknown('no-answer'));
    expect(await send({ url: 'http://127.0.0.1:2/' })).toEqual(failed('no-answer', true));
    expect(await send({ url: 'http://no-such-host.invalid/' })).toEqual(failed('no-answer', true));
    expect(
      await send({ authorization: { header: 'authorization', key: 'key' } }, { key: 'a\nb' }),
    ).toEqual(failed('malformed', true));
  });
});

it('an error contains neither phone nor text nor key', async () => {
  const authorization = { header: 'authorization', key: 'key' };
  const told = async (sending: Promise<unknown>) => {
    const { error } = (await sending) as { error: Error };
    expect(error).toBeInstanceOf(Error);
    return [error.name, error.message, error.stack, JSON.stringify(error), String(error.cause)];
  };
  server.answers(500, `{"echo":"${message.phone} ${key}"}`);
  const all = [
    ...(await told(send({ authorization }))),
    // The key contains a line break: fetch quotes an invalid header in its error.
    ...(await told(send({ authorization }, { key: `${key}\n` }))),
    ...(await told(send({ authorization, url: 'http://127.0.0.1:9/' }))),
  ].join();
  for (const secret of ['551234567', '012345', 'the-key']) expect(all).not.toContain(secret);
});
