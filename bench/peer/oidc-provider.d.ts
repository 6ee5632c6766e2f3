/** What the peer uses of `oidc-provider` beyond what the local provider does: the package brings no types. */
declare module 'oidc-provider' {
  import type { KeyObject } from 'node:crypto';

  /** A key whose private half is elsewhere. */
  export class ExternalSigningKey {
    kid: string;
    alg: string;
    keyObject(): KeyObject;
    sign(data: Uint8Array): Promise<Uint8Array>;
  }
}
