import {
  CognitoIdentityProviderServiceException,
  TooManyRequestsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { DirectoryUnavailable } from '#core/model/directory-unavailable.ts';
import { neverSent } from '../never-sent.ts';

/**
 * Sends a call, and tells an answer about the person from none. Cognito's other errors pass unchanged: a refusal is an
 * answer, and a missing right is a fault of the stage.
 * @throws DirectoryUnavailable if Cognito throttled or failed, or if no answer came
 */
export async function answered<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const outcome = outcomeOf(error);
    if (outcome === 'answer') throw error;
    throw new DirectoryUnavailable(outcome === 'answer-lost', {}, error);
  }
}

/**
 * `not-judged`: Cognito looked at nothing. `answer-lost`: it may have. An internal error is such a case: nothing says
 * how far the call came.
 */
function outcomeOf(error: unknown): 'answer' | 'not-judged' | 'answer-lost' {
  if (error instanceof TooManyRequestsException || neverSent(error)) return 'not-judged';
  if (error instanceof CognitoIdentityProviderServiceException) {
    return error.$fault === 'server' ? 'answer-lost' : 'answer';
  }
  const { name, code } = error as NodeJS.ErrnoException;
  return name === 'TimeoutError' || code !== undefined ? 'answer-lost' : 'answer';
}
