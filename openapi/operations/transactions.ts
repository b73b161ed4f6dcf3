import * as bodies from '../../lambdas/http/bodies.ts';
import { introspectionAnswer } from '../answers.ts';
import { answer, body, json, operationsOf } from '../operation.ts';
import * as sample from '../samples.ts';
import { codeSent } from './code-sent.ts';

/** Codes for the transactions of relying services, which have access tokens of their own. */
export const transactionOperations = operationsOf('transactions', {
  'POST /challenges': {
    id: 'startTransaction',
    repeatable: true,
    summary: {
      en: 'Have a person approve a transaction by code',
      ar: 'طلب موافقة شخص على معاملة برمز',
    },
    description:
      'For services that the stage lists. The SMS says the service’s name, `display` and the code, in the language of `Accept-Language`; it keeps to one part, and `errors` says how long `display` may be. Verify the code with `POST /challenges/{id}/verify`, then have the ticket checked.',
    body: body(
      'StartTransaction',
      json(bodies.startTransaction(['SA']), {
        prescription: { phone: sample.phone, purpose: 'dispense', display: 'وصفة 4471' },
      }),
    ),
    answers: codeSent({ purpose: 'transaction' }),
    problems: ['destination_unsupported'],
  },
  'POST /tickets/introspect': {
    id: 'introspectTicket',
    repeatable: true,
    summary: { en: 'Check the ticket of a transaction', ar: 'التحقق من تذكرة معاملة' },
    description:
      'Spends it: one call is told `active`, once. Every ticket that is unknown, expired, used, another service’s or another flow’s gets one answer. Compare `challenge` with the one you started for this transaction: another one may read the same.',
    body: body('IntrospectTicket', json(bodies.ticketAlone, { ticket: { ticket: sample.ticket } })),
    answers: answer(
      200,
      { en: 'What the ticket is worth.', ar: 'ما تثبته التذكرة.' },
      json(introspectionAnswer, { active: sample.approved, inactive: { active: false } }),
    ),
    problems: [],
  },
});
