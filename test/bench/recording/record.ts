import { startDynamoDb } from '../../../local/dynamodb/dynamodb.ts';
import { openHttpClient } from '../../../local/http-client.ts';
import { createShutdown } from '../../../local/shutdown.ts';
import { openWorld } from '../../support/world/world.ts';
import { benchStage } from '../stage.ts';
import { openCapacityProxy } from './capacity-proxy.ts';
import { openRecorder } from './recorder.ts';
import type { Recordings } from './recording.ts';
import { walk } from './walk.ts';

/**
 * Sends each call of the API on a local cloud of the stage, and records its function: the event, the calls to AWS, and
 * their answers. The first walk is for what functions ask for when they start, and the second is kept.
 */
export async function recordAll(): Promise<Recordings> {
  const shutdown = createShutdown();
  try {
    const http = openHttpClient();
    shutdown.add(() => http.close());
    const dynamodb = await shutdown.addStarted(startDynamoDb(http, { databases: 'by access key' }));
    const proxy = await openCapacityProxy(http, dynamodb.endpoint);
    shutdown.add(() => proxy.stop());
    const world = await openWorld({ config: benchStage, dynamodb: proxy.url });
    shutdown.add(() => world.close());
    const recorder = await openRecorder(world);
    shutdown.add(() => recorder.close());
    await walk(world, recorder);
    recorder.recordings.length = 0;
    await walk(world, recorder);
    const environments = world.cloud.functions.map(({ name, environment }) => [name, environment]);
    return {
      recordings: [...recorder.recordings],
      latest: { ...recorder.latest },
      environments: Object.fromEntries(environments),
    };
  } finally {
    await shutdown.run();
  }
}
