import { NotAuthorizedError } from 'cognito-local/lib/errors.js';
import type { Context } from 'cognito-local/lib/services/context.js';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { LocalServices } from './pools.ts';
import { selfServiceScope } from './token-trigger.ts';
import { publicKeys } from './tokens.ts';
import { findUser } from './users.ts';

const keys = createLocalJWKSet(publicKeys() as JSONWebKeySet);

/**
 * What Cognito lets the holder of an access token do, whoever that is. Hawiya calls none of it; tests show who can. Only
 * `DeleteUser` is here, for all of them.
 */
export function selfServiceOperations({ clock, cognito, issuer }: LocalServices) {
  return {
    async DeleteUser(ctx: Context, { AccessToken }: { AccessToken: string }) {
      const { iss, client_id, scope, username } = await verified(AccessToken);
      const client = await cognito.getAppClient(ctx, String(client_id));
      if (!client || iss !== issuer(client.UserPoolId)) throw invalid();
      if (!String(scope).split(' ').includes(selfServiceScope)) {
        throw new NotAuthorizedError('Access Token does not have required scopes');
      }
      const pool = await cognito.getUserPool(ctx, client.UserPoolId);
      const user = await findUser(ctx, pool, String(username));
      if (!user) throw invalid();
      await pool.deleteUser(ctx, user);
      return {};
    },
  };

  async function verified(token: string) {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        currentDate: clock.get(),
      });
      if (payload['token_use'] === 'access') return payload;
    } catch {
      // Forged or expired.
    }
    throw invalid();
  }
}

const invalid = () => new NotAuthorizedError('Invalid Access Token');
