import { randomUUID } from 'node:crypto';
import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { codeTexts, type Owner, owners } from '../../support/world/owner.ts';
import { relyingService } from '../../support/world/relying-service.ts';
import {
  type Answer,
  type Person,
  password,
  termsVersion,
  type World,
} from '../../support/world/world.ts';
import type { Recorder } from './recorder.ts';

const newPassword = 'another fine passphrase';

/**
 * Sends each call of the API once, in the order in which people do.
 * @throws Error if an answer is not the expected one: nothing else would be worth measuring
 */
export async function walk(world: World, recorder: Recorder): Promise<void> {
  const steps = openSteps(world, recorder);
  await register(steps);
  await reset(steps);
  await logIn(steps);
  await readAccount(steps);
  await changeAccount(steps);
  await closeAccount(steps);
  await secondFactors(steps);
  await transact(steps);
  await inform(steps);
}

type Steps = ReturnType<typeof openSteps>;

interface Sent {
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  /** Past the edge, which would answer from its cache. */
  readonly pastEdge?: boolean;
  /** What tells this case of the call from others. */
  readonly how?: string;
}

function openSteps(world: World, recorder: Recorder) {
  async function send(method: 'DELETE' | 'GET' | 'POST', status: number, sent: Sent) {
    const { path, body, token, headers, pastEdge, how } = sent;
    const options = {
      via: pastEdge ? recorder.gateway : recorder.edge,
      headers: { 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Chrome/120', ...headers },
      ...(token !== undefined && { token }),
    };
    const pattern = path.replace(/\/(challenges|account\/sessions)\/[^/]{20,}/, '/$1/{id}');
    const name = [`${method} ${pattern}`, ...(how ? [how] : [])].join(', ');
    const answer = await recorder.record(name, () => {
      if (method === 'GET') return world.get(path, options);
      return method === 'POST'
        ? world.post(path, body ?? {}, options)
        : world.del(path, options, body);
    });
    if (answer.status === status) return answer;
    throw new Error(`${name} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return {
    world,
    recorder,
    hands: owners(world),
    get: (status: number, sent: Sent) => send('GET', status, sent),
    post: (status: number, sent: Sent) => send('POST', status, sent),
    delete: (status: number, sent: Sent) => send('DELETE', status, sent),
  };
}

const idOf = ({ body }: Answer): string => body.challenge.id;

async function register({ world, recorder, get, post }: Steps): Promise<void> {
  const person = world.someone();
  await quiet();
  let started: Answer | undefined;
  await recorder.recordReader(
    'deliver a code',
    'sms-sender',
    async () => {
      started = await post(202, { path: '/registrations', body: { phone: person.phone } });
      await world.code(person.phone);
      // The sender settles what it sent.
      await quiet();
    },
    (items) => streamEvent(items.filter((item) => item['outbox'] !== undefined)),
  );
  if (!started) throw new Error('No registration was started');
  const id = idOf(started);
  const code = await world.code(person.phone);
  await get(200, { path: `/challenges/${id}` });
  const verify = { path: `/challenges/${id}/verify` };
  await post(400, { ...verify, how: 'wrong code', body: { code: world.wrongCode(code) } });
  const { ticket } = (await post(200, { ...verify, how: 'right code', body: { code } })).body;
  const body = world.registration(ticket, person);
  await post(201, { path: '/registrations/complete', body });

  const headers = { 'idempotency-key': randomUUID() };
  const keyed = { path: '/registrations', body: { phone: world.someone().phone }, headers };
  await post(202, { ...keyed, how: 'with a key' });
  await post(202, { ...keyed, how: 'repeated with its key' });
}

async function reset({ world, post }: Steps): Promise<void> {
  const person = await world.subscriber();
  const { username, nationalId, phone } = person;
  const path = '/password-resets';
  const started = await post(202, { path, body: { username, nationalId } });
  const unknown = { username: 'nobody.like.this', nationalId };
  await post(202, { path, body: unknown, how: 'unknown pair' });
  const id = idOf(started);
  await post(202, { path: `/challenges/${id}/send`, how: 'first' });
  const code = await world.code(phone, 2);
  const { ticket } = (await world.post(`/challenges/${id}/verify`, { code })).body;
  const body = { ticket, newPassword, confirmPassword: newPassword };
  await post(204, { path: '/password-resets/complete', body });
}

async function logIn({ world, recorder, post, delete: del }: Steps): Promise<void> {
  const person = await world.subscriber();
  const { username } = person;
  const path = '/sessions';
  const typed = await post(202, { path, body: { username, password }, how: 'new device' });
  await post(401, { path, body: { username, password: newPassword }, how: 'wrong password' });
  const ticket = await world.loginTicket(typed, person);
  const complete = { path: '/sessions/complete', body: { ticket, ownDevice: true } };
  const { device } = (await post(201, complete)).body;
  await quiet();
  let again: Answer | undefined;
  await recorder.recordReader(
    'publish an event',
    'event-publisher',
    async () => {
      const body = { username, password, device: device.secret };
      again = await post(201, { path, body, how: 'known device' });
      await quiet();
    },
    (items) => streamRecords(items.filter(({ pk }) => pk?.S?.startsWith('event#'))),
  );
  if (!again) throw new Error('No session was opened');
  const { refreshToken } = again.body.tokens;
  const refreshed = await post(201, { path: '/sessions/refresh', body: { refreshToken } });
  const { tokens } = refreshed.body;
  await post(204, { path: '/sessions/revoke', body: { refreshToken: tokens.refreshToken } });

  const owner = await ownerWithSessions(world, { ...person, password });
  const listed = await world.get('/account/sessions', { token: owner.token });
  const other = listed.body.sessions.find(({ current }: { current: boolean }) => !current);
  await del(204, { path: `/account/sessions/${other.id}`, token: owner.token });
  await del(204, { path: '/account/sessions', token: owner.token });
}

/** A person with two sessions. */
async function ownerWithSessions(world: World, person: Person): Promise<Owner> {
  await owners(world).logIn(person);
  return owners(world).logIn(person);
}

async function readAccount({ hands, get }: Steps): Promise<void> {
  const { token } = await hands.owner();
  await get(200, { path: '/account', token });
  await get(200, { path: '/account/sessions', token });
  await get(200, { path: '/account/export', token });
}

async function changeAccount({ world, hands, post }: Steps): Promise<void> {
  const owner = await hands.owner();
  const { token, password: currentPassword } = owner;
  await post(200, { path: '/account/terms', token, body: { termsVersion } });
  const changed = { currentPassword, newPassword, confirmPassword: newPassword };
  await post(204, { path: '/account/password', token, body: changed });
  const next = world.someone().phone;
  const body = { phone: next, currentPassword: newPassword };
  const started = await post(202, { path: '/account/phone', token, body });
  const ticket = await hands.ticketOf(started.body.challenge, next, codeTexts.phone);
  await post(200, { path: '/account/phone/complete', token, body: { ticket } });
}

async function closeAccount({ hands, post }: Steps): Promise<void> {
  const { token, phone, password: currentPassword } = await hands.owner();
  const closing = await post(202, { path: '/account/close', token, body: { currentPassword } });
  const ticket = await hands.ticketOf(closing.body.challenge, phone, codeTexts.close);
  await post(204, { path: '/account/close/complete', token, body: { ticket } });
}

async function secondFactors({ world, hands, post, delete: del }: Steps): Promise<void> {
  const { token, password: currentPassword } = await hands.owner();
  const path = '/account/authenticators/totp';
  const { secret, enrolment } = (await post(201, { path, token, body: { currentPassword } })).body;
  const code = totpCode(secret, totpStep(Math.floor(world.clock.now() / 1000)));
  await post(201, { path: `${path}/confirm`, token, body: { enrolment, code } });
  await post(201, { path: '/account/recovery-codes', token, body: { currentPassword } });
  await del(204, { path, token, body: { currentPassword } });
}

async function transact({ world, post }: Steps): Promise<void> {
  const { token } = await relyingService(world);
  const { phone } = world.someone();
  const body = { phone, purpose: 'dispense', display: 'Prescription 4471' };
  const started = await post(202, { path: '/challenges', token, body });
  const code = await world.code(phone);
  const verified = await world.post(`/challenges/${idOf(started)}/verify`, { code });
  const { ticket } = verified.body;
  await post(200, { path: '/tickets/introspect', token, body: { ticket } });
}

async function inform({ get }: Steps): Promise<void> {
  await get(200, { path: '/terms', pastEdge: true });
  await get(200, { path: '/openapi.json', pastEdge: true });
  await get(200, { path: '/health' });
}

/** The stream's readers look at it several times a second. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 1500));

type Items = Parameters<Parameters<Recorder['recordReader']>[3]>[0];

const streamEvent = (items: Items) => ({ Records: streamRecords(items) });

/** New items, as the stream reports them. */
const streamRecords = (items: Items) =>
  items.map((item, index) => ({
    eventID: randomUUID(),
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    awsRegion: 'me-south-1',
    dynamodb: {
      Keys: { pk: item['pk'], sk: item['sk'] },
      NewImage: item,
      SequenceNumber: `10000000000000000000${index + 1}`,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  }));
