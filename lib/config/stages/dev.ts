import { stageConfig } from '../stage-config.ts';

export const dev = stageConfig({
  stage: 'dev',
  portalHost: 'dev.portal.example.gov.sa',
  // A placeholder: no site is registered under it.
  registrationNumber: '0000000000',
  smsSenderId: 'HAWIYA',
  termsVersion: '2026-11',
  edge: {},
  retainData: false,
  logRetentionDays: 30,
});
