/**
 * A small Azure Functions host: the routes, limits, own addresses, converters and timers of the real one, for one package
 * directory; docs/functions-host.md compares the two. What it leaves out: function keys, other triggers, scaling.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { administer, isAdminPath } from './admin.ts';
import { announcedBytes, bodyLimit, parsedHeadBytes, refusalOfHead } from './limits.ts';
import { createRouter, type Route, type Router, withoutDots } from './routes.ts';
import { readBody, toRpcRequest } from './rpc-request.ts';
import { writeRpcResponse } from './rpc-response.ts';
import { startTimers, type Timers } from './timers.ts';
import { type LoadedFunction, type Log, loadWorker, type Worker } from './worker.ts';

export type Host = {
  readonly url: string;
  readonly functionNames: readonly string[];
  /** Stops accepting, waits up to `graceSeconds` for what is under way, runs the appTerminate hooks. */
  stop(graceSeconds: number): Promise<void>;
};

type HostOptions = { readonly packageFolder: string; readonly port: number; readonly log: Log };

type Context = {
  readonly worker: Worker;
  readonly router: Router<LoadedFunction>;
  readonly timers: Timers;
  readonly log: Log;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Whether to write the caller's address into requests that name none, as the platform's front end does. */
  readonly namesCallers: boolean;
  /** Ends of runs that no HTTP response waits for. */
  readonly background: Set<Promise<void>>;
};

/** Rejects when the package cannot be loaded or the port is taken. */
export const startHost = async ({ packageFolder, port, log }: HostOptions): Promise<Host> => {
  const worker = await loadWorker(packageFolder, log);
  const timers = startTimers({ worker, log, areScheduled: process.env.LOCAL_TIMERS !== 'by hand' });
  const router = createRouter(routesOf(worker));
  const context: Context = {
    ...{ worker, router, timers, log, bodyLimit: bodyLimit(process.env), background: new Set() },
    namesCallers: process.env.LOCAL_FRONT_END === 'true',
  };
  const server = createServer(
    { maxHeaderSize: parsedHeadBytes },
    (request, response) => void answer(context, request, response),
  );
  // Without a limit of its own: the platform's applies to the whole exchange, and tests wait for slow dependencies.
  server.requestTimeout = 230_000;
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === 'object' && address !== null ? address.port : port}`,
    functionNames: worker.functions.map(({ metadata }) => metadata.name),
    stop: async (graceSeconds) => {
      timers.stop();
      await drain(server, context.background, graceSeconds);
      await worker.terminate();
    },
  };
};

const routesOf = ({ functions, routePrefix }: Worker): readonly Route<LoadedFunction>[] =>
  functions.flatMap((loaded) => {
    const trigger = Object.values(loaded.metadata.bindings).find(({ type }) => type.toLowerCase() === 'httptrigger');
    if (trigger === undefined) return [];
    const { name } = loaded.metadata;
    if ((trigger.authLevel ?? 'function').toLowerCase() !== 'anonymous')
      throw new Error(`${name}: this host has no function keys; authLevel must be anonymous`);
    // The real host takes an empty route for "not given" and uses the function's name.
    const route = trigger.route === undefined || trigger.route === '' ? name : trigger.route;
    const template = routePrefix === '' ? route : `${routePrefix}/${route}`;
    return [
      { name, template, methods: (trigger.methods ?? ['GET', 'POST']).map((m) => m.toUpperCase()), target: loaded },
    ];
  });

const answer = async (context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  try {
    await route(context, request, response);
  } catch (error) {
    context.log('error', 'host', error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (!response.headersSent) end(response, 500);
    else response.destroy();
  }
};

const end = (response: ServerResponse, status: number): void => {
  response.statusCode = status;
  response.end();
};

const route = async (context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const refused = refusalOfHead(request);
  if (refused !== undefined) return end(response, refused);
  const sentPath = (request.url ?? '').split('?', 1)[0] ?? '';
  if (!isDecodable(sentPath)) return end(response, 400);
  if (sentPath.startsWith('//')) return end(response, 404);
  const path = withoutDots(sentPath);
  const own = isAdminPath(path);
  const match = own ? undefined : context.router.match(request.method ?? 'GET', path);
  if (!own && match === undefined) return path === '/' ? showHomepage(response) : end(response, 404);
  // Kestrel throws when a body that is too long is read; the host makes that a 500 (and a function never runs).
  if (announcedBytes(request) > context.bodyLimit) return end(response.setHeader('connection', 'close'), 500);
  const body = await readBody(request);
  if (match === undefined) return end(response, administerIn(context, { request, path, body }));
  if (context.namesCallers && request.headers['x-forwarded-for'] === undefined)
    request.rawHeaders.push('X-Forwarded-For', request.socket.remoteAddress ?? '');
  const http = toRpcRequest(request, { path, body, params: match.params });
  writeRpcResponse(response, await context.worker.invoke(match.target, { http }));
};

/** What the host shows at `/` when no function took the request, unless it is told to keep quiet. */
const showHomepage = (response: ServerResponse): void => {
  if (process.env.AzureWebJobsDisableHomepage?.toLowerCase() === 'true') end(response, 204);
  else response.writeHead(200, { 'content-type': 'text/html' }).end('Your Functions 4.0 app is up and running');
};

const administerIn = ({ timers, background }: Context, request: Parameters<typeof administer>[1]): number => {
  const { status, run } = administer(timers, request);
  if (run !== undefined) {
    background.add(run);
    void run.finally(() => background.delete(run));
  }
  return status;
};

/** Kestrel refuses a NUL; malformed escapes would become other text on their way through the worker. */
const isDecodable = (path: string): boolean => {
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
};

const drain = async (server: Server, background: Set<Promise<void>>, graceSeconds: number): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // A keep-alive connection goes idle only after its answer: look again until all are gone.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const grace = new Promise<void>((resolve) => setTimeout(resolve, graceSeconds * 1000).unref());
  await Promise.race([Promise.all([closed, ...background]), grace]);
  clearInterval(sweep);
  server.closeAllConnections();
};
