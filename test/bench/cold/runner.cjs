// One cold start: loads a bundle as Lambda's runtime does, and invokes it once. Writes what it took to descriptor 3.
const { pathToFileURL } = require('node:url');
const { readFileSync, writeSync } = require('node:fs');

// Lambda's runtime client has loaded these before the function's code.
require('node:http');
require('node:crypto');

const [bundle, eventPath] = process.argv.slice(2);
const event = JSON.parse(readFileSync(eventPath, 'utf8'));
const url = pathToFileURL(bundle).href;
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 };

run();

async function run() {
  const start = now();
  const { handler } = await import(url);
  const loaded = now();
  const answer = await handler(event, context);
  const answered = now();
  writeSync(
    3,
    JSON.stringify({
      start,
      loaded,
      answered,
      status: answer?.statusCode,
      failed: answer?.batchItemFailures,
    }),
  );
  process.exit();
}

/** Milliseconds of wall time and of CPU. */
function now() {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}
