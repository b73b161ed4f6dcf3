import { nationalId, phone as newPhone } from '../../support/fakes/builders.ts';
import { password, termsVersion, username } from '../../support/world/world.ts';
import type { Reply, Send } from './client.ts';
import { closedLoop } from './closed-loop.ts';
import type { Flows } from './flows.ts';

/** Somebody with an account and a device that Hawiya remembers. */
export interface Subscriber {
  readonly username: string;
  readonly nationalId: string;
  readonly phone: string;
  readonly device: string;
}

/**
 * The flows as a load: each prepares what its requests need, and is measured for the requests alone.
 * @param send sends to the API
 * @param codeOf waits for the newest code that a phone has got
 */
export function hawiyaFlows(send: Send, codes: Codes): Flows {
  const started: { id: string; phone: string }[] = [];
  const resets: string[] = [];
  let people: Subscriber[] = [];

  return {
    async prepare(count) {
      people = await subscribeAll(send, codes, count);
    },
    flows: [
      {
        name: 'start registration',
        items: (count) => Array.from({ length: count }, newPhone),
        async request(phone) {
          const { body } = ok(await send('POST', '/registrations', { body: { phone } }), 202);
          started.push({ id: body.challenge.id, phone });
        },
      },
      {
        name: 'wrong code',
        items: async () => {
          await codes.all(started.map(({ phone }) => phone));
          return started.map(({ id, phone }) => `${id} ${wrongCode(codes.newest(phone))}`);
        },
        async request(item) {
          const [id, code] = item.split(' ');
          ok(await send('POST', `/challenges/${id}/verify`, { body: { code } }), 400);
        },
      },
      {
        name: 'right code',
        items: () => started.splice(0).map(({ id, phone }) => `${id} ${codes.newest(phone)}`),
        async request(item) {
          const [id, code] = item.split(' ');
          ok(await send('POST', `/challenges/${id}/verify`, { body: { code } }), 200);
        },
      },
      {
        name: 'start reset',
        items: (count) => turns(people, count).map((person) => JSON.stringify(pairOf(person))),
        async request(pair) {
          const reply = await send('POST', '/password-resets', { body: JSON.parse(pair) });
          resets.push(ok(reply, 202).body.challenge.id);
        },
      },
      {
        name: 'send',
        items: () => resets.splice(0),
        async request(id) {
          ok(await send('POST', `/challenges/${id}/send`, { body: {} }), 202);
        },
      },
      {
        name: 'log in',
        items: (count) => turns(people, count).map((person) => JSON.stringify(loginOf(person))),
        async request(login) {
          ok(await send('POST', '/sessions', { body: JSON.parse(login) }), 201);
        },
      },
      {
        name: 'health',
        items: (count) => Array.from({ length: 5 * count }, () => ''),
        async request() {
          ok(await send('GET', '/health'), 200);
        },
      },
    ],
  };
}

const pairOf = ({ username, nationalId }: Subscriber) => ({ username, nationalId });
export const loginOf = ({ username, device }: Subscriber) => ({ username, password, device });

/** As many entries as wanted, each person in turn. */
const turns = <Person>(people: readonly Person[], count: number): Person[] =>
  Array.from({ length: count }, (_, n) => people[n % people.length] as Person);

/** Opens that many accounts, a few at once. */
export async function subscribeAll(send: Send, codes: Codes, count: number): Promise<Subscriber[]> {
  const people: Subscriber[] = [];
  const open = async () => void people.push(await subscribe(send, codes));
  await closedLoop(Array.from({ length: count }), 4, open);
  return people;
}

/** Opens an account and logs in on a device that is remembered. */
export async function subscribe(send: Send, codes: Codes): Promise<Subscriber> {
  const person = { username: username(), nationalId: nationalId(), phone: newPhone() };
  const { phone, ...identity } = person;
  const ticket = await prove(
    send,
    codes,
    await send('POST', '/registrations', { body: { phone } }),
    phone,
  );
  const account = { ticket, termsVersion, password, ...identity };
  ok(await send('POST', '/registrations/complete', { body: account }), 201);
  const typed = await send('POST', '/sessions', { body: { username: person.username, password } });
  const proof = await prove(send, codes, typed, phone, 2);
  const body = { ticket: proof, ownDevice: true };
  const opened = ok(await send('POST', '/sessions/complete', { body }), 201);
  return { ...person, device: opened.body.device.secret };
}

/** Answers a challenge with the code of the phone's n-th SMS. @returns its ticket */
async function prove(
  send: Send,
  codes: Codes,
  started: Reply,
  phone: string,
  n = 1,
): Promise<string> {
  const { id } = ok(started, 202).body.challenge;
  const code = await codes.nth(phone, n);
  return ok(await send('POST', `/challenges/${id}/verify`, { body: { code } }), 200).body.ticket;
}

/** @throws Error unless the answer has this status */
export function ok(reply: Reply, status: number): Reply {
  if (reply.status === status) return reply;
  throw new Error(`Answered ${reply.status} instead of ${status}: ${JSON.stringify(reply.body)}`);
}

const wrongCode = (right: string) => String((Number(right) + 1) % 10 ** 6).padStart(6, '0');

export type Codes = ReturnType<typeof openCodes>;

/**
 * Reads the codes of all phones in the local inbox.
 * @param read sends to the local cloud itself
 */
export function openCodes(read: Send) {
  let inbox = new Map<string, string[]>();
  let reading: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const { body } = await read('GET', '/local/sms');
    const messages = body as { phone: string; body: string }[];
    const found = messages.flatMap(({ phone, body: text }) => {
      const code = /(?<!\d)(\d{6})(?!\d)/.exec(text)?.[1];
      return code === undefined ? [] : [{ phone, code }];
    });
    const groups = Map.groupBy(found, ({ phone }) => phone);
    inbox = new Map([...groups].map(([phone, group]) => [phone, group.map(({ code }) => code)]));
  }

  /** Looks into the inbox again until it has what is wanted. All who wait share a look. */
  async function until<Found>(look: () => Found | undefined, missing: string): Promise<Found> {
    const giveUpAt = performance.now() + 60_000;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (performance.now() > giveUpAt) throw new Error(missing);
      reading ??= new Promise((resolve) => setTimeout(resolve, 200)).then(refresh).finally(() => {
        reading = undefined;
      });
      await reading;
    }
  }

  return {
    newest: (phone: string): string => inbox.get(phone)?.at(-1) ?? '',
    nth: (phone: string, n: number) =>
      until(() => inbox.get(phone)?.[n - 1], `Code ${n} did not arrive`),
    /** Waits until each of the phones has a code. */
    all: (phones: readonly string[]) =>
      until(() => phones.every((phone) => inbox.has(phone)) || undefined, 'Codes did not arrive'),
  };
}
