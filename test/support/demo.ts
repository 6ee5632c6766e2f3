/** A stack with the demo service and the demo API beside it, as `npm start` has them. */
import { startDemoApi } from '../../local/demo/api.ts';
import { startBoards } from '../../local/demo/boards.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

export type DemoStack = {
  readonly stack: Stack;
  /** Origin of Contoso Boards. */
  readonly boards: string;
  stop(): Promise<void>;
};

export const startDemoStack = async (options: StackOptions = {}): Promise<DemoStack> => {
  const stack = await startStack(options);
  const { issuer, ports } = stack;
  const api = await startDemoApi({ port: ports.api, issuer });
  const boards = await startBoards({ port: ports.service, issuer, api: api.url });
  const stop = async (): Promise<void> => {
    await Promise.all([boards.stop(), api.stop()]);
    await stack.stop();
  };
  return { stack, boards: boards.url, stop };
};
