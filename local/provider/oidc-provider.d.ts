/** The part of `oidc-provider` that the local provider uses: the package brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export type InteractionDetails = {
    readonly uid: string;
    readonly prompt: { readonly name: string };
    readonly params: Readonly<Record<string, unknown>>;
    readonly session?: { readonly uid: string; readonly accountId?: string };
  };

  export type Session = {
    accountId?: string | undefined;
    loginTs?: number | undefined;
    authorizations?: Record<string, unknown> | undefined;
    readonly exp: number;
    save(ttlSeconds: number): Promise<unknown>;
  };

  export type Grant = { readonly accountId?: string; addOIDCScope(scope: string): void; save(): Promise<string> };

  type GrantModel = {
    new (properties: { readonly accountId: string; readonly clientId: string }): Grant;
    find(id: string): Promise<Grant | undefined>;
  };

  export type Context = {
    readonly oidc: {
      readonly client?: { readonly clientId: string };
      readonly params?: Readonly<Record<string, unknown>>;
      readonly session?: {
        readonly accountId?: string;
        readonly acr?: string;
        grantIdFor(clientId: string): string | undefined;
      };
      readonly provider: Provider;
    };
  };

  export class Prompt {
    constructor(info: { readonly name: string; readonly requestable: boolean });
  }

  export class Check {
    constructor(reason: string, description: string, isUnmet: (context: Context) => boolean);
  }

  export type Policy = {
    add(prompt: Prompt, index?: number): void;
    get(name: string): { readonly checks: { add(check: Check): void } };
    remove(name: string): void;
  };

  export const interactionPolicy: { readonly Prompt: typeof Prompt; readonly Check: typeof Check; base(): Policy };

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    readonly issuer: string;
    readonly Grant: GrantModel;
    readonly Session: { findByUid(uid: string): Promise<Session | undefined> };
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<InteractionDetails>;
    /** Keeps the result and gives the address at which the authorization goes on. */
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: Readonly<Record<string, unknown>>,
    ): Promise<string>;
    on(event: 'server_error', listener: (context: unknown, error: Error) => void): this;
  }

  export default Provider;
}
