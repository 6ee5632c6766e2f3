/** The peer's two pages, as bare as can be: a form to sign in with and a form to approve with. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Grant, InteractionDetails, Provider } from 'oidc-provider';
import { peerResource } from './provider.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Everything that the peer answers: its own pages, and oidc-provider's endpoints behind them. */
export const peerHandler = (provider: Provider): Handle => {
  const callback = provider.callback();
  return async (request, response) => {
    const page = /^\/(interaction|approval)\/[\w-]+$/.exec(request.url ?? '')?.[1];
    if (page === undefined) return callback(request, response);
    const details = await provider.interactionDetails(request, response);
    if (request.method !== 'POST') return show(response, page === 'interaction' ? signInForm : approvalForm);
    const form = new URLSearchParams(await readText(request));
    const result = page === 'interaction' ? signedIn(form) : await approved(provider, details, form);
    const location = await provider.interactionResult(request, response, result);
    response.statusCode = 303;
    response.setHeader('location', location);
    response.end();
  };
};

const signInForm =
  '<form method="post"><input name="login"><input name="password" type="password"><button>Go</button></form>';
const approvalForm =
  '<form method="post"><button name="decision" value="approve">Approve</button><button name="decision" value="deny">Deny</button></form>';

const show = (response: ServerResponse, form: string): void => {
  response.statusCode = 200;
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.end(`<!doctype html><html lang="en"><title>Peer</title>${form}</html>`);
};

const signedIn = (form: URLSearchParams) => ({ login: { accountId: form.get('login') ?? '' } });

type ResourceGrant = Grant & { addResourceScope(resource: string, scope: string): void };

const approved = async (provider: Provider, { session, params }: InteractionDetails, form: URLSearchParams) => {
  if (form.get('decision') !== 'approve' || session?.accountId === undefined)
    return { error: 'access_denied', error_description: 'the person refused' };
  const grant = new provider.Grant({
    accountId: session.accountId,
    clientId: String(params.client_id),
  }) as ResourceGrant;
  grant.addResourceScope(peerResource.identifier, String(params.scope));
  return { consent: { grantId: await grant.save() } };
};

const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
