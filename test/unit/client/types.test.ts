import { expect, it } from 'vitest';
import { type Answer, type Client, isProblem } from '../../../client/src/index.ts';

/**
 * Never runs: the compiler checks it. Each line that must be rejected says so, and fails the build
 * otherwise.
 */
async function typed(client: Client): Promise<void> {
  const login = await client.logIn({ username: 'sara.q', password: '…' });
  if ('challenge' in login) {
    const { id } = login.challenge;
    const { ticket }: Answer<'verifyChallenge'> = await client.verifyChallenge({ id, code: '1' });
    await client.completeLogin({ ticket, ownDevice: true }, { timeout: 1_000 });
  } else {
    login.tokens.accessToken.trim();
  }
  await client.readAccount({ signal: new AbortController().signal });
  const nothing: undefined = await client.endSession({ id: 'x' });
  const open: boolean = await client.refreshSession();
  void [nothing, open];

  // @ts-expect-error a misspelt field
  await client.sendChallenge({ id: 'x', kode: '1' });
  // @ts-expect-error a field is missing
  await client.verifyChallenge({ id: 'x' });
  // @ts-expect-error the client sends it, by its own setting
  await client.logIn({ username: 'x', password: 'y', tokens: 'cookie' });
  // @ts-expect-error no such operation
  await client.logInn({});
}

function narrowed(error: unknown): number | undefined {
  if (isProblem(error, 'code_incorrect', 'challenge_locked')) {
    // @ts-expect-error not one of the two codes
    if (error.code === 'not_found') return 1;
    return error.attemptsLeft;
  }
  if (!isProblem(error)) return undefined;
  // @ts-expect-error no such code
  if (error.code === 'code_incorect') return 1;
  return error.code === 'unknown' ? error.status : error.retryAfter;
}

it('the compiler accepts the calls above', () => {
  expect([typed, narrowed]).toHaveLength(2);
});
