import { stageConfig } from '../stage-config.ts';

export const prod = stageConfig({
  stage: 'prod',
  portalHost: 'portal.example.gov.sa',
  // A placeholder: no site is registered under it.
  registrationNumber: '0000000000',
  smsSenderId: 'HAWIYA',
  termsVersion: '2026-11',
  edge: {},
});
