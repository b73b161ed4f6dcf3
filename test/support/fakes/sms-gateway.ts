import type { SmsGateway } from '../../../lambdas/core/ports.ts';

export interface FakeSmsGateway extends SmsGateway {
  readonly sent: { phone: string; body: string }[];
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
    async send(phone, body) {
      if (gateway.failing) throw new Error('The provider is down');
      if (gateway.refusing) return { kind: 'refused' };
      gateway.sent.push({ phone, body });
      return { kind: 'accepted' };
    },
  };
  return gateway;
}
