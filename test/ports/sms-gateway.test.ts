import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failover } from '#core/delivery/failover.ts';
import type { SmsGateway } from '#core/ports/sms.ts';
import { createHttpGateway } from '../../lambdas/adapters/http-sms/sms-gateway.ts';
import { createSnsGateway } from '../../lambdas/adapters/sns/sms-gateway.ts';
import { fakeClock } from '../support/fakes/clock.ts';
import { fakeSmsGateway } from '../support/fakes/sms-gateway.ts';
import { startSmsProvider } from '../support/world/sms-provider.ts';

type Server = Awaited<ReturnType<typeof startSmsProvider>>;

/** A gateway, and the ways a test controls its provider. */
interface Subject {
  readonly gateway: SmsGateway;
  accept(): void;
  refuse(): void;
  fail(): void;
  /** The number of SMS with this phone and text that the provider took. */
  taken(phone: string, body: string): number;
}

function fake(): Subject {
  const gateway = fakeSmsGateway();
  const be = (failing: boolean, refusing: boolean) => () =>
    void Object.assign(gateway, { failing, refusing });
  return {
    gateway,
    accept: be(false, false),
    refuse: be(false, true),
    fail: be(true, false),
    taken: (phone, body) =>
      gateway.sent.filter((sent) => sent.phone === phone && sent.body === body).length,
  };
}

function http(server: Server): Subject {
  let accepted = 0;
  const gateway = createHttpGateway({
    senderId: 'HAWIYA',
    keys: async () => 'key',
    provider: {
      kind: 'http',
      name: 'agg',
      url: server.url,
      method: 'POST',
      headers: {},
      contentType: 'form',
      body: 'to={{phone}}&text={{body}}',
      timeoutMs: 1000,
      success: { statuses: [200] },
      refusal: { statuses: [400] },
    },
  });
  return {
    gateway,
    accept() {
      accepted = server.received.length;
      server.answers(200);
    },
    refuse: () => server.answers(400),
    fail: () => server.answers(503),
    taken: (phone, body) =>
      server.received.slice(accepted).filter((request) => {
        const form = new URLSearchParams(request.body);
        return form.get('to') === phone && form.get('text') === body;
      }).length,
  };
}

const published =
  '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>';
const snsError = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`;

/** The SDK, with an endpoint that speaks as SNS does. */
function sns(server: Server): Subject {
  const client = new SNSClient({
    endpoint: server.url,
    region: 'me-south-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  });
  const xml = { 'content-type': 'text/xml' };
  let accepted = 0;
  return {
    gateway: createSnsGateway({ client, senderId: 'HAWIYA', maxPriceUsd: 0.2 }),
    accept() {
      accepted = server.received.length;
      server.answers(200, published, xml);
    },
    refuse: () => server.answers(400, snsError('InvalidParameter'), xml),
    fail: () => server.answers(400, snsError('Throttled'), xml),
    taken: (phone, body) =>
      server.received.slice(accepted).filter((request) => {
        const form = new URLSearchParams(request.body);
        return form.get('PhoneNumber') === phone && form.get('Message') === body;
      }).length,
  };
}

/** The only route of a fail-over. */
function failingOver(server: Server): Subject {
  const inner = http(server);
  const options = { failuresToOpen: 5, openSeconds: 30, slowSeconds: 5 };
  const [route] = failover(
    [{ name: 'agg', gateway: inner.gateway }],
    fakeClock(0),
    options,
  ).inOrder(1);
  return { ...inner, gateway: route ?? expect.unreachable() };
}

const subjects: [string, (server: Server) => Subject][] = [
  ['the fake', fake],
  ['an HTTP aggregator', http],
  ['SNS', sns],
  ['a fail-over', failingOver],
];

describe.each(subjects)('an SMS gateway: %s', (_, open) => {
  const phone = '+966551234567';
  const body = 'رمزك 012345 & "more"\n@portal.example.gov.sa #012345';
  const message = { phone, body, reference: `${'h'.repeat(43)}.1` };

  let server: Server;
  let subject: Subject;
  beforeAll(async () => {
    server = await startSmsProvider();
    subject = open(server);
  });
  afterEach(() => subject.accept());
  afterAll(() => server.stop());

  it('hands over phone and text unchanged, once', async () => {
    subject.accept();
    const answer = await subject.gateway.send(message);
    expect(answer).toEqual({ kind: 'accepted' });
    expect(subject.taken(phone, body)).toBe(1);
  });

  it('reports a refusal when the provider will never send it', async () => {
    subject.refuse();
    expect(await subject.gateway.send(message)).toEqual({ kind: 'refused' });
  });

  it('reports a failure when the SMS may be taken later, and the error contains neither phone nor text', async () => {
    subject.fail();
    const answer = await subject.gateway.send(message);
    expect(answer).toEqual({ kind: 'failed', troubled: true, error: expect.any(Error) });
    const { name, message: text } = (answer as { error: Error }).error;
    expect(`${name} ${text}`).not.toMatch(/551234567|012345/);
  });
});
