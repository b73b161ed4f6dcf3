import type { AccountExport } from '#core/flows/export-account.ts';
import type { SecurityEvent } from '#core/model/records.ts';
import type { Device, Session } from '#core/model/session.ts';

const instant = (epochSeconds: number) => new Date(epochSeconds * 1000).toISOString();

/**
 * The export as its owner gets it, field by field. Keys, seals and tags stay out: they are internal and mean nothing
 * elsewhere. Instants: ISO 8601, UTC.
 */
export const exportBody = ({ account, ...data }: AccountExport) => {
  const { createdAt, authenticatorConfirmedAt: confirmedAt, ...person } = account;
  return {
    schema: 1 as const,
    exportedAt: instant(data.exportedAt),
    account: {
      ...person,
      createdAt: instant(createdAt),
      ...(confirmedAt !== undefined && { authenticatorConfirmedAt: instant(confirmedAt) }),
    },
    consents: data.consents.map(({ version, language, at }) => ({
      termsVersion: version,
      language,
      acceptedAt: instant(at),
    })),
    sessions: data.sessions.map(sessionOf),
    devices: data.devices.map(deviceOf),
    securityEvents: data.events.map(eventOf),
  };
};

const sessionOf = ({ sessionId, device, place, ...session }: Session) => ({
  id: sessionId,
  device,
  place,
  createdAt: instant(session.createdAt),
  lastUsedAt: instant(session.lastUsedAt),
  expiresAt: instant(session.expiresAt),
});

const deviceOf = ({ label, createdAt, expiresAt }: Device) => ({
  label,
  createdAt: instant(createdAt),
  expiresAt: instant(expiresAt),
});

const eventOf = ({ id, type, at, origin: { device, place }, details }: SecurityEvent) => ({
  id,
  type,
  at: instant(at),
  device,
  place,
  details,
});
