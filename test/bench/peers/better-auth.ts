/**
 * better-auth with its phone-number and username plugins on SQLite, with its rate limit off, in a process of its own. Sends
 * its address. The codes that it would send by SMS are at GET /codes.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const load = (name: string) => import(pathToFileURL(require.resolve(name)).href);
// The package has its own types only where it is installed, which is not where the project is type-checked.
const { betterAuth } = await load('better-auth');
const { phoneNumber, username } = await load('better-auth/plugins');
const { getMigrations } = await load('better-auth/db/migration');
const { toNodeHandler } = await load('better-auth/node');

const codes = new Map<string, string>();
const keep = ({ phoneNumber: phone, code }: { phoneNumber: string; code: string }) => {
  codes.set(phone, code);
};
const options = {
  database: openDatabase(),
  secret: 'a secret of the benchmark, 40 letters long',
  baseURL: 'http://127.0.0.1',
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
  emailAndPassword: { enabled: true },
  plugins: [
    username(),
    phoneNumber({
      sendOTP: keep,
      sendPasswordResetOTP: keep,
      signUpOnVerification: { getTempEmail: (phone: string) => `${phone.slice(1)}@example.org` },
    }),
  ],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();

const answer = toNodeHandler(betterAuth(options));
const server = createServer((request, response) => {
  if (request.url !== '/codes') return answer(request, response);
  response.end(JSON.stringify(Object.fromEntries(codes)));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
process.once('disconnect', () => process.exit());

/** A file with a write-ahead log: SQLite's setting for a server. */
function openDatabase(): DatabaseSync {
  const database = new DatabaseSync(process.env['BENCH_DATABASE'] ?? ':memory:');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  return database;
}
