import { stageConfig } from '../config.ts';

/** What `npm start` synthesises: the same stacks, with the portal on this machine. */
export const local = stageConfig({
  stage: 'local',
  portalHost: 'localhost',
  smsSenderId: 'HAWIYA',
  termsVersion: '2026-11',
  retainData: false,
  logRetentionDays: 7,
});
