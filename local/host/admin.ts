/** The host's own addresses below `/admin`: they take its master key, and one of them is answered. */
import type { IncomingMessage } from 'node:http';
import type { Timers } from './timers.ts';

/** The master key of this host, in `x-functions-key`. The real host makes one and keeps it in its storage. */
export const localMasterKey = 'local-master-key';

/** Controllers of the real host; any other path below `/admin` is left to the functions. */
const ownPaths = /^\/admin\/(?:extensions|functions|host|instance|logstream|vfs|worker|zip)(?:\/|$)/i;

export const isAdminPath = (path: string): boolean => ownPaths.test(path);

type AdminRequest = { readonly request: IncomingMessage; readonly path: string; readonly body: Buffer };

type Answer = { readonly status: number; readonly run?: Promise<void> };

/** Runs a timer function now, as `POST /admin/functions/<name>` does; the run goes on after the answer. */
export const administer = (timers: Timers, { request, path, body }: AdminRequest): Answer => {
  if (request.headers['x-functions-key'] !== localMasterKey) return { status: 401 };
  const name = /^\/admin\/functions\/([\w-]+)$/i.exec(path)?.[1];
  if (name === undefined || request.method !== 'POST') return { status: 404 };
  if (!isJson(request, body)) return { status: 400 };
  const run = timers.runOnce(name);
  return run === undefined ? { status: 404 } : { status: 202, run };
};

const isJson = (request: IncomingMessage, body: Buffer): boolean => {
  try {
    JSON.parse(body.toString());
    return (request.headers['content-type'] ?? '').startsWith('application/json');
  } catch {
    return false;
  }
};
