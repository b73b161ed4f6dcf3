import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageConfig } from '../lib/config/stage-config.ts';
import { local } from '../lib/config/stages/local.ts';
import { type Hooks, startAwsEndpoint } from './aws/aws-endpoint.ts';
import { openBackends, type Sms } from './aws/aws-services.ts';
import { issueCredentials } from './aws/credentials.ts';
import { type KmsKeys, openKmsKeys } from './aws/kms.ts';
import { openSecrets, type Secrets } from './aws/secrets.ts';
import { createClock, type LocalClock } from './clock.ts';
import { type LocalCognito, startCognito } from './cognito/cognito.ts';
import { type DeployedPool, deployUserPool } from './cognito/user-pool.ts';
import { type LocalDynamoDb, openDatabase, startDynamoDb } from './dynamodb/dynamodb.ts';
import { createTables, tableNames } from './dynamodb/tables.ts';
import { openCheckpoints } from './event-sources/checkpoints.ts';
import { readEventSources, startEventSources } from './event-sources/event-sources.ts';
import { type EventBuses, openEventBuses } from './events/event-buses.ts';
import {
  type FunctionDefinition,
  functionDefinitions,
  type LogEntry,
} from './functions/function-definition.ts';
import { type Functions, startFunctions } from './functions/functions.ts';
import { type HttpClient, openHttpClient } from './http-client.ts';
import type { DeadLetterQueue } from './queues/dead-letters.ts';
import type { Queue } from './queues/queue.ts';
import { openQueues } from './queues/queues.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';
import { synthesise } from './template/synth.ts';
import { openTemplates, type Template, type Templates } from './template/template.ts';

export interface CloudOptions {
  /** The `local` stage by default. */
  config?: StageConfig;
  /** Runs these templates instead of the app's, in tests of the local cloud itself. */
  templates?: Template[];
  /** Keeps tables, users, secrets, KMS keys and queues between runs. Without it, they are lost at `stop`. */
  dataDir?: string;
  /** Address of a DynamoDB Local with one database per access key. The cloud opens its own there, or starts one. */
  dynamodb?: string;
  /** The clock of functions, Cognito and stream records. DynamoDB always uses real time. */
  clock?: LocalClock;
  /** Read at every call, because tests change its members while the cloud runs. */
  hooks?: Hooks;
  /** Gets every SMS. A rejection acts as a failing SMS provider. */
  onSms?: (sms: Sms) => void | Promise<void>;
  /**
   * Gets the lines that functions write, their refused calls, and the cloud's own reports
   * (`cloud`).
   */
  onLog?: (entry: LogEntry) => void;
  /** Directory of the functions' compiled code, which several clouds may share. A temporary one by default. */
  codeCache?: string;
  /** Directory of the cloud assembly, a temporary one by default. */
  outdir?: string;
  /** Bundles the functions instead of the synthesis. @returns the directory of each one's `index.mjs` */
  bundle?: (functionNames: string[]) => Promise<(functionName: string) => string>;
}

/** AWS, as far as Hawiya uses it, on this machine. */
export interface Cloud extends Pick<Functions, 'invoke' | 'kill' | 'restart'>, DeployedPool {
  readonly templates: Templates;
  /** The resources of a type, with references resolved. */
  readonly resources: Templates['resources'];
  readonly functions: readonly FunctionDefinition[];
  /** Table names by the construct's id. */
  readonly tables: Record<string, string>;
  readonly secrets: Secrets;
  readonly kmsKeys: KmsKeys;
  readonly deadLetters: readonly DeadLetterQueue[];
  readonly queues: readonly Queue[];
  /** Every bus with its newest events. */
  readonly buses: EventBuses;
  readonly cognito: LocalCognito;
  /** DynamoDB Local and Cognito without IAM checks. `aws` is the endpoint that functions call. */
  readonly endpoints: { readonly dynamodb: string; readonly cognito: string; readonly aws: string };
  /** Opens the sandboxes of all functions: no request then waits for a cold start. */
  functionsReady(): Promise<void>;
  /** The access key of its database: others may be at the same endpoint. */
  readonly dynamodbAccessKey: string;
  /** The endpoint and the credentials that a function has in its environment. */
  access(functionName: string): Record<string, string>;
  readonly hooks: Hooks;
  /** Stops the whole cloud: no process, worker, timer or socket remains. */
  stop(): Promise<void>;
}

/** The options with their defaults, and the tools that every part needs. */
interface Setting {
  readonly options: CloudOptions;
  readonly hooks: Hooks;
  readonly dataDir: string;
  readonly outdir: string;
  readonly codeCache: string;
  readonly http: HttpClient;
  readonly shutdown: Shutdown;
  readonly clock: LocalClock;
  log(line: string, functionName?: string): void;
}

