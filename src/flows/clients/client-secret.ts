/** A client secret, in the header or in the body (RFC 6749 §2.3.1). */
import { type Client, isSecretOf, secretPresented } from '../../oauth/clients/client.ts';
import { invalidClient, parseBasic } from '../../oauth/clients/client-authentication.ts';
import { kindOfSecret } from '../../oauth/clients/secret-kinds.ts';
import type { Server } from '../../server.ts';
import type { ClientAuthenticationMethod, Presented } from './method.ts';
import { noteEndingSecret } from './note-secret.ts';

type PresentedSecret = Presented & { readonly secret: string };

/** Throws `invalid_client` for a secret that was right once: only who was given it can read that. */
const provesSecret = async (client: Client, { secret }: PresentedSecret, server: Server): Promise<boolean> => {
  noteEndingSecret(client, secret, server);
  if (isSecretOf(client, secret, server.clock())) return true;
  if (secretPresented(client, secret) !== undefined)
    throw invalidClient('client_secret_expired', 'this client secret has expired; take its successor');
  return false;
};

const remarkOn = ({ secret, clientId = '' }: PresentedSecret): string | undefined => {
  const kind = kindOfSecret(secret, clientId);
  return kind && `what was sent as its secret is ${kind}`;
};

/**
 * A secret is as good in the header as in the body: most libraries know one way only, and refusing the other keeps nobody
 * out who has it.
 */
const registeredAs = ['client_secret_basic', 'client_secret_post'] as const;

export const clientSecretBasic: ClientAuthenticationMethod<PresentedSecret> = {
  method: 'client_secret_basic',
  registeredAs,
  present: (_form, authorization) => {
    const { clientId, secret } = authorization === undefined ? {} : parseBasic(authorization);
    return secret === undefined ? undefined : { clientId, secret };
  },
  prove: provesSecret,
  remark: remarkOn,
};

export const clientSecretPost: ClientAuthenticationMethod<PresentedSecret> = {
  method: 'client_secret_post',
  registeredAs,
  present: (form) => {
    const secret = form.get('client_secret');
    return secret === undefined ? undefined : { clientId: form.get('client_id'), secret };
  },
  prove: provesSecret,
  remark: remarkOn,
};
