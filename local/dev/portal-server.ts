import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const configFile = fileURLToPath(new URL('../../portal/vite.config.ts', import.meta.url));
/** Vite's usual port. */
const FIRST_PORT = 5173;

export interface PortalServer {
  /** Base address without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves the portal from its sources: the page follows every change.
 * @param api base address of the local cloud, which answers everything but the portal
 */
export async function startPortalServer(api: string): Promise<PortalServer> {
  // portal/vite.config.ts reads it.
  process.env['HAWIYA_API'] = api;
  const server = createHttpServer();
  const port = await listenFrom(server, FIRST_PORT);
  try {
    // As a middleware Vite leaves SIGTERM to us: its own handler exits before DynamoDB is stopped.
    const vite = await createServer({
      configFile,
      clearScreen: false,
      server: { middlewareMode: true, ws: { server } },
    });
    server.on('request', vite.middlewares);
    const stop = async () => {
      server.close();
      server.closeAllConnections();
      await vite.close();
    };
    return { url: `http://localhost:${port}`, stop };
  } catch (error) {
    server.close();
    throw error;
  }
}

/** Takes the first free port. */
async function listenFrom(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return listenFrom(server, port + 1);
  }
}
