import type { JsonCall } from '../http-client.ts';
import { arn, region } from '../template/physical-ids.ts';
import type { Resource, Templates } from '../template/template.ts';

export interface Table {
  /** The construct's id, such as `Table`. */
  readonly id: string;
  readonly tableName: string;
  readonly arn: string;
  /** The ARN on AWS. DynamoDB Local's own is `localStreamArn`. */
  readonly streamArn?: string;
  readonly localStreamArn?: string;
  /** Attribute names of the partition keys: of the table, and of each index by its name. */
  readonly partitionKey: string;
  readonly indexPartitionKeys: Readonly<Record<string, string>>;
}

interface KeyElement {
  AttributeName: string;
  KeyType: 'HASH' | 'RANGE';
}

interface Index {
  IndexName: string;
  KeySchema: KeyElement[];
  Projection: object;
}

interface TableProperties {
  AttributeDefinitions: object[];
  KeySchema: KeyElement[];
  GlobalSecondaryIndexes?: Index[];
  LocalSecondaryIndexes?: Index[];
  StreamSpecification?: { StreamViewType: string };
  TimeToLiveSpecification?: { AttributeName?: string; Enabled: boolean };
}

interface Description {
  KeySchema: KeyElement[];
  GlobalSecondaryIndexes?: Index[];
  LatestStreamArn?: string;
}

const types = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'];
const api = 'DynamoDB_20120810';

/**
 * Creates the tables that the templates declare, and tells the templates their names. Tables of an
 * earlier run are kept.
 * @throws Error if the keys of a kept table differ from the template's
 */
export async function createTables(templates: Templates, call: JsonCall): Promise<Table[]> {
  const declared = types.flatMap((type) => templates.resources(type));
  return Promise.all(
    declared.map(async (resource) => {
      const table = await createTable(resource, call);
      const { tableName, arn: Arn, streamArn } = table;
      const attributes = { Arn, ...(streamArn && { StreamArn: streamArn }) };
      templates.identify(resource, { ref: tableName, attributes });
      return table;
    }),
  );
}

/** Table names by the construct's id. */
export function tableNames(tables: Table[]): Record<string, string> {
  return Object.fromEntries(tables.map(({ id, tableName }) => [id, tableName]));
}

async function createTable(resource: Resource, call: JsonCall): Promise<Table> {
  const properties = resource.properties as unknown as TableProperties;
  const tableName = resource.path.replaceAll('/', '-');
  if (!(await exists(tableName, call))) await create(tableName, properties, call);
  const description = await describe(tableName, call);
  if (keysOf(description) !== keysOf(properties)) {
    throw new Error(`The keys of ${tableName} have changed: start with another data directory`);
  }
  const localStreamArn = description.LatestStreamArn;
  return {
    id: resource.path.slice(resource.path.lastIndexOf('/') + 1),
    tableName,
    arn: arn('dynamodb', `table/${tableName}`),
    ...(localStreamArn && {
      localStreamArn,
      streamArn: localStreamArn.replace(':ddblocal:', `:${region}:`),
    }),
    partitionKey: partitionKeyOf(properties.KeySchema),
    indexPartitionKeys: Object.fromEntries(
      indexes(properties).map((index) => [index.IndexName, partitionKeyOf(index.KeySchema)]),
    ),
  };
}

async function create(tableName: string, properties: TableProperties, call: JsonCall) {
  const { StreamSpecification, TimeToLiveSpecification } = properties;
  await call(`${api}.CreateTable`, {
    TableName: tableName,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map(onlySchema),
    LocalSecondaryIndexes: properties.LocalSecondaryIndexes?.map(onlySchema),
    StreamSpecification: StreamSpecification && {
      StreamEnabled: true,
      StreamViewType: StreamSpecification.StreamViewType,
    },
  });
  if (TimeToLiveSpecification?.Enabled) {
    await call(`${api}.UpdateTimeToLive`, { TableName: tableName, TimeToLiveSpecification });
  }
}

async function describe(TableName: string, call: JsonCall): Promise<Description> {
  return (await call<{ Table: Description }>(`${api}.DescribeTable`, { TableName })).Table;
}

async function exists(tableName: string, call: JsonCall): Promise<boolean> {
  const { TableNames } = await call<{ TableNames: string[] }>(`${api}.ListTables`, {});
  return TableNames.includes(tableName);
}

function keysOf({
  KeySchema,
  GlobalSecondaryIndexes = [],
}: Pick<TableProperties, 'KeySchema' | 'GlobalSecondaryIndexes'>): string {
  const schema = (elements: KeyElement[]) => elements.map((e) => [e.KeyType, e.AttributeName]);
  const byName = (a: Index, b: Index) => a.IndexName.localeCompare(b.IndexName);
  const sorted = GlobalSecondaryIndexes.toSorted(byName);
  return JSON.stringify([
    schema(KeySchema),
    ...sorted.map((index) => [index.IndexName, schema(index.KeySchema)]),
  ]);
}

function indexes({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: TableProperties) {
  return [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes];
}

function onlySchema({ IndexName, KeySchema, Projection }: Index): Index {
  return { IndexName, KeySchema, Projection };
}

function partitionKeyOf(schema: KeyElement[]): string {
  const key = schema.find(({ KeyType }) => KeyType === 'HASH');
  if (key) return key.AttributeName;
  throw new Error('A table or index has no partition key');
}
