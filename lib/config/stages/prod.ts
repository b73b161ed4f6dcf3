import { stageConfig } from '../stage-config.ts';

export const prod = stageConfig({
  stage: 'prod',
  portalHost: 'portal.example.gov.sa',
  smsSenderId: 'HAWIYA',
  termsVersion: '2026-11',
  edge: {},
});
