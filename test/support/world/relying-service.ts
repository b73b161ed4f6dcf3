import { local } from '../../../lib/config/stages/local.ts';
import type { Answer, World } from './world.ts';

/**
 * The local stage's relying service, and another one that must learn nothing of its transactions.
 */
export const [prescriptions] = local.relyingServices;
export const pharmacy = {
  id: 'pharmacy',
  name: { ar: 'الصيدلية', en: 'Pharmacy' },
  purposes: ['deliver'],
  challengesPerHour: 3,
  challengesPerDay: 5000,
  spendPerDay: 50,
};

interface Started {
  readonly phone: string;
  readonly purpose?: string;
  readonly display?: string;
  readonly language?: 'ar' | 'en';
  readonly key?: string;
}

/** The calls of a relying service: its token, its transactions, its tickets. */
export async function relyingService(world: World, id = 'e-prescription') {
  const { tokenEndpoint, serviceClients } = world.serving.directory;
  const client = serviceClients.find(({ name }) => name === `service-${id}`);
  if (!client) throw new Error(`There is no client of ${id}`);

  /** Requests a token, by Basic authentication unless the form says otherwise. */
  async function ask(form: Record<string, string> = {}, secret = client?.clientSecret) {
    const basic = Buffer.from(`${client?.clientId}:${secret}`).toString('base64');
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(!form['client_id'] && { authorization: `Basic ${basic}` }),
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const token = String((await ask()).body['access_token']);
  const withKey = (key?: string) => (key ? { headers: { 'idempotency-key': key } } : {});
  const start = (
    { phone, purpose = 'dispense', display = 'Prescription 4471', language = 'en', key }: Started,
    bearer = token,
  ): Promise<Answer> =>
    world.post(
      '/challenges',
      { phone, purpose, display },
      { token: bearer, language, ...withKey(key) },
    );
  const introspect = (ticket: string, key?: string, bearer = token): Promise<Answer> =>
    world.post('/tickets/introspect', { ticket }, { token: bearer, ...withKey(key) });

  /**
   * A transaction up to its ticket.
   * @param n which SMS of its phone contains the code
   */
  async function ticket(started: Started, n = 1): Promise<string> {
    const { id } = (await start(started)).body.challenge;
    const code = await world.code(started.phone, n);
    return (await world.post(`/challenges/${id}/verify`, { code })).body.ticket;
  }

  return { client, token, ask, start, introspect, ticket };
}
