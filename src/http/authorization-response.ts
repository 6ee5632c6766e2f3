/** How an authorization response travels to the client (RFC 6749 §4.1.2). */
import type { ProvenUri, ResponseMode } from '../oauth/authorization/authorization-request.ts';
import { withParameters } from '../oauth/authorization/redirect-uri.ts';
import type { Server } from '../server.ts';
import { type Reply, redirect } from './reply.ts';

type Answer = Readonly<Record<string, string | undefined>>;

/** One row per mode that the metadata document lists. */
const responseWriters: Readonly<Record<ResponseMode, (redirectUri: ProvenUri, answer: Answer) => Reply>> = {
  query: (redirectUri, answer) => redirect(withParameters(redirectUri, answer)),
};

type Recipient = {
  readonly redirectUri: ProvenUri;
  readonly state: string | undefined;
  readonly responseMode: ResponseMode;
};

/** Always with `state`, as it came, and `iss` (RFC 9207 §2). */
export const authorizationResponse = (
  { redirectUri, state, responseMode }: Recipient,
  answer: Answer,
  { config }: Server,
): Reply => responseWriters[responseMode](redirectUri, { ...answer, state, iss: config.issuer });
