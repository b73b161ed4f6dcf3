import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShutdown, type Shutdown } from '../../../local/shutdown.ts';
import { betterAuthFlows, emptyFlows, limitFlows } from '../peers/flows.ts';
import { installPeers } from '../peers/install.ts';
import { median, quantile, spreadOf } from '../report/statistics.ts';
import type { Cell, Table } from '../report/table.ts';
import { openClient, type Send } from './client.ts';
import { closedLoop, type Round } from './closed-loop.ts';
import type { Flows } from './flows.ts';
import { hawiyaFlows, openCodes } from './hawiya-flows.ts';
import { startServer } from './server-process.ts';

const atOnce = 8;
const rounds = 5;
/** Requests of a flow and round. */
const requests = 120;
/** People with an account. */
const accounts = 20;

interface Peer {
  readonly name: string;
  readonly flows: Flows;
  readonly measured: Map<string, Round[]>;
}

/** Requests a second and latencies of Hawiya on the local cloud and of its peers, interleaved in one run. */
export async function measureThroughput(): Promise<Table[]> {
  const shutdown = createShutdown();
  try {
    const peers = await startPeers(shutdown);
    for (const { flows } of peers) await flows.prepare(accounts);
    // The first round warms up, and is not counted.
    for (let round = -1; round < rounds; round += 1) {
      for (const peer of round % 2 ? peers : peers.toReversed()) await runRound(peer, round >= 0);
    }
    return [tableOf(peers)];
  } finally {
    await shutdown.run();
  }
}

async function startPeers(shutdown: Shutdown): Promise<Peer[]> {
  const peer = (name: string, flows: Flows): Peer => ({ name, flows, measured: new Map() });
  const server = async (path: string, environment = {}) => {
    const entry = new URL(path, import.meta.url);
    const { url } = await shutdown.addStarted(startServer(entry, environment));
    return (prefix = ''): Send => {
      const client = openClient(url + prefix);
      shutdown.add(() => client.close());
      return client.send;
    };
  };
  const hawiya = await server('./hawiya-server.ts');
  const limit = await server('../peers/limit.ts');
  const peers = [
    peer('Hawiya', hawiyaFlows(hawiya('/v1'), openCodes(hawiya()))),
    peer('empty handler', emptyFlows(limit())),
    peer('minimum in memory', limitFlows(limit(), '/memory')),
    peer('minimum on DynamoDB Local', limitFlows(limit(), '/table')),
  ];
  if (!installPeers()) return peers;
  const directory = await mkdtemp(join(tmpdir(), 'hawiya-peer-'));
  shutdown.add(() => rm(directory, { recursive: true, force: true }));
  const database = { BENCH_DATABASE: join(directory, 'better-auth.sqlite') };
  const betterAuth = await server('../peers/better-auth.ts', database);
  return [...peers, peer('better-auth', betterAuthFlows(betterAuth()))];
}

async function runRound({ flows, measured }: Peer, counted: boolean): Promise<void> {
  for (const { name, items, request } of flows.flows) {
    const round = await closedLoop(await items(requests), atOnce, request);
    if (counted) measured.set(name, [...(measured.get(name) ?? []), round]);
  }
}

function tableOf(peers: readonly Peer[]): Table {
  const [hawiya] = peers;
  const rows = peers.flatMap(({ name, measured }) =>
    [...measured].map(([flow, found]): Cell[] => {
      const perSecond = spreadOf(found.map((round) => round.perSecond));
      const latencies = found.flatMap((round) => round.latencies);
      const ours = hawiya?.measured.get(flow)?.map((round) => round.perSecond) ?? [];
      return [
        flow,
        name,
        perSecond,
        quantile(latencies, 0.5),
        quantile(latencies, 0.99),
        median(ours) / perSecond.median,
      ];
    }),
  );
  const order = [...(hawiya?.measured.keys() ?? [])];
  return {
    title: 'Throughput',
    columns: [
      { name: 'flow' },
      { name: 'server' },
      { name: 'requests a second', digits: 0 },
      { name: 'p50 ms', digits: 1 },
      { name: 'p99 ms', digits: 1 },
      { name: 'Hawiya to it', digits: 2 },
    ],
    rows: rows.toSorted((a, b) => order.indexOf(String(a[0])) - order.indexOf(String(b[0]))),
    notes: [
      `${atOnce} requests at once, medians of ${rounds} rounds of ${requests}; client, servers and DynamoDB Local share the machine. better-auth: its log-in hashes the password itself, its rate limit is off, SQLite in a file with a write-ahead log. Hawiya's log-in asks the local Cognito.`,
    ],
  };
}
