import type { Answer, World } from './world.ts';

export type Moment = 'onCall' | 'onAnswer';

export type Crashing = (
  flow: string,
  n: number,
  moment: Moment,
  request: () => Promise<Answer>,
) => Promise<Answer>;

/** Kills the function at its n-th AWS call: before AWS does it, or after, before the function knows. */
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

/** Every moment at which a function that makes so many calls can die. */
export const crashPoints = (calls: number): [number, Moment][] =>
  Array.from({ length: calls }, (_, i) => i + 1).flatMap((n): [number, Moment][] => [
    [n, 'onCall'],
    [n, 'onAnswer'],
  ]);
