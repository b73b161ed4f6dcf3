import type { SmsGateway, SmsMessage } from '../../../lambdas/core/ports.ts';

export interface FakeSmsGateway extends SmsGateway {
  readonly sent: SmsMessage[];
  /** Makes the next sends fail. */
  failing: boolean;
  /** Makes the next sends be refused for good. */
  refusing: boolean;
}

export function fakeSmsGateway(): FakeSmsGateway {
  const gateway: FakeSmsGateway = {
    sent: [],
    failing: false,
    refusing: false,
    async send(message) {
      if (gateway.failing) throw new Error('The provider is down');
      if (gateway.refusing) return { kind: 'refused' };
      gateway.sent.push(message);
      return { kind: 'accepted', provider: 'fake' };
    },
  };
  return gateway;
}
