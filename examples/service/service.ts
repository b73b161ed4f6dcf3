import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Person, Verify } from './id-tokens.ts';

/**
 * A server of the portal itself with one call, `GET /appointments`, for every person with an ID token of Hawiya. An ID
 * token is for the client that logged the person in, and for that client's own server. It is not for other services.
 */
export const createService = (verify: Verify): Server =>
  createServer((request, response) => {
    answer(verify, request, response).catch(() => {
      // Not 401: an app would log the person out because keys could not be fetched.
      send(response, 503, { message: 'Try again shortly' }, { 'retry-after': '1' });
    });
  });

async function answer(
  verify: Verify,
  { method, url, headers }: Parameters<RequestListener>[0],
  response: ServerResponse,
): Promise<void> {
  if (method !== 'GET' || url !== '/appointments') return send(response, 404, { message: 'None' });
  const token = /^Bearer +([\w.-]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) return refuse(response, 'Bearer');
  const person = await verify(token);
  // The answer does not say which check failed (RFC 6750 §3.1 has one code for all).
  if (person === 'refused') return refuse(response, 'Bearer error="invalid_token"');
  send(response, 200, appointmentsOf(person));
}

/** Stored by user id. In this example every person has the same appointment. */
const appointmentsOf = ({ userId, username }: Person) => ({
  userId,
  username,
  appointments: [{ clinic: 'Dental', at: '2026-12-01T09:00:00Z' }],
});

const refuse = (response: ServerResponse, challenge: string): void =>
  send(response, 401, { message: 'Log in first' }, { 'www-authenticate': challenge });

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(body));
}
