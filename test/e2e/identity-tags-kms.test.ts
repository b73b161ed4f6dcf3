import { GenerateMacCommand, KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { local } from '../../lib/config/stages/local.ts';
import { AwsRefusal } from '../../local/aws/aws-endpoint.ts';
import { openTable } from '../support/world/table-scan.ts';
import {
  type Answer,
  openWorld,
  outcome,
  type Person,
  type World,
} from '../support/world/world.ts';

/** The limits are small, so that a test sees what is returned to them. */
const config = {
  ...local,
  identityTagKeys: 'kms' as const,
  limits: {
    ...local.limits,
    sendsPerAddressAndMinute: 3,
    loginsPerAddressAndMinute: 3,
    usesPerTicket: 3,
  },
};

let world: World;
let person: Person;
beforeAll(async () => {
  world = await openWorld({ config });
  person = await world.subscriber();
});
afterAll(() => world.close());
afterEach(() => {
  delete world.cloud.hooks.onCall;
});

const keyArn = () => world.cloud.kmsKeys.arns[0] ?? '';
const messageOf = (nationalId: string) => Buffer.from(JSON.stringify(['national-id', nationalId]));

const startReset = (
  { username, nationalId }: Pick<Person, 'username' | 'nationalId'>,
  address?: string,
) =>
  world.post(
    '/password-resets',
    { username, nationalId },
    address === undefined ? {} : { address },
  );

/** A pair that has an account, and pairs that have none. */
const pairs = () => [
  person,
  { ...person, username: 'nobody.like.this' },
  { ...person, nationalId: world.someone().nationalId },
];

/** The operations of a request in the order they were called, without those of other functions. */
async function operationsOf(functionName: string, request: () => Promise<Answer>) {
  const operations: string[] = [];
  world.cloud.hooks.onCall = (call) => {
    const keys = call.actions.flatMap(({ context }) => context?.['dynamodb:LeadingKeys'] ?? []);
    // Read now and then, during any request.
    const remembered = keys.length > 0 && keys.every((key) => /^(breaker|public-key)#/.test(key));
    if (call.functionName === functionName && !remembered) operations.push(call.operation);
  };
  const answer = await request();
  delete world.cloud.hooks.onCall;
  return { answer, operations };
}

/** Has KMS refuse every call from now on. @returns the number of calls of a function so far */
function refuseKms(refusal: AwsRefusal, byFunction?: string): () => number {
  let calls = 0;
  world.cloud.hooks.onCall = ({ service, functionName }) => {
    if (service !== 'kms') return;
    if (functionName === byFunction) calls += 1;
    throw refusal;
  };
  return () => calls;
}
const throttled = new AwsRefusal('ThrottlingException', 400);

describe('a stage whose identity tags are made by KMS', () => {
  it('registers a person, refuses a second account for the ID, and resets the password', async () => {
    const owner = await world.subscriber();
    const second = world.someone({ nationalId: owner.nationalId });
    const ticket = await world.registrationTicket(second.phone);
    const refused = await world.post('/registrations/complete', world.registration(ticket, second));
    expect(outcome(refused)).toBe('identity_registered');

    const newPassword = 'another fine passphrase';
    const reset = { ticket: await world.resetTicket(owner), newPassword };
    const body = { ...reset, confirmPassword: newPassword };
    expect((await world.post('/password-resets/complete', body)).status).toBe(204);
    expect((await world.typePassword({ ...owner, password: newPassword })).status).toBe(202);
    expect(outcome(await world.typePassword(owner))).toBe('credentials_incorrect');
  });

  it('finds the ID by the tag that the key makes, and has no secret that could make it', async () => {
    const mac = world.cloud.kmsKeys.get(keyArn())?.mac(messageOf(person.nationalId));
    const tag = mac?.toString('base64url') ?? '';
    expect(tag).toHaveLength(43);
    const items = await openTable(world).scan();
    expect(items.map(({ pk }) => pk?.S)).toContain(`identity#${tag}`);
    expect(world.cloud.secrets.arns.join()).not.toContain('IdentityTagKeys');
  });

  it('makes one more call to complete a registration: six', async () => {
    const newcomer = world.someone();
    const body = world.registration(await world.registrationTicket(newcomer.phone), newcomer);
    const { answer, operations } = await operationsOf('registration', () =>
      world.post('/registrations/complete', body),
    );
    expect(answer.status).toBe(201);
    expect(operations).toEqual([
      'UpdateItem',
      'GenerateMac',
      'TransactWriteItems',
      'AdminCreateUser',
      'AdminSetUserPassword',
      'TransactWriteItems',
    ]);
  });

  it('makes one more call to start a reset, and the same four for a pair that has no account', async () => {
    for (const pair of pairs()) {
      const { answer, operations } = await operationsOf('password-reset', () => startReset(pair));
      expect(answer.status).toBe(202);
      expect(operations.slice(0, 3).toSorted()).toEqual(['GenerateMac', 'GetItem', 'UpdateItem']);
      expect(operations.slice(3)).toEqual(['TransactWriteItems']);
    }
  });
});

describe('a login with a national ID whose tags KMS makes', () => {
  it('makes one call more, in parallel with the charge of the address, whoever has the ID', async () => {
    for (const username of [person.nationalId, world.someone().nationalId]) {
      const { answer, operations } = await operationsOf('session', () =>
        world.post('/sessions', { username, password: 'not the right one' }),
      );
      expect(answer.status).toBe(401);
      expect(operations.slice(0, 2).toSorted()).toEqual(['GenerateMac', 'UpdateItem']);
      expect(operations.slice(2)).toEqual([
        'GetItem',
        'GetItem',
        'UpdateItem',
        'AdminInitiateAuth',
        'UpdateItem',
      ]);
    }
  });

  it('is `unavailable` while KMS throttles, and costs its address no try', async () => {
    const address = '10.77.0.9';
    refuseKms(throttled, 'session');
    for (let n = 0; n < 5; n++) {
      const body = { username: person.nationalId, password: person.password };
      expect(outcome(await world.post('/sessions', body, { address }))).toBe('unavailable');
    }
    delete world.cloud.hooks.onCall;
    const body = { username: world.someone().username, password: person.password };
    expect(outcome(await world.post('/sessions', body, { address }))).toBe('credentials_incorrect');
  });
});

describe('while KMS throttles', () => {
  it('a reset is `unavailable` for every pair alike, and costs its address nothing', async () => {
    const address = '10.77.0.1';
    const calls = refuseKms(throttled, 'password-reset');
    const bodies = new Set<string>();
    for (const pair of [...pairs(), ...pairs()]) {
      const answer = await startReset(pair, address);
      expect(outcome(answer)).toBe('unavailable');
      expect(answer.headers.get('retry-after')).toBe('1');
      const { instance: _, ...body } = answer.body;
      bodies.add(JSON.stringify(body));
    }
    expect(bodies.size).toBe(1);
    // Two attempts of the SDK each.
    expect(calls()).toBe(12);
    delete world.cloud.hooks.onCall;

    for (let n = 0; n < config.limits.sendsPerAddressAndMinute; n++) {
      const pair = { ...person, username: `nobody.like.number${n}` };
      expect((await startReset(pair, address)).status).toBe(202);
    }
    expect(outcome(await startReset(person, address))).toBe('too_many_requests');
  });

  it('a registration is `unavailable`, and completes afterwards with the same ticket', async () => {
    const newcomer = world.someone();
    const body = world.registration(await world.registrationTicket(newcomer.phone), newcomer);
    const complete = () => world.post('/registrations/complete', body);
    const calls = refuseKms(throttled, 'registration');
    const clicks = config.limits.usesPerTicket + 2;
    for (let n = 0; n < clicks; n++) expect(outcome(await complete())).toBe('unavailable');
    expect(calls()).toBe(2 * clicks);
    delete world.cloud.hooks.onCall;
    expect((await complete()).status).toBe(201);
  });

  it('the log names the error, and no line has the ID', async () => {
    const before = world.logged.length;
    refuseKms(throttled);
    await startReset(person);
    refuseKms(new AwsRefusal('DisabledException', 400));
    expect(outcome(await startReset(person))).toBe('unavailable');
    const lines = world.logged.slice(before);
    const levelOf = (error: string) =>
      lines.filter((line) => line.includes(error)).map((line) => /INFO|ERROR/.exec(line)?.[0]);
    expect(levelOf('ThrottlingException')).toContain('INFO');
    // Nobody repairs a disabled key by waiting.
    expect(levelOf('DisabledException')).toContain('ERROR');
    expect(world.logged.join('\n')).not.toContain(person.nationalId);
  });
});

describe('the key', () => {
  it('makes tags for registration, password-reset and session alone, by HMAC-SHA-256 alone', async () => {
    const allowed: string[] = [];
    for (const { name } of world.cloud.functions) {
      const environment = world.cloud.access(name);
      const client = new KMSClient({
        endpoint: environment['AWS_ENDPOINT_URL'] ?? '',
        region: 'me-south-1',
        maxAttempts: 1,
        credentials: {
          accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
          secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
        },
      });
      const input = { KeyId: keyArn(), Message: messageOf(person.nationalId) };
      const tries = {
        GenerateMac: new GenerateMacCommand({ ...input, MacAlgorithm: 'HMAC_SHA_256' }),
        'GenerateMac with SHA-512': new GenerateMacCommand({
          ...input,
          MacAlgorithm: 'HMAC_SHA_512',
        }),
        VerifyMac: new VerifyMacCommand({
          ...input,
          MacAlgorithm: 'HMAC_SHA_256',
          Mac: Buffer.alloc(32),
        }),
      };
      for (const [what, command] of Object.entries(tries)) {
        // The commands have different types, of which `send` takes one.
        const sent = client.send(command as GenerateMacCommand);
        const refusal = await sent.then(
          () => undefined,
          (error: Error) => error.name,
        );
        if (refusal === undefined) allowed.push(`${name}: ${what}`);
        else expect(refusal, `${name}: ${what}`).toBe('AccessDeniedException');
      }
    }
    expect(allowed.toSorted()).toEqual([
      'password-reset: GenerateMac',
      'registration: GenerateMac',
      'session: GenerateMac',
    ]);
  });
});
