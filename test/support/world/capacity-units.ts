import { type AttributeValue, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Answer } from '../../../local/aws/aws-answers.ts';
import type { AwsCall } from '../../../local/aws/aws-endpoint.ts';
import type { Cloud } from '../../../local/cloud.ts';

/*
 * The request units of on-demand DynamoDB, by AWS's rules ("Read and write operations" and "Item sizes and formats" in its
 * developer guide). DynamoDB Local reports units too. Those of single calls agree with the rules; those of transactions
 * don't, and a call whose condition fails reports none.
 */

type Item = Readonly<Record<string, AttributeValue>>;

export interface Units {
  readonly reads: number;
  readonly writes: number;
}

const [readBytes, writeBytes] = [4096, 1024];

/** What a call does to one item. */
interface Access {
  readonly key: Item;
  /** Bytes of the item that a Put writes, whether it succeeds or not. */
  readonly putBytes: number;
}

/** The parts of a request and of its answer that cost units. */
interface Request {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConsistentRead?: boolean;
  readonly TransactItems?: readonly Readonly<Record<string, Request>>[];
}
interface Found {
  readonly Item?: Item;
  readonly Items?: readonly Item[];
}

const reading = new Set(['GetItem', 'Query']);
const writing = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems']);

/** Measures the units of a world's calls from the items before and after each. */
export function capacityUnits(cloud: Cloud) {
  const TableName = Object.values(cloud.tables)[0];
  const client = new DynamoDBClient({
    endpoint: cloud.endpoints.dynamodb,
    region: 'me-south-1',
    credentials: { accessKeyId: cloud.dynamodbAccessKey, secretAccessKey: 'test' },
  });

  async function sizeOf(key: Item): Promise<number> {
    const read = new GetItemCommand({ TableName, Key: { ...key }, ConsistentRead: true });
    return bytesOf((await client.send(read)).Item ?? {});
  }

  /**
   * Begins to measure a call.
   * @returns a function that measures the rest once the call was answered
   * @throws Error for an operation of DynamoDB whose units are not known here
   */
  return async function measure({ service, operation, request }: AwsCall) {
    const none = async (): Promise<Units> => ({ reads: 0, writes: 0 });
    if (service !== 'dynamodb') return none;
    const asked = request as Request;
    if (reading.has(operation)) {
      return async ({ body }: Answer): Promise<Units> => ({
        reads: unitsOfRead(asked, JSON.parse(String(body))),
        writes: 0,
      });
    }
    if (!writing.has(operation)) throw new Error(`The units of ${operation} are not known here`);
    const accesses = accessesOf(asked);
    const before = await Promise.all(accesses.map(({ key }) => sizeOf(key)));
    return async (_answer: Answer): Promise<Units> => {
      const after = await Promise.all(accesses.map(({ key }) => sizeOf(key)));
      const units = accesses.map(({ putBytes }, index) =>
        unitsOf(Math.max(putBytes, before[index] ?? 0, after[index] ?? 0), writeBytes),
      );
      const factor = operation === 'TransactWriteItems' ? 2 : 1;
      return { reads: 0, writes: factor * units.reduce((sum, one) => sum + one, 0) };
    };
  };
}

/** A transaction's condition checks cost what its writes do. */
function accessesOf(request: Request): Access[] {
  const { TransactItems = [{ one: request }] } = request;
  return TransactItems.flatMap((each) => Object.values(each)).map(({ Key, Item }) => ({
    key: Key ?? keyIn(Item),
    putBytes: Item ? bytesOf(Item) : 0,
  }));
}

function keyIn({ pk, sk }: Item = {}): Item {
  if (!pk || !sk) throw new Error('A write without a key');
  return { pk, sk };
}

/** A query is rounded up once, for all the items that it reads. */
function unitsOfRead({ ConsistentRead }: Request, { Item, Items = [] }: Found): number {
  const bytes = [...(Item ? [Item] : []), ...Items].reduce((sum, one) => sum + bytesOf(one), 0);
  return unitsOf(bytes, readBytes) * (ConsistentRead ? 1 : 0.5);
}

/** Also an item that does not exist costs one unit. */
const unitsOf = (bytes: number, unit: number): number => Math.max(1, Math.ceil(bytes / unit));

/** The size of an item: the bytes of its attributes' names and values. */
export const bytesOf = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOfValue(value),
    0,
  );

function bytesOfValue({ S, N, BOOL, SS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return bytesOfNumber(N);
  if (BOOL !== undefined) return 1;
  if (SS) return SS.reduce((sum, one) => sum + Buffer.byteLength(one), 0);
  if (L) return 3 + L.reduce((sum, one) => sum + 1 + bytesOfValue(one), 0);
  if (M) return 3 + Object.keys(M).length + bytesOf(M);
  throw new Error('Hawiya stores no attribute of this type');
}

/** About one byte for two significant digits, and one more. */
function bytesOfNumber(text: string): number {
  const digits = text.replace(/^-|\.|e.*$/gi, '').replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}
