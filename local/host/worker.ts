/**
 * Loads a built package as the Functions Node worker does: the package's own copy of `@azure/functions` registers its
 * functions through the injected `@azure/functions-core`, and every invocation passes that library's converters.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type {
  CoreApi,
  CoreInvocationContext,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  InvocationModel,
  ProgrammingModel,
  RpcTypedData,
} from './core-api.ts';

export type Log = (level: string, source: string, message: string) => void;

export type LoadedFunction = { readonly metadata: FunctionMetadata; readonly callback: FunctionCallback };

export type Worker = {
  readonly functions: readonly LoadedFunction[];
  /** Route prefix of host.json, without slashes at its ends. */
  readonly routePrefix: string;
  /** Runs a function once with this trigger data and gives what it returned. Rejects with what the function threw. */
  invoke(loaded: LoadedFunction, trigger: RpcTypedData): Promise<RpcTypedData | undefined>;
  /** Runs the appTerminate hooks. */
  terminate(): Promise<void>;
};

type Hooks = Record<HookName, HookCallback[]>;

/** Loads the package in `folder` and runs its appStart hooks. Rejects when the package registers nothing. */
export const loadWorker = async (folder: string, log: Log): Promise<Worker> => {
  const hooks: Hooks = { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [], log: [] };
  const functions: LoadedFunction[] = [];
  let model: ProgrammingModel | undefined;
  const api: CoreApi = {
    version: '3.11.0',
    hostVersion: '4.1040.0',
    registerFunction: (metadata, callback) => added(functions, { metadata, callback }),
    setProgrammingModel: (given) => {
      model = given;
    },
    getProgrammingModel: () => model,
    registerHook: (name, callback) => {
      // The library recognises a host without log hooks by this very error.
      if (!(name in hooks))
        throw Object.assign(new RangeError(`unknown hook ${name}`), { isAzureFunctionsSystemError: true });
      return added(hooks[name], callback);
    },
    log: (level, category, message) => log(level, category, message),
  };
  await requirePackage(folder, api);
  if (model === undefined || functions.length === 0) throw new Error(`${folder} registers no functions`);
  const loadedModel = model;
  await loadedModel.getCapabilities?.({});
  const appHookData = {};
  await runHooks(hooks.appStart, { hookData: appHookData });
  return {
    functions,
    routePrefix: await readRoutePrefix(folder),
    invoke: (loaded, trigger) => invoke({ model: loadedModel, hooks, log }, loaded, trigger),
    terminate: () => runHooks(hooks.appTerminate, { hookData: appHookData }),
  };
};

const added = <Item>(list: Item[], item: Item) => {
  list.push(item);
  return {
    dispose: () => {
      const index = list.indexOf(item);
      if (index >= 0) list.splice(index, 1);
    },
  };
};

const readJson = async (file: string): Promise<Record<string, unknown>> => JSON.parse(await readFile(file, 'utf8'));

const requirePackage = async (folder: string, api: CoreApi): Promise<void> => {
  const { main } = await readJson(join(folder, 'package.json'));
  if (typeof main !== 'string') throw new Error(`${join(folder, 'package.json')} has no "main"`);
  const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => (request === '@azure/functions-core' ? api : load(request, ...rest));
  createRequire(resolve(folder, 'package.json'))(resolve(folder, main));
};

const readRoutePrefix = async (folder: string): Promise<string> => {
  const host = (await readJson(join(folder, 'host.json'))) as { extensions?: { http?: { routePrefix?: string } } };
  return (host.extensions?.http?.routePrefix ?? 'api').replace(/^\/+|\/+$/g, '');
};

const runHooks = async (callbacks: readonly HookCallback[], context: Record<string, unknown>): Promise<void> => {
  for (const callback of [...callbacks]) await callback(context);
};

type Runtime = { readonly model: ProgrammingModel; readonly hooks: Hooks; readonly log: Log };

const invoke = async (
  runtime: Runtime,
  { metadata, callback }: LoadedFunction,
  trigger: RpcTypedData,
): Promise<RpcTypedData | undefined> => {
  const invocationId = randomUUID();
  const triggerName = Object.keys(metadata.bindings).find((name) =>
    /trigger$/i.test(metadata.bindings[name]?.type ?? ''),
  );
  const ids = randomUUID().replaceAll('-', '');
  const traceParent = `00-${ids}-${ids.slice(0, 16)}-00`;
  const core: CoreInvocationContext = {
    invocationId,
    metadata,
    request: {
      invocationId,
      inputData: [{ name: triggerName ?? '', data: trigger }],
      traceContext: { traceParent, traceState: '' },
    },
    log: (level, category, message) => {
      if (category === 'user') runLogHooks(runtime.hooks, { level, message, category });
      runtime.log(level, metadata.name, message);
    },
  };
  const invocation = runtime.model.getInvocationModel(core);
  const { context, inputs } = await invocation.getArguments();
  const result = await runBetweenHooks(runtime.hooks, core, { invocation, context, inputs, callback });
  return (await invocation.getResponse(context, result)).returnValue ?? undefined;
};

const runLogHooks = (hooks: Hooks, context: Record<string, unknown>): void => {
  for (const callback of hooks.log) callback({ ...context, hookData: {} });
};

type Call = {
  readonly invocation: InvocationModel;
  readonly context: unknown;
  readonly inputs: unknown[];
  readonly callback: FunctionCallback;
};

/** Hooks may replace inputs, handler, result and error: each is read back from the hook's context. */
const runBetweenHooks = async (hooks: Hooks, core: CoreInvocationContext, call: Call): Promise<unknown> => {
  const hookData = {};
  const before = { hookData, invocationContext: call.context, inputs: call.inputs, functionCallback: call.callback };
  core.state = 'preInvocationHooks';
  await runHooks(hooks.preInvocation, before);
  core.state = 'invocation';
  const after: Record<string, unknown> = { hookData, invocationContext: call.context, inputs: before.inputs };
  try {
    after.result = await call.invocation.invokeFunction(call.context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error;
  }
  core.state = 'postInvocationHooks';
  await runHooks(hooks.postInvocation, after);
  if (after.error !== undefined && after.error !== null) throw after.error;
  return after.result;
};
