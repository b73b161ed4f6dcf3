import * as z from 'zod';
import { GatewayFault } from './gateway-fault.ts';
import { type Resources, read } from './gateway-resources.ts';
import type { Route } from './gateway-routes.ts';

const settingsSchema = z.object({
  HttpMethod: z.string(),
  ResourcePath: z.string(),
  ThrottlingRateLimit: z.number().optional(),
  ThrottlingBurstLimit: z.number().optional(),
});
const stageSchema = z.object({ MethodSettings: z.array(settingsSchema).default([]) });

type Settings = z.output<typeof settingsSchema>;

/**
 * Throttles methods as the settings of the template's stage say. AWS calls its own throttling best effort; here it is
 * exact. Methods without settings of their own share those of the stage.
 * @param now epoch milliseconds
 * @returns a function that takes one request of a route; it throws GatewayFault THROTTLED where there is no room
 */
export function createThrottle(resources: Resources, now: () => number) {
  const [stage] = read(resources, 'AWS::ApiGateway::Stage', stageSchema);
  const buckets = new Map(
    (stage?.properties.MethodSettings ?? []).map((settings) => [
      keyOf(settings.HttpMethod, settings.ResourcePath),
      createBucket(settings, now),
    ]),
  );
  return ({ httpMethod, resourcePath }: Route): void => {
    const own = keyOf(httpMethod, `/${resourcePath.replaceAll('/', '~1')}`);
    const bucket = buckets.get(own) ?? buckets.get(keyOf('*', '/*'));
    if (bucket && !bucket.take()) throw new GatewayFault('THROTTLED');
  };
}

const keyOf = (method: string, path: string) => `${method} ${path}`;

/** A token bucket: it holds a burst, and gets back its rate every second. */
function createBucket(settings: Settings, now: () => number) {
  const rate = settings.ThrottlingRateLimit ?? Number.POSITIVE_INFINITY;
  const size = settings.ThrottlingBurstLimit ?? Number.POSITIVE_INFINITY;
  let tokens = size;
  let filledAt = now();
  return {
    take(): boolean {
      // Tests may turn the clock back.
      const seconds = Math.max(0, now() - filledAt) / 1000;
      filledAt = now();
      tokens = Math.min(size, tokens + seconds * rate);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
