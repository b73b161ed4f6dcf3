import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import { handler } from '../../../lambdas/functions/token-scope/handler.ts';

it('a person’s access token gets our scope in place of Cognito’s, and nothing else of the event changes', async () => {
  const event = {
    version: '2',
    triggerSource: 'TokenGeneration_Authentication',
    userName: 'sara',
    request: { userAttributes: { sub: 'a' }, scopes: ['aws.cognito.signin.user.admin'] },
    response: { claimsAndScopeOverrideDetails: null },
  } as unknown as PreTokenGenerationV2TriggerEvent;
  expect(await handler(event)).toEqual({
    ...event,
    response: {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: {
          scopesToAdd: ['hawiya/account'],
          scopesToSuppress: ['aws.cognito.signin.user.admin'],
        },
      },
    },
  });
});
