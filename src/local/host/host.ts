/**
 * A small Azure Functions host: the routes, reserved paths, converters and timers of the real one, for one package
 * directory. What it leaves out: function keys, other triggers than HTTP and timers, scaling.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRouter, type Route, type Router } from './routes.ts';
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
  /** Ends of runs that no HTTP response waits for. */
  readonly background: Set<Promise<void>>;
};

/** Rejects when the package cannot be loaded or the port is taken. */
export const startHost = async ({ packageFolder, port, log }: HostOptions): Promise<Host> => {
  const worker = await loadWorker(packageFolder, log);
  const timers = startTimers(worker, log);
  const router = createRouter(routesOf(worker));
  const context: Context = { worker, router, timers, log, background: new Set() };
  const server = createServer((request, response) => void answer(context, request, response));
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

const isHostHeader = (host: string | undefined): boolean =>
  host !== undefined && /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host);

const route = async (context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await readBody(request);
  if (body === undefined) return end(response.setHeader('connection', 'close'), 413);
  const target = request.url ?? '';
  const path = target.split('?', 1)[0] ?? '';
  if (!target.startsWith('/') || !isHostHeader(request.headers.host) || !isDecodable(path)) return end(response, 400);
  if (/^\/(admin|runtime)(\/|$)/i.test(path)) return end(response, administer(context, { request, path, body }));
  const match = context.router.match(request.method ?? 'GET', path);
  if (match === undefined) return end(response, 404);
  const http = toRpcRequest(request, { body, params: match.params });
  writeRpcResponse(response, await context.worker.invoke(match.target, { http }));
};

/** Kestrel refuses a NUL; malformed escapes would become other text on their way through the worker. */
const isDecodable = (path: string): boolean => {
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
};

type AdminRequest = { readonly request: IncomingMessage; readonly path: string; readonly body: Buffer };

/** The one reserved address that is answered: run a timer function now, as `POST /admin/functions/<name>` does. */
const administer = (context: Context, { request, path, body }: AdminRequest): number => {
  const name = /^\/admin\/functions\/([\w-]+)$/i.exec(path)?.[1];
  if (name === undefined || request.method !== 'POST') return 404;
  if (!isJson(request, body)) return 400;
  const run = context.timers.runOnce(name);
  if (run === undefined) return 404;
  context.background.add(run);
  void run.finally(() => context.background.delete(run));
  return 202;
};

const isJson = (request: IncomingMessage, body: Buffer): boolean => {
  try {
    JSON.parse(body.toString());
    return (request.headers['content-type'] ?? '').startsWith('application/json');
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
