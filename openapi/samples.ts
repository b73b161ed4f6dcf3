/** Values of the examples: invented phones and ids, and no secret of any stage. */
export const phone = '0551234567';
export const username = 'sara.q';
export const nationalId = '1000000008';
export const password = 'حصان أزرق يقرأ كتابا';
export const newPassword = 'سماء صافية فوق البحر';
export const termsVersion = '2026-11';
export const ticket = 'AQ-example-of-a-ticket-0123';
export const recoveryCode = 'ABCD-EFGH-JKMN-PQRS';
const refreshToken = 'example-of-a-refresh-token';
export const refresh = { refreshToken };
export const byCookie = { tokens: 'cookie' };

const jwt = 'eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl';
const startedAt = '2026-11-23T07:00:00.000Z';

export const challenge = (change: object = {}) => ({
  challenge: {
    id: 'AQexample0of0a0challenge0id0',
    purpose: 'registration',
    method: 'sms',
    methods: ['sms'],
    destination: '•••• 567',
    codeLength: 6,
    sent: true,
    sendAgainAt: '2026-11-23T07:01:00.000Z',
    expiresAt: '2026-11-23T07:05:00.000Z',
    ...change,
  },
});

export const ticketGiven = { ticket, expiresAt: '2026-11-23T07:10:00.000Z' };

export const phoneRestored = { outcome: 'phone-restored', resetFrom: '2026-11-24T06:30:00.000Z' };

export const approved = {
  active: true,
  challenge: 'AQexample0of0a0challenge0id0',
  purpose: 'dispense',
  display: 'وصفة 4471',
  destination: '•••• 567',
  verifiedAt: startedAt,
  expiresAt: '2026-11-23T07:10:00.000Z',
};

const tokens = {
  accessToken: jwt,
  idToken: jwt,
  expiresIn: 900,
  tokenType: 'Bearer',
  idleSeconds: 604_800,
};
export const tokensInBody = { tokens: { ...tokens, refreshToken } };
export const tokensByCookie = { tokens };
const deviceUntil = { expiresAt: '2026-12-23T07:00:00.000Z' };
export const device = { secret: 'example-of-a-device-secret', ...deviceUntil };
export const deviceByCookie = deviceUntil;
const recognisedUntil = { expiresAt: '2027-11-23T07:00:00.000Z' };
export const recognition = { secret: 'example-of-a-recognition', ...recognisedUntil };
export const recognitionByCookie = recognisedUntil;

const person = {
  username,
  nationalId: '1•••••• 08',
  audience: 'individual',
  identityAssurance: 'self-asserted',
  createdAt: startedAt,
};

export const account = {
  account: {
    ...person,
    phone: '•••• 567',
    termsVersion,
    termsOutdated: false,
    secondFactors: { totp: true, recoveryCodesLeft: 10 },
  },
};

const session = {
  id: '6f1f4b0e-3a52-4f6e-9d3c-2b7d5a1c9e80',
  device: 'Chrome, Android',
  place: 'SA',
  createdAt: startedAt,
  lastUsedAt: startedAt,
};

export const sessions = { sessions: [{ ...session, current: true }] };

export const totpOffer = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Hawiya:sara.q?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Hawiya',
  enrolment: 'example-of-an-enrolment',
  expiresAt: '2026-11-23T07:10:00.000Z',
};

export const recoveryCodes = { recoveryCodes: [recoveryCode] };

export const accountExport = {
  schema: 1,
  exportedAt: '2026-11-24T07:00:00.000Z',
  account: { ...person, phone: '+966551234567', language: 'ar', recoveryCodesLeft: 0 },
  consents: [{ termsVersion, language: 'ar', acceptedAt: startedAt }],
  sessions: [{ ...session, expiresAt: '2026-12-23T07:00:00.000Z' }],
  devices: [{ label: 'Chrome, Android', createdAt: startedAt, ...deviceUntil }],
  securityEvents: [
    {
      id: '2026-11-23T07:00:00.000Z#3f2a1b4c5d6e',
      type: 'account.opened',
      at: startedAt,
      device: 'Chrome, Android',
      place: 'SA',
      details: {},
    },
  ],
};
