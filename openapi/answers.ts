import * as z from 'zod';
import { purposes } from '#core/model/purpose.ts';
import { securityEventTypes } from '#core/model/records.ts';
import { languages } from '#core/values/language.ts';

/*
 * The answers of the API. No handler imports this file: `lambdas/http/views.ts` makes the answers, and a test ties
 * their types to these schemas. The end-to-end tests check every answer they see against the document made from them.
 */

const instant = () => z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC.' });

const language = z.enum(languages);
const place = z.string().optional().meta({
  description: 'ISO 3166-1 alpha-2 country, where the edge before the API tells it.',
});
const deviceLabel = z
  .string()
  .meta({ description: 'Browser and system as far as they are known: `Chrome, Android`.' });

export const challengeMethods = z.enum(['sms', 'totp', 'recovery-code']);

const challenge = z.object({
  id: z.string().meta({
    description: 'A secret of whoever started the flow: whoever has it may send and verify.',
  }),
  purpose: z.enum(purposes),
  method: challengeMethods.meta({ description: 'What to ask the person for first.' }),
  methods: z.array(challengeMethods).readonly().meta({
    description: 'All it may be answered with.',
  }),
  destination: z.string().nullable().meta({
    description:
      'The phone, masked: `•••• 567`. `null` where the caller has proved nothing: for a password reset, and for a phone that is proved before the password.',
  }),
  codeLength: z.int().positive().meta({ description: 'Digits of the code in the SMS.' }),
  sent: z.boolean().meta({ description: 'Whether a code has been sent at all.' }),
  sendAgainAt: instant(),
  expiresAt: instant(),
  delivery: z.enum(['queued', 'sent', 'delivered', 'failed']).optional().meta({
    description: 'Where the latest SMS is; only GET /challenges/{id} tells.',
  }),
});

export const challengeAnswer = z.object({ challenge }).meta({ id: 'ChallengeAnswer' });

export const loginChallengeAnswer = z
  .object({
    challenge,
    passwordDue: z.boolean().meta({
      description:
        'Whether the phone is proved first. The password was not judged then: send it again, with the ticket, to `POST /sessions`.',
    }),
  })
  .meta({ id: 'LoginChallengeAnswer' });

export const ticketAnswer = z
  .object({
    ticket: z.string().meta({ description: 'Completes the flow the challenge was started for.' }),
    expiresAt: instant(),
  })
  .meta({ id: 'TicketAnswer' });

export const phoneRestoredAnswer = z
  .object({
    outcome: z.literal('phone-restored'),
    resetFrom: instant().meta({
      description: 'ISO 8601, UTC. From then on a reset sets a password again.',
    }),
  })
  .meta({ id: 'PhoneRestoredAnswer' });

export const introspectionAnswer = z
  .discriminatedUnion('active', [
    z.object({
      active: z.literal(true),
      challenge: z.string().meta({ description: 'The `id` of the challenge it is of.' }),
      purpose: z.string().meta({ description: 'As the transaction was started with.' }),
      display: z.string().meta({ description: 'What the person read, after normalisation.' }),
      destination: z.string().meta({ description: 'The phone, masked: `•••• 567`.' }),
      verifiedAt: instant(),
      expiresAt: instant(),
    }),
    z.object({ active: z.literal(false) }),
  ])
  .meta({ id: 'IntrospectionAnswer' });

const tokens = z.object({
  accessToken: z.string().meta({ description: 'A JWT: the bearer token of the API.' }),
  idToken: z.string().meta({ description: 'Who logged in (OpenID Connect), for the client.' }),
  refreshToken: z.string().optional().meta({
    description: 'Good once. Absent in cookie mode: it is in `__Host-hawiya-session` then.',
  }),
  expiresIn: z.int().positive().meta({ description: 'Seconds the access token lives.' }),
  tokenType: z.literal('Bearer'),
  idleSeconds: z.int().positive().meta({
    description: 'Seconds without a refresh after which the session ends.',
  }),
});

const device = z.object({
  secret: z.string().optional().meta({
    description: 'Absent in cookie mode: it is in `__Host-hawiya-device` then.',
  }),
  expiresAt: instant(),
});

