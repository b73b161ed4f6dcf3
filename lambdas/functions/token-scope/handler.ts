import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { subscriberScopes } from '#core/model/routes.ts';

/**
 * Cognito's trigger before each token of a person, at a login and at a refresh. Replaces the scope that opens Cognito's
 * own calls by one that opens Hawiya's routes only (docs/decisions/0038).
 * It fails closed: without its answer Cognito issues no token, and Hawiya's routes refuse a token with Cognito's scope.
 */
export async function handler(
  event: PreTokenGenerationV2TriggerEvent,
): Promise<PreTokenGenerationV2TriggerEvent> {
  const accessTokenGeneration = {
    scopesToAdd: [subscriberScopes.hawiya],
    scopesToSuppress: [subscriberScopes.cognito],
  };
  return { ...event, response: { claimsAndScopeOverrideDetails: { accessTokenGeneration } } };
}
