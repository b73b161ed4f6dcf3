import { afterEach, describe, expect, it, vi } from 'vitest';
import { stageConfig } from '../../lib/config/stage-config.ts';
import { stageNamed } from '../../lib/config/stages/index.ts';
import { stages, synthesise } from '../support/infra/synth.ts';

const good = {
  stage: 'qa',
  portalHost: 'qa.portal.example.gov.sa',
  registrationNumber: '1234567890',
  smsSenderId: 'HAWIYA',
  termsVersion: '2026-11',
};
type Values = Parameters<typeof stageConfig>[0];
const service = {
  id: 'e-prescription',
  name: { ar: 'الوصفة', en: 'E-prescription' },
  purposes: ['dispense'],
};
const listing = (change: object) => ({
  relyingServices: [{ ...service, ...change }],
  tokenDomain: 'hawiya-qa',
});
const throttled = (call: string, throttle: object) => ({ throttles: { [call]: throttle } });
const refusal = (change: object) => () => stageConfig({ ...good, ...change } as Values);

describe('a stage configuration', () => {
  it('has the defaults of the design', () => {
    expect(stageConfig(good)).toMatchObject({
      retainData: true,
      sessions: {
        accessTokenMinutes: 15,
        refreshTokenDays: 30,
        idleDays: 7,
        sharedIdleMinutes: 20,
        rotationGraceSeconds: 10,
        refreshesPerMinute: 30,
        refreshesPerHour: 240,
        deviceDays: 30,
      },
      secondFactor: 'new-device',
      identityTagKeys: 'secret',
      limits: {
        codeLength: 6,
        codeSeconds: 300,
        attemptsPerChallenge: 5,
        resendSeconds: 60,
        sendsPerPhoneAndHour: 3,
        sendsPerPhoneAndDay: 6,
        verifiedSmsPerPhoneAndDay: 40,
        resetsPerPhoneAndHour: 9,
        resetsPerPhoneAndDay: 15,
        sendsPerAddressAndHour: 300,
        failuresPerDay: 20,
        accountsPerPhone: 5,
        ticketSeconds: 600,
      },
    });
  });

  it.each<[string, number]>([
    ['codeLength', 5],
    ['codeLength', 9],
    ['codeSeconds', 601],
    ['codeSeconds', 59],
    ['attemptsPerChallenge', 11],
    ['attemptsPerChallenge', 0],
    ['resendSeconds', 29],
    ['sendsPerPhoneAndHour', 0],
    ['sendsPerPhoneAndDay', -1],
    ['verifiedSmsPerPhoneAndDay', 0],
    ['sendsPerAddressAndHour', 1.5],
    ['failuresPerDay', 101],
    ['accountsPerPhone', 51],
    ['ticketSeconds', 601],
    ['usesPerTicket', 101],
    ['unverifiedPerAddressAndDay', 0],
    ['attemptsWhileGuessed', 0],
    ['failuresPerServiceAndHour', 0],
    ['failuresPerPrefixAndDay', 1.5],
    ['failedNationalIdLoginsPerHour', 0],
  ])('keeps a limit within its bounds: %s %d', (name, value) => {
    expect(refusal({ limits: { [name]: value } })).toThrow(
      new RegExp(`Stage configuration is wrong:.*limits\\.${name}`, 's'),
    );
  });

  it.each<[string, object]>([
    ['stage', { stage: 'QA 1' }],
    ['identityTagKeys', { identityTagKeys: 'hsm' }],
    ['portalHost', { portalHost: 'https://portal.example' }],
    ['portalHost', { portalHost: 'a-portal-with-a-long-name.sa' }],
    ['portalHost', { portalHost: 'portal.example.com', edge: {} }],
    ['registrationNumber', { registrationNumber: undefined }],
    ['registrationNumber', { registrationNumber: 'SA-1' }],
    ['smsSenderId', { smsSenderId: 'HAWIYAPORTAL' }],
    ['termsVersion', { termsVersion: '' }],
    ['logRetentionDays', { logRetentionDays: 8 }],
    [
      'throttles["POST /sessions"].burst',
      throttled('POST /sessions', { ratePerSecond: 1, burst: 0 }),
    ],
    ['POST /tokens', throttled('POST /tokens', { ratePerSecond: 1, burst: 1 })],
    ['userPoolPlan', { userPoolPlan: 'free' }],
    ['sessions.accessTokenMinutes', { sessions: { accessTokenMinutes: 61 } }],
    ['sessions.refreshTokenDays', { sessions: { refreshTokenDays: 91 } }],
    ['sessions.idleDays', { sessions: { idleDays: 31 } }],
    ['sessions.sharedIdleMinutes', { sessions: { sharedIdleMinutes: 4 } }],
    ['sessions.sharedIdleMinutes', { sessions: { sharedIdleMinutes: 61 } }],
    ['sessions.deviceDays', { sessions: { deviceDays: 91 } }],
    ['secondFactor', { secondFactor: 'sometimes' }],
    // NIST SP 800-63B-4 §3.1.1.2: a password that is the only factor has fifteen characters.
    ['userPoolPlan', { accessTokenScope: 'hawiya', userPoolPlan: 'lite' }],
    ['limits.passwordLength', { secondFactor: 'never', limits: { passwordLength: 14 } }],
    ['limits.passwordLength', { limits: { passwordLength: 11 } }],
    ['edge.certificateArn', { edge: { certificateArn: 'arn:aws:acm:me-south-1:1:certificate/1' } }],
    ['edge.priceClass', { edge: { priceClass: '300' } }],
    ['edge.secretVersion', { edge: { secretVersion: 'current' } }],
    ['relyingServices[0].id', listing({ id: 'E prescription' })],
    ['relyingServices[0].name.ar', listing({ name: { ar: 'الوصفة الإلكترونية', en: 'x1' } })],
    ['relyingServices[0].name.en', listing({ name: { ar: 'الوصفة', en: 'evil.example' } })],
    ['relyingServices[0].purposes', listing({ purposes: [] })],
    ['relyingServices[0].spendPerDay', listing({ spendPerDay: 0 })],
    ['challengesPerHour must not exceed', listing({ challengesPerHour: 9, challengesPerDay: 8 })],
    ['an id is listed twice', { relyingServices: [service, service], tokenDomain: 'x' }],
    ['tokenDomain', { relyingServices: [service] }],
    ['tokenDomain', { tokenDomain: 'my-cognito' }],
    ['sessions.rotationGraceSeconds', { sessions: { rotationGraceSeconds: 61 } }],
    ...[
      'null',
      '*',
      '',
      'localhost',
      'http://localhost',
      'http://localhost:8080',
      'ws://localhost',
      'https://*.example',
      'https://app.example/',
      'https://app.example/path',
      'https://app.example:443',
      'https://App.example',
      'https://someone@app.example',
      'capacitor://',
      'capacitor://localhost/',
      'Capacitor://localhost',
      'https://a.example,https://b.example',
      'file:///',
    ].map((origin) => ['appOrigins[0]', { appOrigins: [origin] }] as [string, object]),
    ['an origin is listed twice', { appOrigins: ['app://x', 'app://x'] }],
  ])('names the value that is wrong: %s', (path, change) => {
    expect(refusal(change)).toThrow(path);
  });

  it('takes the origins of apps as browsers write them', () => {
    const appOrigins = [
      'capacitor://localhost',
      'ionic://localhost',
      'https://localhost',
      'https://app.example:8443',
      'sa.gov.example.app://portal',
    ];
    expect(stageConfig({ ...good, appOrigins }).appOrigins).toEqual(appOrigins);
    expect(stageConfig(good).appOrigins).toEqual([]);
  });

  it('allows no more sends in an hour than in a day', () => {
    expect(refusal({ limits: { sendsPerPhoneAndHour: 7 } })).toThrow(
      'sendsPerPhoneAndHour must not exceed sendsPerPhoneAndDay',
    );
  });

  it('gives verified codes back: a phone gets more SMS that are verified than others', () => {
    expect(refusal({ limits: { verifiedSmsPerPhoneAndDay: 6 } })).toThrow(
      'verifiedSmsPerPhoneAndDay must exceed sendsPerPhoneAndDay',
    );
  });

  it('allows no more first codes of an address than it may have unverified ones', () => {
    expect(refusal({ limits: { firstCodesPerAddressAndDay: 26 } })).toThrow(
      'firstCodesPerAddressAndDay must not exceed unverifiedPerAddressAndDay',
    );
  });

  it('allows no more tries during guessing than otherwise, and no more wrong codes in an hour than in a day', () => {
    expect(refusal({ limits: { attemptsWhileGuessed: 6 } })).toThrow(
      'attemptsWhileGuessed must not exceed attemptsPerChallenge',
    );
    for (const whose of ['Service', 'Prefix']) {
      expect(refusal({ limits: { [`failuresPer${whose}AndHour`]: 20_001 } })).toThrow(
        `failuresPer${whose}AndHour must not exceed failuresPer${whose}AndDay`,
      );
    }
  });

  it('refuses a misspelt value', () => {
    expect(refusal({ limits: { codeSecond: 300 } })).toThrow('codeSecond');
    expect(refusal({ retainDate: true })).toThrow('retainDate');
  });

  describe('of review numbers', () => {
    const number = { phone: '+966500000001', from: '2026-12-01', until: '2027-05-31' };

    it('are none by default, and each needs a first and a last day', () => {
      expect(stageConfig(good).reviewNumbers).toEqual([]);
      expect(stageNamed('prod').reviewNumbers).toEqual([]);
      const { until: _, ...endless } = number;
      expect(refusal({ reviewNumbers: [endless] })).toThrow('reviewNumbers[0].until');
      const { reviewNumbers } = stageConfig({ ...good, reviewNumbers: [number] });
      expect(reviewNumbers).toEqual([{ ...number, sendsPerDay: 20 }]);
    });

    it('are listed for half a year at most on a stage that keeps its people', () => {
      const long = { ...number, until: '2027-06-03' };
      expect(refusal({ reviewNumbers: [long] })).toThrow('reviewNumbers[0].until');
      expect(refusal({ reviewNumbers: [{ ...long, until: '2027-06-02' }] })).not.toThrow();
      expect(refusal({ reviewNumbers: [long], retainData: false })).not.toThrow();
    });

    it.each<[string, object[]]>([
      ['a phone is listed twice', [number, { ...number, until: '2027-01-01' }]],
      ['until must not be before from', [{ ...number, until: '2026-11-30' }]],
      ['reviewNumbers[0].until', [{ ...number, until: '2027-02-30' }]],
      ['reviewNumbers[0].phone', [{ ...number, phone: '0500000001' }]],
      ['reviewNumbers[0].sendsPerDay', [{ ...number, sendsPerDay: 51 }]],
      [
        'reviewNumbers',
        Array.from({ length: 11 }, (_, n) => ({ ...number, phone: `+9665000000${n + 10}` })),
      ],
    ])('are refused with a reason: %s', (message, reviewNumbers) => {
      expect(refusal({ reviewNumbers })).toThrow(message);
    });
  });

  it('names all errors at once', () => {
    expect(refusal({ stage: '', termsVersion: '' })).toThrow(/stage.*termsVersion/s);
  });
});

describe('the stages', () => {
  it('are found by name, and an unknown name gets the list of stages', () => {
    expect(stageNamed('prod').stage).toBe('prod');
    expect(() => stageNamed('production')).toThrow('Stages: dev, local, prod');
  });

  it('keep their people on prod, and delete them only on throw-away stages', () => {
    expect(['prod', 'dev', 'local'].map((name) => stageNamed(name).retainData)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('synthesis', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('needs no account and no region: one template deploys anywhere', () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv('CDK_DEFAULT_ACCOUNT', '111122223333');
    vi.stubEnv('CDK_DEFAULT_REGION', 'me-south-1');
    vi.stubEnv('AWS_REGION', 'me-south-1');
    const text = JSON.stringify(synthesise(stageNamed('dev')));
    expect(text).not.toMatch(/111122223333|me-south-1/);
    expect(JSON.parse(text)).toEqual(stages.dev());
  });
});