const recognition = z.object({
  secret: z.string().optional().meta({
    description: 'Absent in cookie mode: it is in `__Host-hawiya-known` then.',
  }),
  expiresAt: instant(),
});

export const tokensAnswer = z.object({ tokens }).meta({ id: 'TokensAnswer' });

export const loginAnswer = z
  .object({
    tokens,
    device: device.optional().meta({ description: 'Where the device is to be remembered.' }),
    recognition: recognition.optional().meta({
      description:
        'To be sent with the next login on this device, whoever logs in: then it is no new device. It opens nothing.',
    }),
  })
  .meta({ id: 'LoginAnswer' });

const audience = z.enum(['individual', 'business', 'employee']);
const identityAssurance = z.literal('self-asserted').meta({
  description: 'Nobody but the person said whose national ID it is.',
});

export const accountAnswer = z
  .object({
    account: z.object({
      username: z.string(),
      phone: z.string().meta({ description: 'Masked: `•••• 567`.' }),
      nationalId: z.string().meta({ description: 'Masked: `1•••••• 08`.' }),
      audience,
      identityAssurance,
      createdAt: instant(),
      termsVersion: z.string().meta({ description: 'The newest terms that were accepted.' }),
      termsOutdated: z.boolean().meta({ description: 'Whether there are newer ones to accept.' }),
      secondFactors: z.object({
        totp: z.boolean(),
        recoveryCodesLeft: z.int().nonnegative(),
      }),
    }),
  })
  .meta({ id: 'AccountAnswer' });

const sessionFields = () => ({
  id: z.string(),
  device: deviceLabel,
  place,
  createdAt: instant(),
  lastUsedAt: instant(),
});

export const sessionsAnswer = z
  .object({
    sessions: z.array(
      z.object({
        ...sessionFields(),
        current: z.boolean().meta({ description: 'It is the one that asks.' }),
      }),
    ),
  })
  .meta({ id: 'SessionsAnswer' });

export const totpOfferAnswer = z
  .object({
    secret: z.string().meta({ description: 'Base32, for who types it into the app.' }),
    uri: z.string().meta({ description: '`otpauth://…`, for the QR code.' }),
    enrolment: z.string().meta({ description: 'Goes back with the first code.' }),
    expiresAt: instant(),
  })
  .meta({ id: 'TotpOfferAnswer' });

export const recoveryCodesAnswer = z
  .object({
    recoveryCodes: z.array(z.string()).meta({ description: 'Shown once, each good once.' }),
  })
  .meta({ id: 'RecoveryCodesAnswer' });

const securityEventType = z.enum(securityEventTypes);

export const exportAnswer = z
  .object({
    schema: z.literal(1),
    exportedAt: instant(),
    account: z.object({
      username: z.string(),
      phone: z.string().meta({ description: 'In full: it is the person’s own.' }),
      formerPhone: z.string().optional(),
      nationalId: z.string().meta({ description: 'Masked: the number itself is kept nowhere.' }),
      audience,
      identityAssurance,
      language,
      createdAt: instant(),
      authenticatorConfirmedAt: instant().optional(),
      recoveryCodesLeft: z.int().nonnegative(),
    }),
    consents: z.array(z.object({ termsVersion: z.string(), language, acceptedAt: instant() })),
    sessions: z.array(
      z.object({
        ...sessionFields(),
        expiresAt: instant(),
      }),
    ),
    devices: z.array(z.object({ label: deviceLabel, createdAt: instant(), expiresAt: instant() })),
    securityEvents: z.array(
      z.object({
        id: z.string(),
        type: securityEventType,
        at: instant(),
        device: deviceLabel,
        place,
        details: z.record(z.string(), z.string()).readonly().optional(),
      }),
    ),
  })
  .meta({ id: 'ExportAnswer' });

export const termsAnswer = z
  .object({
    terms: z.object({
      version: z.string(),
      language,
      title: z.string(),
      introduction: z.string(),
      points: z.array(z.string()).readonly(),
    }),
  })
  .meta({ id: 'TermsAnswer' });

export const healthAnswer = z.object({ status: z.literal('ok') }).meta({ id: 'HealthAnswer' });

/** The document itself. OpenAPI defines its content. */
export const openApiAnswer = z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApiAnswer' });
