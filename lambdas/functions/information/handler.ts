import { terms } from '#core/model/terms.ts';
import openApi from '../../../docs/openapi.json' with { type: 'json' };
import { flowHandler, reply, withBody, withoutBody } from '../../http/api-handler.ts';
import { readableBy } from '../../http/app-origins.ts';
import { giveFeedback } from '../../http/bodies.ts';
import { preflights } from '../../http/preflights.ts';
import { countFeedback } from '../../observability/feedback-metrics.ts';
import { env } from './env.ts';

/**
 * For answers that are the same for everybody. CloudFront may keep them for a minute, so that a flood of them ends there;
 * after new terms, people get the old ones a minute longer. Browsers ask each time: a page that was told of new terms
 * must not get the old ones from its own cache.
 */
const forEverybody = {
  'Cache-Control': 'public, max-age=0, s-maxage=60',
  // CloudFront asks for them without the caller's origin, and gives all callers the same answer.
  ...(env.APP_ORIGINS.length > 0 && readableBy('*')),
};

/** Public information, what people say of the portal, and the preflights of all calls. This function has no permissions at all. */
export const handler = flowHandler<'information'>(
  env,
  {
    'GET /terms': withoutBody(async ({ language }) =>
      reply(
        200,
        { terms: { version: env.TERMS_VERSION, language, ...terms[language] } },
        forEverybody,
      ),
    ),
    'POST /feedback': withBody(giveFeedback, async (feedback) => {
      countFeedback(feedback);
      return reply(204);
    }),
    'GET /health': withoutBody(async () => reply(200, { status: 'ok' })),
    'GET /openapi.json': withoutBody(async () => reply(200, openApi, forEverybody)),
  },
  preflights(env.APP_ORIGINS),
);
