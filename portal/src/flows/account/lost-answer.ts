import { isTransient, readFailure } from '../../state/failure.ts';

/**
 * Remembers whether the answer to a call was lost. The call may have gone through, so the refusal of its repetition
 * can mean that it did.
 */
export function trackLostAnswer() {
  let lost = false;
  return {
    wasLost: () => lost,
    async watch<T>(call: Promise<T>): Promise<T> {
      try {
        return await call;
      } catch (error) {
        if (isTransient(readFailure(error))) lost = true;
        throw error;
      }
    },
  };
}
