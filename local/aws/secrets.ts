import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Templates } from '../template/template.ts';

export interface StoredSecret {
  readonly versionId: string;
  readonly value: string;
}

/** The secrets that the templates declare, by ARN. */
export interface Secrets {
  readonly arns: string[];
  /** The current version; undefined if no template declares the ARN. */
  get(arn: string): StoredSecret | undefined;
  /** Stores a new version, as a rotation does. */
  put(arn: string, value: string): void;
}

interface Generation {
  SecretStringTemplate?: string;
  GenerateStringKey?: string;
  PasswordLength?: number;
  ExcludeCharacters?: string;
  ExcludeLowercase?: boolean;
  ExcludeUppercase?: boolean;
  ExcludeNumbers?: boolean;
  ExcludePunctuation?: boolean;
  IncludeSpace?: boolean;
  RequireEachIncludedType?: boolean;
}

/**
 * Creates the secrets that the templates declare.
 * @param directory keeps them between runs, so that data sealed with them stays readable
 */
export function openSecrets(templates: Templates, directory: string): Secrets {
  const file = join(directory, 'secrets.json');
  const stored = read(file);
  const declared = templates.resources('AWS::SecretsManager::Secret');
  for (const { physicalId, properties } of declared)
    stored[physicalId] ??= version(initialValue(properties));
  const save = () => writeFileSync(file, JSON.stringify(stored), { mode: 0o600 });
  mkdirSync(directory, { recursive: true });
  save();
  return {
    arns: declared.map(({ physicalId }) => physicalId),
    get: (arn) => stored[arn],
    put(arn, value) {
      stored[arn] = version(value);
      save();
    },
  };
}

/**
 * Generates what `GenerateSecretString` describes.
 * @returns the password, or the template with the password filled in
 */
export function generateSecret(options: Generation): string {
  const password = generatePassword(options);
  const { SecretStringTemplate, GenerateStringKey } = options;
  if (!SecretStringTemplate || !GenerateStringKey) return password;
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: password });
}

function initialValue({ SecretString, GenerateSecretString }: Record<string, unknown>): string {
  return typeof SecretString === 'string'
    ? SecretString
    : generateSecret((GenerateSecretString ?? {}) as Generation);
}

function generatePassword({ PasswordLength = 32, ...options }: Generation): string {
  const types = characterTypes(options);
  const drawn = () =>
    Array.from({ length: PasswordLength }, () => pick([...types.join('')])).join('');
  const complete = (text: string) =>
    types.every((type) => [...type].some((character) => text.includes(character)));
  let password = drawn();
  // Draw a whole new password: all passwords that have every type then stay equally likely.
  while (options.RequireEachIncludedType !== false && !complete(password)) password = drawn();
  return password;
}

function characterTypes(options: Generation): string[] {
  const types = [
    options.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    options.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    options.ExcludeNumbers ? '' : '0123456789',
    options.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    options.IncludeSpace ? ' ' : '',
  ];
  const excluded = options.ExcludeCharacters ?? '';
  return types
    .map((type) => [...type].filter((character) => !excluded.includes(character)).join(''))
    .filter(Boolean);
}

function pick(characters: string[]): string {
  return characters[randomInt(characters.length)] ?? '';
}

function version(value: string): StoredSecret {
  return { versionId: randomUUID(), value };
}

function read(file: string): Record<string, StoredSecret> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, StoredSecret>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
