import {
  CognitoIdentityProviderClient,
  DeleteUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Owner, owners } from '../support/world/owner.ts';
import { openWorld, outcome, passwordAlone, type World } from '../support/world/world.ts';

/** What a service could do that is handed a person's access token: call Cognito, past our API. */
function deleteUserAtCognito({ cloud }: World, AccessToken: string): Promise<unknown> {
  const client = new CognitoIdentityProviderClient({
    endpoint: cloud.endpoints.cognito,
    region: 'me-south-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  });
  return client.send(new DeleteUserCommand({ AccessToken }));
}

const scopeOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).scope;

let worlds: { cognito: World; hawiya: World };
beforeAll(async () => {
  const [cognito, hawiya] = await Promise.all([
    openWorld({ config: passwordAlone }),
    openWorld({ config: { ...passwordAlone, accessTokenScope: 'hawiya' } }),
  ]);
  worlds = { cognito, hawiya };
});
afterAll(() => Promise.all([worlds?.cognito.close(), worlds?.hawiya.close()]));

describe('an access token of a stage with Hawiya’s own scope', () => {
  let owner: Owner;
  beforeAll(async () => {
    owner = await owners(worlds.hawiya).owner();
  });

  it('opens the account, after a login and after a refresh', async () => {
    const hands = owners(worlds.hawiya);
    expect(scopeOf(owner.token)).toBe('hawiya/account');
    expect((await hands.account(owner)).status).toBe(200);
    const { tokens } = (await hands.refresh(owner)).body;
    expect(scopeOf(tokens.accessToken)).toBe('hawiya/account');
    expect((await hands.account({ token: tokens.accessToken })).status).toBe(200);
  });

  it('does not open Cognito’s own calls', async () => {
    await expect(deleteUserAtCognito(worlds.hawiya, owner.token)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Access Token does not have required scopes',
    });
    expect((await worlds.hawiya.logIn(owner)).status).toBe(201);
  });

  it('is issued only with that scope: while the trigger fails, no person logs in', async () => {
    const { cloud } = worlds.hawiya;
    cloud.cognito.connectTokenTrigger(async () => ({
      ok: false,
      errorType: 'Error',
      errorMessage: 'down',
    }));
    const { status } = await worlds.hawiya.logIn(owner);
    expect(status).toBeGreaterThanOrEqual(500);
    cloud.cognito.connectTokenTrigger((event) => cloud.invoke('token-scope', event));
    expect((await worlds.hawiya.logIn(owner)).status).toBe(201);
  });

  it('is the only kind that opens the account there: one with Cognito’s scope does not', async () => {
    const { cloud } = worlds.hawiya;
    cloud.cognito.connectTokenTrigger(async () => ({ ok: true, value: {} }));
    const { tokens } = (await worlds.hawiya.logIn(owner)).body;
    cloud.cognito.connectTokenTrigger((event) => cloud.invoke('token-scope', event));
    expect(scopeOf(tokens.accessToken)).toBe('aws.cognito.signin.user.admin');
    const answer = await owners(worlds.hawiya).account({ token: tokens.accessToken });
    expect(outcome(answer)).toBe('unauthenticated');
  });
});

it('an access token with Cognito’s scope deletes its person’s user, past our API', async () => {
  const owner = await owners(worlds.cognito).owner();
  await deleteUserAtCognito(worlds.cognito, owner.token);
  expect(outcome(await worlds.cognito.logIn(owner))).toBe('credentials_incorrect');
});
