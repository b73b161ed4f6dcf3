import { describe, expect, it } from 'vitest';
import { functionSettings } from '../../lib/config/function-settings.ts';
import { dev } from '../../lib/config/stages/dev.ts';
import { functions, only, resources, stages, synthesise } from '../support/infra/synth.ts';
import { pharmacy, prescriptions } from '../support/world/relying-service.ts';

const services = [prescriptions, pharmacy].flatMap((service) => service ?? []);
const config = { ...dev, relyingServices: services, tokenDomain: 'hawiya-dev' };
const stage = synthesise(config);
const clients = resources(stage.api, 'AWS::Cognito::UserPoolClient').map(
  ([id, { Properties }]) => ({ id, ...Properties }) as Record<string, unknown>,
);
function variablesOf(name: string): Record<string, unknown> {
  const environment = functions(stage.api)[name]?.Properties['Environment'];
  return (environment as { Variables: Record<string, unknown> }).Variables;
}

describe('a stage without relying services', () => {
  it('has one client, no hosted pages, and no scope to grant', () => {
    const { identity, api } = stages.prod();
    const all = [identity, api].flatMap(({ Resources }) => Object.values(Resources));
    const kinds = all.map(({ Type }) => Type).filter((type) => type.startsWith('AWS::Cognito'));
    expect(kinds).toEqual(['AWS::Cognito::UserPool', 'AWS::Cognito::UserPoolClient']);
  });
});

describe('the client of a relying service', () => {
  it('belongs to one service, with a secret of its own', () => {
    expect(clients.map(({ ClientName }) => ClientName)).toEqual([
      'service-e-prescription',
      'service-pharmacy',
    ]);
    for (const client of clients) expect(client['GenerateSecret']).toBe(true);
  });

  it('gets tokens for itself, with one scope, for an hour', () => {
    const server = only(stage.api, 'AWS::Cognito::UserPoolResourceServer').Properties;
    expect(server).toMatchObject({ Identifier: 'otp', Scopes: [{ ScopeName: 'challenge' }] });
    for (const client of clients) {
      expect(client).toMatchObject({
        AllowedOAuthFlows: ['client_credentials'],
        AllowedOAuthFlowsUserPoolClient: true,
        AccessTokenValidity: 60,
        TokenValidityUnits: { AccessToken: 'minutes' },
      });
      expect(JSON.stringify(client['AllowedOAuthScopes'])).toMatch(
        /^\[\{"Fn::Join":\["",\[\{"Ref":"Otp\w+"\},"\/challenge"\]\]\}\]$/,
      );
    }
  });

  it('allows no login: without explicit flows, Cognito would allow SRP and custom, past our second factor', () => {
    for (const client of clients) {
      expect(client['ExplicitAuthFlows']).toEqual(['ALLOW_REFRESH_TOKEN_AUTH']);
    }
    const people = only(stage.identity, 'AWS::Cognito::UserPoolClient').Properties;
    expect(people['AllowedOAuthFlowsUserPoolClient']).toBe(false);
    expect(people['GenerateSecret']).toBeUndefined();
  });

  it('has its id and the token endpoint in the outputs, and its secret in none', () => {
    const outputs = Object.keys(stage.api.Outputs ?? {});
    expect(outputs).toEqual(
      expect.arrayContaining(['TokenEndpoint', 'ClientIdOfeprescription', 'ClientIdOfpharmacy']),
    );
    expect(JSON.stringify(stage.api)).not.toMatch(/ClientSecret/);
    expect(JSON.stringify(stage.api.Outputs?.['TokenEndpoint'])).toContain('/oauth2/token');
  });

  it('is removed in one deployment: no other stack refers to it', () => {
    const without = synthesise({ ...dev, relyingServices: [] });
    expect(Object.keys(stage.identity.Outputs ?? {})).toEqual(
      Object.keys(without.identity.Outputs ?? {}),
    );
  });
});

describe('the functions', () => {
  it('transaction knows the services by their clients, and not their budgets', () => {
    const { RELYING_CLIENTS } = variablesOf('transaction');
    const [, parts] = (RELYING_CLIENTS as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
    const clientIds = parts.filter((part) => typeof part === 'object');
    expect(clientIds).toEqual(clients.map(({ id }) => ({ Ref: id })));
    const deployed = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
    expect(deployed).toBe('{"x":"e-prescription","x":"pharmacy"}');
    const known = functionSettings(config).RELYING_SERVICES;
    expect(known.map(({ id }) => id)).toEqual(['e-prescription', 'pharmacy']);
    expect(JSON.stringify(known)).not.toContain('spendPerDay');
  });

  it('sms-sender knows each service’s budget, in thousandths', () => {
    expect(functionSettings(config).SPENDING.services).toEqual({
      'e-prescription': 50_000,
      pharmacy: 50_000,
    });
  });
});
