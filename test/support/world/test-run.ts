import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { TestProject, Vitest } from 'vitest/node';
import { startDynamoDb } from '../../../local/dynamodb/dynamodb.ts';
import { openHttpClient } from '../../../local/http-client.ts';
import { createShutdown } from '../../../local/shutdown.ts';
import { synthesise } from '../../../local/template/synth.ts';
import type { Template } from '../../../local/template/template.ts';

/** What the local clouds of a run share. */
export interface TestRun {
  /** Takes a stage config, answers its templates. */
  readonly templates: string;
  /** Address of the DynamoDB Local in which each world has a database of its own. */
  readonly dynamodb: string;
  /** Directory of the compiled code of the clouds' functions. */
  readonly codeCache: string;
  /** File of what the worlds have reached of the contract, a `Reached` a line. */
  readonly reached: string;
  /** Whether no test file that opens a world was left out. */
  readonly whole: boolean;
}

declare module 'vitest' {
  interface ProvidedContext {
    testRun: TestRun | undefined;
  }
}

/**
 * Starts what takes a local cloud the most time once for all clouds of a run: syntheses and DynamoDB Local. Each cloud has
 * its own database there. For each description of a stream, DynamoDB Local reads all stream records of a database.
 */
export default async function setup({ vitest }: TestProject) {
  // Every project with local clouds names this file.
  if (vitest.getProvidedContext().testRun) return undefined;
  const shutdown = createShutdown();
  const directory = await mkdtemp(join(tmpdir(), 'hawiya-test-'));
  shutdown.add(() => rm(directory, { recursive: true, force: true }));
  try {
    const templates = await shutdown.addStarted(serveTemplates(join(directory, 'synthesised')));
    const http = openHttpClient();
    shutdown.add(() => http.close());
    const dynamodb = await shutdown.addStarted(startDynamoDb(http, { databases: 'by access key' }));
    const reached = join(directory, 'reached.jsonl');
    const whole = await isWhole(vitest);
    vitest.provide('testRun', {
      templates: templates.url,
      dynamodb: dynamodb.endpoint,
      codeCache: join(directory, 'code'),
      reached,
      whole,
    });
    return shutdown.run;
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

/** Whether everything that opens a world runs: no filter by project, file, test, shard or change. */
async function isWhole({ projects, state, config }: Vitest): Promise<boolean> {
  if (config.project.length > 0 || config.testNamePattern !== undefined) return false;
  const withWorlds = projects.filter((project) =>
    project.config.globalSetup.includes(fileURLToPath(import.meta.url)),
  );
  const files = await Promise.all(withWorlds.map((project) => project.globTestFiles()));
  const running = new Set(state.getPaths());
  return files.flatMap(({ testFiles }) => testFiles).every((file) => running.has(file));
}

/** Synthesises a stage when it is first asked for: two workers that ask at once get the same. */
async function serveTemplates(directory: string) {
  const stages = new Map<string, Promise<Template[]>>();
  function templatesOf(config: string): Promise<Template[]> {
    const name = createHash('sha256').update(config).digest('hex');
    const made = stages.get(name) ?? synthesise(JSON.parse(config), join(directory, name));
    stages.set(name, made);
    return made;
  }
  const server = createServer(async (request, response) => {
    try {
      response.end(JSON.stringify(await templatesOf(await text(request))));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      await Promise.allSettled(stages.values());
      server.close();
      server.closeAllConnections();
    },
  };
}
