import { describe, expect, it } from 'vitest';
import { accountBody, challengeBody, ticketBody, tokensBody } from '../../../lambdas/http/views.ts';

const at = Date.UTC(2026, 10, 23, 7) / 1000;

describe('the answers of the API', () => {
  it('a challenge is the fields of the API and no others', () => {
    const view = {
      ...({ id: 'id', purpose: 'registration', destination: '•••• 567', sent: true } as const),
      sendAgainAt: at + 60,
      expiresAt: at + 300,
      idHash: 'hash',
      decoy: true,
    };
    expect(challengeBody(view, { codeLength: 6 })).toEqual({
      challenge: {
        id: 'id',
        purpose: 'registration',
        method: 'sms',
        destination: '•••• 567',
        methods: ['sms'],
        codeLength: 6,
        sent: true,
        sendAgainAt: '2026-11-23T07:01:00.000Z',
        expiresAt: '2026-11-23T07:05:00.000Z',
      },
    });
  });

  it('a challenge names the ways to answer it, the first as the one to begin with', () => {
    const view = {
      ...({ id: 'id', purpose: 'login', destination: '•••• 567', sent: false } as const),
      sendAgainAt: at,
      expiresAt: at + 300,
      methods: ['totp', 'sms'] as const,
    };
    expect(challengeBody(view, { codeLength: 6 })).toMatchObject({
      challenge: { method: 'totp', methods: ['totp', 'sms'], sent: false },
    });
  });

  it('a ticket has its expiry in ISO 8601', () => {
    expect(ticketBody({ ticket: 't', expiresAt: at })).toEqual({
      ticket: 't',
      expiresAt: '2026-11-23T07:00:00.000Z',
    });
  });

  it('an account has its creation in ISO 8601', () => {
    const account = {
      username: 'nora',
      phone: '•••• 567',
      nationalId: '1•••••• 08',
      ...({ audience: 'individual', identityAssurance: 'self-asserted' } as const),
      termsVersion: '2026-11',
      termsOutdated: false,
      secondFactors: { totp: false, recoveryCodesLeft: 0 },
    };
    expect(accountBody({ ...account, createdAt: at })).toEqual({
      account: { ...account, createdAt: '2026-11-23T07:00:00.000Z' },
    });
  });

  it('tokens are bearer tokens', () => {
    const tokens = {
      accessToken: 'a',
      idToken: 'i',
      refreshToken: 'r',
      expiresIn: 900,
      idleSeconds: 1200,
    };
    const session = { sessionExpiresAt: 1_800_000_000, ownDevice: false };
    expect(tokensBody({ ...tokens, ...session })).toEqual({
      tokens: { ...tokens, tokenType: 'Bearer' },
    });
  });
});
