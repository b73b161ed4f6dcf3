import type { SmsGateway } from '../../../lambdas/core/ports.ts';

export interface FakeSmsGateway extends SmsGateway {
  readonly sent: { phone: string; body: string }[];
  /** Makes the next sends fail. */
  failing: boolean;
}

export function fakeSmsGateway(): FakeSmsGateway {
  const gateway: FakeSmsGateway = {
    sent: [],
    failing: false,
    async send(phone, body) {
      if (gateway.failing) throw new Error('The provider is down');
      gateway.sent.push({ phone, body });
    },
  };
  return gateway;
}
