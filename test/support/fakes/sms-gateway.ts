import type { SmsGateway, SmsMessage, SmsRoutes } from '#core/ports/sms.ts';

export interface FakeSmsGateway extends SmsGateway, SmsRoutes {
  readonly sent: SmsMessage[];
  /** Makes the next sends fail. */
  failing: boolean;
  /** Makes the next sends be declined: not for good, and not because the provider is in trouble. */
  declining: boolean;
  /** Makes the next sends be refused for good. */
  refusing: boolean;
  /** Makes the next sends be taken without an answer. */
  silent: boolean;
}

/** The only provider in the order: all routes lead to it. */
export function fakeSmsGateway(): FakeSmsGateway {
  const gateway: FakeSmsGateway = {
    sent: [],
    failing: false,
    declining: false,
    refusing: false,
    silent: false,
    async send(message) {
      const error = new Error('The provider is down');
      if (gateway.failing) return { kind: 'failed', troubled: true, error };
      if (gateway.declining) return { kind: 'failed', troubled: false, error };
      if (gateway.refusing) return { kind: 'refused' };
      gateway.sent.push(message);
      return gateway.silent ? { kind: 'unknown', error } : { kind: 'accepted' };
    },
    // Read at each call, because the model watches `send`.
    *inOrder() {
      yield { name: 'fake', resting: false, send: (message) => gateway.send(message) };
    },
  };
  return gateway;
}
