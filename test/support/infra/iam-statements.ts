import { functions, resources, type Stage, target } from './synth.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: {
    'ForAllValues:StringLike'?: { 'dynamodb:LeadingKeys': string[] };
    'ForAllValues:StringEquals'?: { 'dynamodb:Attributes': string[] };
    'ForAllValues:StringNotEquals'?: { 'dynamodb:Attributes': string[] };
  };
}

export const roleOf = (role: unknown) => (role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
export const list = <Item>(value: Item | Item[]) => (Array.isArray(value) ? value : [value]);

/** The statements of every policy that is attached to a function's role. */
export const statementsOf = (stage: Stage, name: string): Statement[] =>
  statementsOfRoleId(stage, roleOf(functions(stage.api)[name]?.Properties['Role']));

/** The same for any role of the API stack. */
export function statementsOfRoleId(stage: Stage, role: string): Statement[] {
  const attached = resources(stage.api, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
    (Properties['Roles'] as { Ref: string }[]).some(({ Ref }) => Ref === role),
  );
  return attached.flatMap(
    ([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement,
  );
}

const short: Record<string, string> = {
  'AWS::DynamoDB::GlobalTable.Arn': 'table',
  'AWS::DynamoDB::GlobalTable.StreamArn': 'stream',
  'AWS::SecretsManager::Secret.Ref': 'secret',
  'AWS::Cognito::UserPool.Arn': 'pool',
  'AWS::SQS::Queue.Arn': 'dead letters',
  'AWS::Logs::LogGroup.Arn': 'log',
  'AWS::Events::EventBus.Arn': 'bus',
  'AWS::Lambda::Function.Arn': 'function',
  'AWS::KMS::Key.Arn': 'identity tag key',
};

/**
 * One line per action: `Allow dynamodb:GetItem table account challenge`; limited attributes follow
 * in brackets, and behind `not` those that are ruled out.
 */
export const statementsOfRole = (stage: Stage, name: string): string[] =>
  linesOf(stage, statementsOf(stage, name));

/** The same for any statements. */
export function linesOf(stage: Stage, statements: Statement[]): string[] {
  const lines = statements.flatMap(({ Effect, Action, Resource, Condition }) => {
    // The same right to two resources is one statement in the template.
    const places = list(Resource).map((resource) => placeOf(stage, resource));
    const keys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
    const kinds = keys.map((key) =>
      key === 'account#*.*' ? 'account#newer-level' : key.replace(/[#.]\*$/, ''),
    );
    const attributes = Condition?.['ForAllValues:StringEquals']?.['dynamodb:Attributes'];
    const without = list(
      Condition?.['ForAllValues:StringNotEquals']?.['dynamodb:Attributes'] ?? [],
    );
    const limits = [
      ...kinds,
      ...(attributes ? [`(${attributes.join(' ')})`] : []),
      ...(without.length > 0 ? [`(not ${without.join(' ')})`] : []),
    ];
    return list(Action).flatMap((action) =>
      places.map((place) => [Effect, action, place, ...limits].join(' ')),
    );
  });
  return lines.sort();
}

/** The construct of each key secret, by its purpose. `IdentityTagKeys` contains `TagKeys`, so it comes first. */
const keySecrets = {
  CodeKeys: 'codes',
  ProofKeys: 'proofs',
  SessionKeys: 'sessions',
  IdentityTagKeys: 'identity-tags',
  TagKeys: 'tags',
  PhoneSealKeys: 'phone-seals',
  UsernameSealKeys: 'username-seals',
  SealKeys: 'seals',
};

/** There are many secrets and three queues, told apart by the name of the construct. */
function placeOf(stage: Stage, resource: unknown): string {
  const place = target(stage, resource);
  const text = JSON.stringify(resource);
  const purpose = Object.entries(keySecrets).find(([id]) => text.includes(id))?.[1];
  if (purpose) return purpose;
  if (JSON.stringify(resource).includes('ProviderKeys')) return 'provider secret';
  if (JSON.stringify(resource).includes('SmsReceiptKeys')) return 'receipt secret';
  if (JSON.stringify(resource).includes('EdgeKeys')) return 'edge secret';
  if (JSON.stringify(resource).includes('SmsRetries')) return 'retries';
  if (JSON.stringify(resource).includes('EventsDeadLetters')) return 'event dead letters';
  return short[place] ?? place;
}
