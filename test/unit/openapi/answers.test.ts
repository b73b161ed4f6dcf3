import { expect, it } from 'vitest';
import type * as z from 'zod';
import type { ProblemCode } from '#core/model/problems.ts';
import type { Terms } from '#core/model/terms.ts';
import type { Language } from '#core/values/language.ts';
import type { exportBody } from '../../../lambdas/http/export-view.ts';
import type * as views from '../../../lambdas/http/views.ts';
import type * as answers from '../../../openapi/answers.ts';
import type { problem } from '../../../openapi/problems.ts';

type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/**
 * The value on the wire: JSON omits undefined fields. Every field is required here; otherwise a
 * field that is optional on one side and unknown on the other would be assignable both ways.
 */
type Wire<T> = T extends readonly (infer Item)[]
  ? readonly Wire<Item>[]
  : T extends object
    ? {
        readonly [K in keyof T]-?: {
          value: Wire<Exclude<T[K], undefined>>;
          optional: undefined extends T[K] ? true : false;
        };
      }
    : T;
type Same<Schema extends z.ZodType, View> = Both<Wire<z.output<Schema>>, Wire<View>>;

/** The compiler checks this: when a schema and its view differ, one of these becomes `false`. */
const same: {
  account: Same<typeof answers.accountAnswer, ReturnType<typeof views.accountBody>>;
  challenge: Same<typeof answers.challengeAnswer, ReturnType<typeof views.challengeBody>>;
  export: Same<typeof answers.exportAnswer, ReturnType<typeof exportBody>>;
  introspection: Same<
    typeof answers.introspectionAnswer,
    ReturnType<typeof views.introspectionBody>
  >;
  login: Same<
    typeof answers.loginAnswer,
    ReturnType<typeof views.tokensBody> & ReturnType<typeof views.keptBody>
  >;
  phoneRestored: Same<
    typeof answers.phoneRestoredAnswer,
    ReturnType<typeof views.phoneRestoredBody>
  >;
  recoveryCodes: Same<
    typeof answers.recoveryCodesAnswer,
    ReturnType<typeof views.recoveryCodesBody>
  >;
  sessions: Same<typeof answers.sessionsAnswer, ReturnType<typeof views.sessionsBody>>;
  terms: Same<
    typeof answers.termsAnswer,
    { terms: { version: string; language: Language } & Terms }
  >;
  ticket: Same<typeof answers.ticketAnswer, ReturnType<typeof views.ticketBody>>;
  tokens: Same<typeof answers.tokensAnswer, ReturnType<typeof views.tokensBody>>;
  totpOffer: Same<typeof answers.totpOfferAnswer, ReturnType<typeof views.totpOfferBody>>;
  problemCode: Both<z.output<typeof problem>['code'], ProblemCode>;
} = {
  account: true,
  challenge: true,
  export: true,
  introspection: true,
  login: true,
  phoneRestored: true,
  recoveryCodes: true,
  sessions: true,
  terms: true,
  ticket: true,
  tokens: true,
  totpOffer: true,
  problemCode: true,
};

it('every answer’s schema has the type of the view that makes it', () => {
  expect(Object.values(same)).not.toContain(false);
});
