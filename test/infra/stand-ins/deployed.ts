/** A local stack as a deployment that hooks find: what azd knows of it, and what its clients and its audit say. */
import { dataIdentity } from '../../../local/identity/identities.ts';
import type { Stack } from '../../support/stack.ts';
import { newWorld, tenantId, type World } from './azure.ts';

/** The azd environment after this stack was provisioned, with a token that its tables take. */
export const deployedAt = async (stack: Stack, values: Record<string, string> = {}): Promise<World> => ({
  ...newWorld({
    AZURE_TENANT_ID: tenantId,
    ASSENT_ISSUER: stack.issuer,
    ASSENT_PLATFORM_URL: stack.issuer,
    ASSENT_TABLES_URL: stack.settings.TABLES_URL ?? '',
    ASSENT_OPERATORS: 'first-operator',
    ENTRA_CLIENT_ID: 'app-1',
    NODE_EXTRA_CA_CERTS: stack.certificate.authorityFile,
    READY_SECONDS: '10',
    ...values,
  }),
  storageToken: await stack.identity.issue(dataIdentity, 'https://storage.azure.com'),
});

/** An access token for the client that first-operator-client printed. */
export const operatorToken = (issuer: string, printed: string): Promise<string> => {
  const value = (name: string): string => new RegExp(`${name} +(\\S+)`).exec(printed)?.[1] ?? '';
  return tokenOf(issuer, value('client_id'), value('client_secret'));
};

/** An access token by client_credentials. */
export const tokenOf = async (issuer: string, clientId: string, secret: string): Promise<string> => {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
};
