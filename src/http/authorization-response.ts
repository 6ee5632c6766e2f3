/** How an authorization response travels to the client (RFC 6749 §4.1.2). */
import { takeRefusalSignature, takeSignature } from '../limits/signatures.ts';
import type { ProvenUri } from '../oauth/authorization/authorization-request.ts';
import { withParameters } from '../oauth/authorization/redirect-uri.ts';
import { modeOf, type ResponseMode } from '../oauth/authorization/response-mode.ts';
import type { Client } from '../oauth/clients/client.ts';
import { signingAlgorithmFor } from '../oauth/clients/profile.ts';
import { nameIn } from '../oauth/clients/translated.ts';
import { formPostPage } from '../pages/form-post.ts';
import type { Server } from '../server.ts';
import { page, type Reply, redirect } from './reply.ts';
import type { Incoming } from './request.ts';
import { siteOf } from './site.ts';

type Answer = Readonly<Record<string, string | undefined>>;

type Recipient = {
  readonly client: Client;
  readonly redirectUri: ProvenUri;
  readonly state: string | undefined;
  readonly responseMode: ResponseMode;
};

type Carriage = ReturnType<typeof modeOf>['carriage'];

type At = { readonly request: Incoming; readonly server: Server };

const responseWriters: Readonly<Record<Carriage, (to: Recipient, answer: Answer, at: At) => Promise<Reply>>> = {
  query: async ({ redirectUri }, answer) => redirect(withParameters(redirectUri, answer)),
  form_post: async ({ redirectUri, client }, answer, { request, server }) => {
    const fields = Object.entries(answer).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const site = await siteOf(request, server);
    const view = formPostPage({ ...site, service: nameIn(client, site.words.language), redirectUri, fields });
    return page(view, { formAction: 'anywhere at once' });
  },
};

/**
 * Always with `state`, as it came, and `iss` (RFC 9207 §2). Throws `Unavailable` and `too_many_requests` when it must be signed
 * and cannot be: that is the person's to read, since the client takes no answer without a signature.
 */
export const authorizationResponse = async (to: Recipient, answer: Answer, at: At): Promise<Reply> => {
  const { server } = at;
  const { carriage, signed } = modeOf(to.responseMode);
  const all = { ...answer, state: to.state, iss: server.config.issuer };
  return responseWriters[carriage](to, signed ? { response: await signedAnswer(to.client, all, server) } : all, at);
};

/** As JARM §2.1 advises, more than anybody needs to look at it once. */
const signedSeconds = 600;

/** JARM §2.1. What is undefined is left out when it is written. */
const signedAnswer = (client: Client, answer: Answer, server: Server): Promise<string> => {
  const { clientId, answerAlgorithm } = client;
  if (answer.error === undefined) takeSignature(clientId, server);
  else takeRefusalSignature(clientId, server);
  const { algorithms } = server.config.signing;
  // The keys may have changed since it was registered.
  const algorithm = algorithms.find((one) => one === answerAlgorithm) ?? signingAlgorithmFor(client, algorithms);
  return server.signer.sign('JWT', { ...answer, aud: clientId, exp: server.clock() + signedSeconds }, algorithm);
};
