/** The shape of a client authentication method. */
import type { AuthenticationMethod, Client } from '../../oauth/clients/client.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';

/** What a request presents by one method. */
export type Presented = {
  /** Undefined where there is a proof, but nothing says whose. */
  readonly clientId: string | undefined;
};

/** One method, its steps in the order in which they run: each costs more, or changes more, than the one before. */
export type ClientAuthenticationMethod<P extends Presented = Presented> = {
  /** As the metadata document and registrations name it (RFC 8414 §2, RFC 7591 §2). */
  readonly method: AuthenticationMethod;
  /** Clients registered for one of these may prove themselves by this method. */
  readonly registeredAs: readonly AuthenticationMethod[];
  /** Reads the request and nothing else; undefined if it uses another method. Throws `invalid_request`, `invalid_client`. */
  present(form: Parameters, authorization: string | undefined): P | undefined;
  /** What the proof says of itself, such as audience and expiry of an assertion (RFC 7523 §3). Throws `invalid_client`. */
  check?(presented: P, server: Server): void;
  /** True if the client proves itself; only here are its keys fetched. May run twice: with the client as cached, then as stored. */
  prove(client: Client, presented: P, server: Server): Promise<boolean>;
  /** What is plainly wrong with a proof that proves nothing, by itself alone: who sent it must not learn more than that. */
  remark?(presented: P): string | undefined;
  /** Marks a proof that is good once as used, the last step of all; false if it was used before (RFC 7523 §3, `jti`). */
  spend?(presented: P, server: Server): Promise<boolean>;
};
