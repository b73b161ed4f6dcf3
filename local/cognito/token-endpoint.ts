import type { Context } from 'cognito-local/lib/services/context.js';
import type { LocalClient, LocalServices } from './pools.ts';
import { issueServiceToken, lifetimeSeconds } from './tokens.ts';

/** A request to `/oauth2/token`, with its form fields by name. */
export interface TokenRequest {
  readonly authorization: string | undefined;
  readonly form: Readonly<Record<string, string | undefined>>;
}

/** An error of RFC 6749 §5.2. Cognito answers each of them with 400. */
type TokenError =
  | 'invalid_client'
  | 'invalid_request'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type';

export type TokenAnswer =
  | { readonly status: 200; readonly body: Record<string, string | number> }
  | { readonly status: 400; readonly body: { readonly error: TokenError } };

const refused = (error: TokenError): TokenAnswer => ({ status: 400, body: { error } });

/**
 * The token endpoint of a user pool's domain. It supports client credentials only (RFC 6749 §4.4),
 * which cognito-local's own endpoint lacks. The client authenticates by Basic authentication or in
 * the form.
 */
export const tokenEndpoint =
  ({ clock, cognito, issuer }: LocalServices) =>
  async (ctx: Context, { authorization, form }: TokenRequest): Promise<TokenAnswer> => {
    if (!form['grant_type']) return refused('invalid_request');
    if (form['grant_type'] !== 'client_credentials') return refused('unsupported_grant_type');
    const { id, secret } = basic(authorization) ?? {
      id: form['client_id'] ?? '',
      secret: form['client_secret'] ?? '',
    };
    const client: LocalClient | null = await cognito.getAppClient(ctx, id);
    if (!client?.ClientSecret || client.ClientSecret !== secret) return refused('invalid_client');
    if (!client.AllowedOAuthFlows?.includes('client_credentials')) {
      return refused('unauthorized_client');
    }
    const scope = grantedScope(client, form['scope']);
    if (scope === undefined) return refused('invalid_scope');
    const now = clock.get().getTime();
    const access_token = issueServiceToken(client, scope, issuer(client.UserPoolId), now);
    const expires_in = lifetimeSeconds(client, 'AccessToken');
    return { status: 200, body: { access_token, expires_in, token_type: 'Bearer' } };
  };

function basic(authorization = ''): { id: string; secret: string } | undefined {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id, secret: secret.join(':') };
}

/**
 * The requested scopes, or all of the client's scopes if the request names none.
 * @returns undefined if a requested scope is not the client's
 */
function grantedScope({ AllowedOAuthScopes = [] }: LocalClient, asked = ''): string | undefined {
  const wanted = asked.split(' ').filter(Boolean);
  if (!wanted.every((scope) => AllowedOAuthScopes.includes(scope))) return undefined;
  return (wanted.length > 0 ? wanted : AllowedOAuthScopes).join(' ');
}