/**
 * Synthesises the app and runs what its templates declare.
 * @throws Error if the app does not synthesise, if Java is missing, or if the templates use a
 *   feature that is not supported
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const shutdown = createShutdown();
  try {
    const setting = await prepare(options, shutdown);
    const { dynamodb, cognito, synthesised } = await startServices(setting);
    const deployed = await deploy(synthesised, dynamodb, cognito, setting);
    const running = await run(deployed, setting);
    return { ...publicPart(deployed), ...running, hooks: setting.hooks, stop: shutdown.run };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function prepare(options: CloudOptions, shutdown: Shutdown): Promise<Setting> {
  const { clock = createClock(), onLog = () => {}, hooks = {} } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'hawiya-'));
  shutdown.add(() => rm(scratch, { recursive: true, force: true }));
  const http = openHttpClient();
  shutdown.add(() => http.close());
  return {
    options,
    hooks,
    dataDir: options.dataDir ?? scratch,
    outdir: options.outdir ?? join(scratch, 'cdk'),
    codeCache: options.codeCache ?? join(scratch, 'code'),
    http,
    shutdown,
    clock,
    log: (line, functionName = 'cloud') => onLog({ functionName, line }),
  };
}

/** Starts DynamoDB and Cognito while the app is synthesised. The first failure ends the others. */
async function startServices({ options, dataDir, outdir, http, shutdown, clock, log }: Setting) {
  const { config = local, templates, bundle } = options;
  const { now } = clock;
  const failed = new AbortController();
  const tables = options.dataDir && join(dataDir, 'dynamodb');
  const starting = [
    options.dynamodb === undefined
      ? shutdown.addStarted(startDynamoDb(http, { directory: tables }))
      : openDatabase(http, options.dynamodb),
    shutdown.addStarted(startCognito({ dataDirectory: join(dataDir, 'cognito'), now, log })),
    templates ?? synthesise(config, outdir, { signal: failed.signal, bundled: !bundle }),
  ] as const;
  try {
    const [dynamodb, cognito, synthesised] = await Promise.all(starting);
    return { dynamodb, cognito, synthesised };
  } catch (error) {
    failed.abort();
    // A service that starts after the failure must be stopped too.
    await Promise.allSettled(starting);
    throw error;
  }
}

type Deployed = Awaited<ReturnType<typeof deploy>>;

/** Creates the declared resources. Nothing runs yet. */
async function deploy(
  synthesised: Template[],
  dynamodb: LocalDynamoDb,
  cognito: LocalCognito,
  { dataDir, options, clock, log }: Setting,
) {
  const templates = openTemplates(synthesised);
  const [tables, pool] = await Promise.all([
    createTables(templates, dynamodb.call),
    deployUserPool(templates, cognito),
  ]);
  const definitions = await bundled(functionDefinitions(templates), options);
  const credentials = issueCredentials(templates, definitions);
  const { principalOf } = credentials;
  const queueing = openQueues(templates, { directory: options.dataDir, now: clock.now });
  const declared = { tables, definitions, principalOf, ...queueing };
  return {
    templates,
    dynamodb,
    cognito,
    pool,
    tables,
    definitions,
    credentials,
    ...queueing,
    secrets: openSecrets(templates, dataDir),
    kmsKeys: openKmsKeys(templates, dataDir),
    buses: openEventBuses(templates, { now: clock.now, log }),
    sources: readEventSources(templates, declared),
  };
}

async function bundled(definitions: FunctionDefinition[], { bundle }: CloudOptions) {
  if (!bundle) return definitions;
  const directoryOf = await bundle(definitions.map(({ name }) => name));
  return definitions.map((each) => ({ ...each, directory: directoryOf(each.name) }));
}

/** Opens the AWS endpoint, starts the functions, and starts the pollers of streams and queues. */
async function run(deployed: Deployed, setting: Setting) {
  const { dynamodb, cognito, tables, definitions, credentials } = deployed;
  const { secrets, kmsKeys, queues, buses } = deployed;
  const { options, hooks, http, shutdown, clock, log, codeCache } = setting;
  const { onSms = () => {}, onLog = () => {} } = options;
  const endpoints = { dynamodb: dynamodb.endpoint, cognito: cognito.endpoint };

  let functions: Functions | undefined;
  let sources: ReturnType<typeof startEventSources> | undefined;
  const aws = await startAwsEndpoint({
    callerOf: credentials.callerOf,
    backends: openBackends({
      http,
      dynamodb,
      cognito: cognito.endpoint,
      secrets,
      kmsKeys,
      queues,
      buses,
      onSms,
    }),
    // The endpoint starts before the functions that call it, and before the readers of what they write.
    sandbox: (name) => functions?.sandbox(name) ?? 0,
    tables,
    onWrite: () => sources?.look(),
    hooks,
    now: clock.now,
    log,
  });
  shutdown.add(aws.stop);

  const access = (name: string) => ({
    AWS_ENDPOINT_URL: `${aws.url}/${name}`,
    ...credentials.environment(name),
  });
  const started = startFunctions(definitions, {
    access,
    onLog,
    codeCache,
    clockOffset: clock.offset,
  });
  functions = started;
  shutdown.add(started.stop);

  connectTokenTrigger(deployed, started);

  const checkpoints = openCheckpoints(options.dataDir);
  const needed = { functions, checkpoints, call: dynamodb.call, now: clock.now, log };
  const reading = startEventSources(deployed.sources, needed);
  sources = reading;
  // Stop both at once: a source waits for its invocations, which may run for half a minute.
  shutdown.add(() => Promise.all([reading.stop(), started.stop()]));

  const { invoke, kill, restart } = started;
  return {
    invoke,
    kill,
    restart,
    functionsReady: started.open,
    access,
    dynamodbAccessKey: dynamodb.accessKeyId,
    endpoints: { ...endpoints, aws: aws.url },
  };
}

/** The local Cognito starts before the functions, and invokes one of them. */
function connectTokenTrigger({ cognito, definitions, pool }: Deployed, { invoke }: Functions) {
  const { tokenTriggerArn } = pool;
  if (tokenTriggerArn === undefined) return;
  const trigger = definitions.find(({ arn }) => arn === tokenTriggerArn);
  if (!trigger) throw new Error(`There is no function ${tokenTriggerArn}`);
  cognito.connectTokenTrigger((event) => invoke(trigger.name, event));
}

function publicPart({ templates, definitions, tables, pool, ...others }: Deployed) {
  const { secrets, kmsKeys, deadLetters, queues, buses, cognito } = others;
  return {
    templates,
    secrets,
    kmsKeys,
    deadLetters,
    queues,
    buses,
    cognito,
    resources: templates.resources,
    functions: definitions,
    tables: tableNames(tables),
    ...pool,
  };
}
