import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createKeyring, type KeyPurpose, keyPurposes } from '#core/crypto/keyring.ts';
import { codeKey, sessionKey } from '#core/crypto/keys.ts';
import { materialFrom } from '../../../lambdas/adapters/secrets/keys.ts';
import { keySecrets } from '../../../lib/config/key-secrets.ts';
import { local } from '../../../lib/config/stages/local.ts';
import { rotateKey } from '../../../tools/rotate-key/rotate-key.ts';

const now = Date.parse('2026-11-30T08:00:00Z') / 1000;
const minute = 60;
const day = 86_400;
const first = 'first-material-'.padEnd(64, 'a');

const answerOf = (purpose: KeyPurpose, secret: string) =>
  JSON.stringify({
    ARN: 'arn:aws:secretsmanager:me-south-1:1:secret:x',
    Name: `${keySecrets[purpose][0]}0A1B2C3D-x8Yz`,
    SecretString: secret,
    VersionStages: ['AWSCURRENT'],
  });
const fresh = (purpose: KeyPurpose = 'codes') => answerOf(purpose, JSON.stringify({ 1: first }));

const begin = (input = fresh(), at = now, ...args: string[]) =>
  rotateKey(['begin', ...args], input, at);
const retire = (input: string, at: number, ...args: string[]) =>
  rotateKey(['retire', ...args], input, at);

/** The secret of a purpose after a rotation began. */
const begun = (purpose: KeyPurpose, at = now) =>
  answerOf(purpose, begin(fresh(purpose), at).secret);

