import type { Answer, World } from './world.ts';

export type Moment = 'onCall' | 'onAnswer';

export type Crashing = (
  flow: string,
  n: number,
  moment: Moment,
  request: () => Promise<Answer>,
) => Promise<Answer>;

/**
 * Crashes the function at its n-th AWS call: before AWS does it, or after that but before the
 * function gets the answer.
 */
export async function crashingIn(
  { cloud }: World,
  ...[flow, n, moment, request]: Parameters<Crashing>
): Promise<Answer> {
  let calls = 0;
  cloud.hooks[moment] = async ({ functionName, operation }) => {
    if (functionName !== flow || operation === 'GetSecretValue') return;
    calls += 1;
    if (calls === n) await cloud.kill(flow);
  };
  const answer = await request();
  cloud.hooks[moment] = undefined;
  return answer;
}

/** Every point at which a function with that many calls can crash. */
export const crashPoints = (calls: number): [number, Moment][] =>
  Array.from({ length: calls }, (_, i) => i + 1).flatMap((n): [number, Moment][] => [
    [n, 'onCall'],
    [n, 'onAnswer'],
  ]);
