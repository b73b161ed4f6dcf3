import { type AttackName, attacks } from './attacks.ts';
import { outcomes } from './outcomes.ts';

const introduction = `# A function in an attacker's hands

For security reviewers: what an attacker gains who runs code inside one function, with its role and its keys. The rights come from the
synthesised roles, and the crosses from attacks: [test/security/taken-over.test.ts](../test/security/taken-over.test.ts) tries each of them
from every function, through the local cloud's IAM. This page is generated (\`npx vitest run test/infra/taken-over.test.ts -u\`).

Three walls stand in each function's way ([decision 30](decisions/0030-proofs-that-one-function-signs.md),
[decision 31](decisions/0031-keys-by-purpose.md), [decision 35](decisions/0035-what-the-stream-tells-and-who-writes-events.md)):

- Only \`verification\` signs the proof that a challenge was answered. Every completion checks it, and no stored field stands for it.
- Each purpose has its own keys, and each flow writes the challenges of its own purposes.
- \`sms-sender\` tells the owner who loses a phone or an account, whatever function wrote that.
`;

/** @param rightsOf the rights of a function, one a line */
export function takeoverDocument(rightsOf: (name: string) => readonly string[]): string {
  const names = Object.keys(outcomes);
  return [
    introduction,
    '## What succeeds\n',
    successTable(names),
    '\n## What remains, and what shows it\n',
    '| function | what remains, and why | what shows it |',
    '| --- | --- | --- |',
    ...names.map((name) => {
      const { remains, shownBy } = outcomes[name] ?? { remains: '', shownBy: '' };
      return `| \`${name}\` | ${remains} | ${shownBy} |`;
    }),
    '\n## Keys and rights\n',
    'The log of each function is left out. `challenge#login` are the challenges of one purpose, `ledger#export` the ledgers of one scope, `account#newer-level` the accounts under tags of level 2 and above.\n',
    "In a stage with `identityTagKeys: 'kms'`, `registration`, `password-reset` and `session` have the right `kms:GenerateMac` on one key instead of the keys `identity-tags`.\n",
    '| function | keys | reads | writes | else |',
    '| --- | --- | --- | --- | --- |',
    ...names.map((name) => rightsRow(name, rightsOf(name))),
    '',
  ].join('\n');
}

function successTable(names: readonly string[]): string {
  const columns = names.map((name) => `\`${name}\``);
  const rows = (Object.keys(attacks) as AttackName[]).map((attack) => {
    const cells = names.map((name) => (outcomes[name]?.succeed.includes(attack) ? '×' : ''));
    return `| ${[attack, ...cells].join(' | ')} |`;
  });
  return [
    `| the attacker can … | ${columns.join(' | ')} |`,
    `| --- |${' :-: |'.repeat(names.length)}`,
    ...rows,
  ].join('\n');
}

const reading = ['GetItem', 'Query'];

function rightsRow(name: string, rights: readonly string[]): string {
  const allowed = rights
    .filter((right) => right.startsWith('Allow ') && !right.startsWith('Allow logs:'))
    .map((right) => right.slice('Allow '.length));
  const keys = allowed
    .filter((right) => right.startsWith('secretsmanager:'))
    .map((right) => right.slice(right.indexOf(' ') + 1));
  const items = allowed.filter(
    (right) => right.startsWith('dynamodb:') && right.includes(' table '),
  );
  const isRead = (right: string) =>
    reading.some((action) => right.startsWith(`dynamodb:${action} `));
  const others = allowed.filter(
    (right) => !right.startsWith('secretsmanager:') && !items.includes(right),
  );
  const cells = [
    keys.join(', '),
    lines(items.filter(isRead).map(itemRight)),
    lines(items.filter((right) => !isRead(right)).map(itemRight)),
    lines(others.map((right) => right.replace(/^dynamodb:/, ''))),
  ];
  return `| \`${name}\` | ${cells.map((cell) => cell || '—').join(' | ')} |`;
}

/** `GetItem: account, session` */
function itemRight(right: string): string {
  const [, action = '', items = '', but, attributes] =
    /^dynamodb:(\w+) table ([^(]*?)(?: \((not )?(.*)\))?$/.exec(right) ?? [];
  const limit = but ? ', all but ' : ', only ';
  const limited = attributes === undefined ? '' : `${limit}${attributes.split(' ').join(', ')}`;
  return `${action}: ${items.split(' ').join(', ')}${limited}`;
}

const lines = (entries: readonly string[]): string => entries.join('<br>');