describe('npm run rotate-key -- begin', () => {
  it('adds a version that every function reads, and that begins in half an hour', () => {
    const { secret, told } = begin();
    const material = materialFrom(secret);
    expect(material.versions.map(({ version, from }) => [version, from])).toEqual([
      [1, 0],
      [2, now + 30 * minute],
    ]);
    expect(material.versions[0]?.secret).toBe(first);
    expect(material.minimum).toBe(1);
    const at = (instant: number) => createKeyring(material, codeKey, instant).current.version;
    expect([at(now + 30 * minute - 1), at(now + 30 * minute)]).toEqual([1, 2]);
    expect(told.join('\n')).toContain('2026-11-30T08:30:00Z');
  });

  it('draws new material each time, of 48 random bytes', () => {
    const drawn = Array.from(
      { length: 50 },
      () => materialFrom(begin().secret).versions[1]?.secret,
    );
    expect(new Set(drawn).size).toBe(50);
    expect(drawn.every((material) => Buffer.from(material ?? '', 'base64url').length === 48)).toBe(
      true,
    );
  });

  it('begins after the minutes of --in, 20 at least, so that every function knows it in time', () => {
    expect(materialFrom(begin(fresh(), now, '--in', '20').secret).versions[1]?.from).toBe(
      now + 20 * minute,
    );
    for (const minutes of ['19', '0', '-5', '20.5', 'soon', '', '10081']) {
      expect(() => begin(fresh(), now, `--in=${minutes}`)).toThrow('--in takes 20 to 10080');
    }
  });

  it('waits for a version that has not begun', () => {
    const waiting = begun('codes');
    expect(() => begin(waiting, now + minute)).toThrow('begins at 2026-11-30T08:30:00Z. Wait');
    const third = begin(waiting, now + 30 * minute).secret;
    expect(materialFrom(third).versions.map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it('begins at once with --now and says what that costs, also if another version waits', () => {
    const { secret, told } = begin(begun('codes'), now + minute, '--now');
    const ring = createKeyring(materialFrom(secret), codeKey, now + minute);
    expect(ring.current.version).toBe(3);
    expect(ring.version(2, now + 2 * minute)).toBeUndefined();
    expect(told.join('\n')).toContain('restart the functions');
    expect(() => begin(fresh(), now, '--now', '--in', '30')).toThrow('Choose');
  });

  it.each(['phone-seals', 'username-seals', 'seals'] as const)(
    'never begins at once for the %s: functions that do not know it yet would seal accounts that nobody can open',
    (purpose) => {
      expect(() => begin(fresh(purpose), now, '--now')).toThrow('would be\nlost');
      expect(() => begin(fresh(purpose), now, '--in', '20')).not.toThrow();
    },
  );

  it('keeps the minimum and ends at version 255', () => {
    const late = JSON.stringify({
      1: first,
      255: first,
      '255.from': '2026-01-01T00:00:00Z',
      minimum: '255',
    });
    expect(() => begin(answerOf('codes', late))).toThrow('255 is the last');
    const retired = retire(begun('codes'), now + 60 * minute).secret;
    expect(materialFrom(begin(answerOf('codes', retired), now + day).secret).minimum).toBe(2);
  });

  it.each(['tags', 'identity-tags'] as const)(
    'rotates the keys of %s with their lead, one rotation at a time',
    (purpose) => {
      expect(() => begin(fresh(purpose), now, '--now')).toThrow('need their lead');
      expect(materialFrom(begin(fresh(purpose)).secret).versions).toHaveLength(2);
      expect(() => begin(begun(purpose), now + day)).toThrow('rotating already');
      const over = answerOf(purpose, retire(begun(purpose), now + day, '--retagged').secret);
      const third = materialFrom(begin(over, now + 2 * day).secret);
      expect(third.minimum).toBe(2);
      expect(third.versions.map(({ version }) => version)).toEqual([1, 2, 3]);
    },
  );
});

describe('npm run rotate-key -- retire', () => {
  it.each(['codes', 'proofs'] as const)(
    'waits 20 minutes after a new version of the %s began, until their flows are over',
    (purpose) => {
      const [input, over] = [begun(purpose), now + 50 * minute];
      expect(() => retire(input, over - 1)).toThrow('in use until 2026-11-30T08:50:00Z');
      const material = materialFrom(retire(input, over).secret);
      expect(material.minimum).toBe(2);
      expect(material.versions).toHaveLength(2);
    },
  );

  it('waits as long as the longest session or remembered device of the stage', () => {
    const input = begun('sessions');
    const days = Math.max(local.sessions.refreshTokenDays, local.sessions.deviceDays);
    const over = now + 50 * minute + days * day;
    expect(() => retire(input, over)).toThrow('--stage NAME');
    expect(() => retire(input, over, '--stage', 'nowhere')).toThrow('There is no stage');
    expect(() => retire(input, over - 1, '--stage', 'local')).toThrow('Wait until then');
    const ring = createKeyring(
      materialFrom(retire(input, over, '--stage', 'local').secret),
      sessionKey,
      over,
    );
    expect(ring.version(1, 0)).toBeUndefined();
  });

  it('retires before that with --force and says what it costs', () => {
    const { secret, told } = retire(
      begun('sessions'),
      now + 31 * minute,
      '--stage',
      'local',
      '--force',
    );
    expect(materialFrom(secret).minimum).toBe(2);
    expect(told.join('\n')).toContain('log in again, on every device');
  });

  it('has nothing to retire before a new version began, or twice, not even with --force', () => {
    for (const input of [fresh(), begun('codes')]) {
      expect(() => retire(input, now + 29 * minute, '--force')).toThrow('nothing to retire');
    }
    const done = answerOf('codes', retire(begun('codes'), now + day).secret);
    expect(() => retire(done, now + 2 * day)).toThrow('nothing to retire');
  });

  it('says that review numbers get other codes', () => {
    expect(retire(begun('codes'), now + day).told.join()).toContain('npm run review-codes');
    expect(retire(begun('proofs'), now + day).told.join()).not.toContain('review-codes');
  });

  it.each([
    ['phone-seals', 6 * 3600 + 20 * minute],
    ['username-seals', 20 * minute],
    ['seals', 20 * minute],
  ] as const)(
    'retires the %s only after they were sealed anew, and what waits with them is over: %i seconds',
    (purpose, overlap) => {
      const [input, over] = [begun(purpose), now + 30 * minute + overlap];
      expect(() => retire(input, over + 999 * day, '--force')).toThrow('npm run reseal first');
      expect(() => retire(input, over - 1, '--resealed')).toThrow('Wait until then');
      expect(materialFrom(retire(input, over, '--resealed').secret).minimum).toBe(2);
    },
  );

  it.each(['tags', 'identity-tags'] as const)(
    'retires the %s only after all accounts were moved, and keeps the former material',
    (purpose) => {
      const [input, over] = [begun(purpose), now + 60 * minute];
      const early = () => retire(input, over + 999 * day, '--force', '--resealed');
      expect(early).toThrow('npm run retag first');
      expect(() => retire(input, over - 1, '--retagged')).toThrow('Wait until then');
      const { secret, told } = retire(input, over, '--retagged');
      expect(materialFrom(secret).minimum).toBe(2);
      expect(materialFrom(secret).versions[0]?.secret).toBe(first);
      expect(told.join()).toContain('Never delete them');
    },
  );
});

describe('what comes on standard input', () => {
  it.each([
    ['nothing', '', 'Pipe the whole JSON answer'],
    ['the secret alone', JSON.stringify({ 1: first }), 'Pipe the whole JSON answer'],
    [
      'a secret of something else',
      JSON.stringify({ Name: 'EdgeKeys-1', SecretString: '{}', VersionStages: ['AWSCURRENT'] }),
      'is no secret of keys',
    ],
    [
      'an old version',
      JSON.stringify({
        Name: 'CodeKeys1-x',
        SecretString: JSON.stringify({ 1: first }),
        VersionStages: ['AWSPREVIOUS'],
      }),
      'an old version',
    ],
    [
      'a malformed secret',
      answerOf('codes', `{"1":"${first}","2":"short"}`),
      'Put its former version back',
    ],
    [
      'tags whose first version was deleted',
      answerOf(
        'tags',
        JSON.stringify({ 2: first, '2.from': '2026-01-01T00:00:00Z', minimum: '2' }),
      ),
      'no account is found without it',
    ],
    ['a secret that is no JSON', answerOf('codes', first), 'Put its former version back'],
  ])('is refused with what to do, and never quoted: %s', (_what, input, message) => {
    for (const command of ['begin', 'retire']) {
      expect(() => rotateKey([command], input, now)).toThrow(message);
      expect(() => rotateKey([command], input, now)).not.toThrow(first);
    }
  });

  it('tells the purposes apart by the name of the secret', () => {
    const told = keyPurposes.map((purpose) => begin(fresh(purpose)).told[0]);
    expect(told).toEqual(
      keyPurposes.map((purpose) => expect.stringContaining(`keys of ${purpose} `)),
    );
  });

  it.each([
    [[]],
    [['rotate']],
    [['begin', 'retire']],
    [['begin', '--force']],
    [['begin', '--retagged']],
    [['retire', '--now']],
    [['begin', '--loud']],
  ])('is not read with arguments that make no sense: %j', (args) => {
    expect(() => rotateKey(args, fresh(), now)).toThrow();
  });
});

describe('the command', () => {
  async function run(args: string[], input: string) {
    const child = spawn(process.execPath, ['tools/rotate-key/rotate-key.ts', ...args]);
    child.stdin.end(input);
    const closed = once(child, 'close');
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await closed;
    return { out, err, code: child.exitCode };
  }

  it('writes the secret and nothing else to standard output, and no secret to standard error', async () => {
    const { out, err, code } = await run(['begin'], fresh());
    const material = materialFrom(out);
    expect(code).toBe(0);
    expect(err).toContain('Version 2 of the keys of codes begins at');
    for (const { secret } of material.versions) expect(err).not.toContain(secret);
  });

  it('writes nothing to standard output after an error, so that no empty secret is stored', async () => {
    const { out, err, code } = await run(['retire'], fresh());
    expect([out, code]).toEqual(['', 2]);
    expect(err).toContain('nothing to retire');
    expect(err).not.toContain(first);
  });
});
