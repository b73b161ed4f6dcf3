import { randomInt, randomUUID } from 'node:crypto';
import { phone as newPhone } from '../../support/fakes/builders.ts';
import type { Send } from '../throughput/client.ts';
import type { Flows } from '../throughput/flows.ts';
import { ok } from '../throughput/hawiya-flows.ts';

const password = 'a fine passphrase';

/** The flows of better-auth that do what Hawiya's of the same name do. */
export function betterAuthFlows(send: Send): Flows {
  const names: string[] = [];
  const phones: string[] = [];
  let started: string[] = [];
  const call = (path: string, body: object) => send('POST', `/api/auth${path}`, { body });
  const sendCode = async (phone: string) =>
    ok(await call('/phone-number/send-otp', { phoneNumber: phone }), 200);
  const codes = async () => (await send('GET', '/codes')).body as Record<string, string>;

  return {
    async prepare(count) {
      for (let n = 0; n < count; n += 1) {
        const [username, phone] = [`u${randomInt(1e9)}`, newPhone()];
        const email = `${username}@example.org`;
        ok(await call('/sign-up/email', { email, password, name: username, username }), 200);
        await sendCode(phone);
        const code = (await codes())[phone];
        ok(await call('/phone-number/verify', { phoneNumber: phone, code }), 200);
        names.push(username);
        phones.push(phone);
      }
    },
    flows: [
      {
        name: 'start registration',
        items: (count) => {
          started = Array.from({ length: count }, newPhone);
          return started;
        },
        request: async (phone) => void (await sendCode(phone)),
      },
      {
        name: 'wrong code',
        items: async () => {
          const sent = await codes();
          return started.map((phone) => `${phone} ${otherThan(sent[phone] ?? '')}`);
        },
        async request(item) {
          const [phoneNumber, code] = item.split(' ');
          ok(await call('/phone-number/verify', { phoneNumber, code }), 400);
        },
      },
      {
        name: 'right code',
        items: async () => {
          const sent = await codes();
          return started.map((phone) => `${phone} ${sent[phone]}`);
        },
        async request(item) {
          const [phoneNumber, code] = item.split(' ');
          ok(await call('/phone-number/verify', { phoneNumber, code }), 200);
        },
      },
      {
        name: 'start reset',
        items: (count) => Array.from({ length: count }, (_, n) => phones[n % phones.length] ?? ''),
        request: async (phoneNumber) =>
          void ok(await call('/phone-number/request-password-reset', { phoneNumber }), 200),
      },
      {
        name: 'log in',
        // Each takes 100 ms of CPU for the hash of the password.
        items: (count) =>
          Array.from({ length: Math.ceil(count / 5) }, (_, n) => names[n % names.length] ?? ''),
        request: async (username) =>
          void ok(await call('/sign-in/username', { username, password }), 200),
      },
      {
        name: 'health',
        items: (count) => Array.from({ length: 5 * count }, () => ''),
        request: async () => void ok(await send('GET', '/api/auth/ok'), 200),
      },
    ],
  };
}

/** The limits, as flows: what a right code and an empty answer cost at least. */
export function limitFlows(send: Send, path: '/memory' | '/table'): Flows {
  return {
    prepare: async () => undefined,
    flows: [
      {
        name: 'right code',
        items: (count) => Array.from({ length: 2 * count }, randomUUID),
        request: async (id) =>
          void ok(await send('POST', path, { body: { id, code: id.slice(0, 6) } }), 200),
      },
    ],
  };
}

/** A handler that does nothing. */
export function emptyFlows(send: Send): Flows {
  return {
    prepare: async () => undefined,
    flows: [
      {
        name: 'health',
        items: (count) => Array.from({ length: 5 * count }, () => ''),
        request: async () => void ok(await send('GET', '/empty'), 200),
      },
    ],
  };
}

const otherThan = (code: string) => String((Number(code) + 1) % 10 ** 6).padStart(6, '0');
