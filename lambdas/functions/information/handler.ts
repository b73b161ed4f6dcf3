import { terms } from '#core/model/terms.ts';
import openApi from '../../../docs/openapi.json' with { type: 'json' };
import { apiHandler, reply, withoutBody } from '../../http/api-handler.ts';
import { env } from './env.ts';

/** Public information. This function has no permissions at all. */
export const handler = apiHandler(env, {
  'GET /terms': withoutBody(async ({ language }) =>
    reply(200, { terms: { version: env.TERMS_VERSION, language, ...terms[language] } }),
  ),
  'GET /health': withoutBody(async () => reply(200, { status: 'ok' })),
  'GET /openapi.json': withoutBody(async () => reply(200, openApi)),
});
