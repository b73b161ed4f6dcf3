import { stageConfig } from '../stage-config.ts';
import { throttlesOfAll } from '../throttles.ts';

/** The stage that `npm start` synthesises: the same stacks, with the portal on this machine. */
export const local = stageConfig({
  stage: 'local',
  portalHost: 'localhost',
  // A placeholder: no site is registered under it.
  registrationNumber: '0000000000',
  smsSenderId: 'HAWIYA',
  termsVersion: '2026-11',
  retainData: false,
  logRetentionDays: 7,
  // The local gateway enforces them, and tests send bursts of hundreds.
  throttles: throttlesOfAll({ ratePerSecond: 10_000, burst: 10_000 }),
  // Of apps that are developed against it: Capacitor on iOS and on Android.
  appOrigins: ['capacitor://localhost', 'https://localhost'],
  // Its credentials are at GET /local.
  tokenDomain: 'hawiya-local',
  relyingServices: [
    {
      id: 'e-prescription',
      name: { ar: 'الوصفة', en: 'E-prescription' },
      purposes: ['dispense'],
      spendPerDay: 50,
    },
  ],
  // 200 for all flows, and 50 for the relying service.
  targets: { unverifiedSpendPerDay: 250 },
  // Its code is at GET /local/review-numbers.
  reviewNumbers: [{ phone: '+966500000099', from: '2026-01-01', until: '2099-12-31' }],
});
