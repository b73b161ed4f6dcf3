import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { HttpClient } from '../../../local/http-client.ts';

const counted =
  /^DynamoDB_20120810\.(GetItem|PutItem|UpdateItem|DeleteItem|Query|Transact\w+|Batch\w+)$/;

/** Asks DynamoDB Local for the capacity units of each call, which the functions do not ask for. */
export async function openCapacityProxy(http: HttpClient, dynamodb: string) {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const target = String(headers['x-amz-target']);
    const asked = counted.test(target) ? withCapacity(body) : body;
    const answer = await http.post(dynamodb, headers, asked);
    const { 'transfer-encoding': _encoding, connection: _connection, ...kept } = answer.headers;
    response.writeHead(answer.status, kept).end(answer.body);
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const withCapacity = (body: string): string =>
  JSON.stringify({ ...JSON.parse(body), ReturnConsumedCapacity: 'TOTAL' });

interface Consumed {
  readonly CapacityUnits?: number;
}

export interface Units {
  readonly read: number;
  readonly write: number;
}

/**
 * The capacity units in an answer of DynamoDB.
 * @param body parsed; an error has none
 */
export function unitsOf(
  operation: string,
  status: number,
  { ConsumedCapacity = [] }: { ConsumedCapacity?: Consumed | Consumed[] },
): Units {
  const reads = /Get|Query/.test(operation);
  // A write whose condition fails uses the units of the item that it looked at, and its answer tells none.
  if (status !== 200)
    return { read: 0, write: /^(Put|Update|Delete)Item$/.test(operation) ? 1 : 0 };
  const all = [ConsumedCapacity].flat();
  const units = all.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  return reads ? { read: units, write: 0 } : { read: 0, write: units };
}
