/** The services that the local world knows from the start. Their secrets are public knowledge and good for nothing else. */

import { adminScope } from '../src/oauth/access/resources.ts';
import { type Client, hashSecret } from '../src/oauth/clients/client.ts';
import { parseClientMetadata } from '../src/oauth/clients/client-metadata.ts';
import type { Ports } from './ports.ts';
import { demoResource, mcpResource } from './settings.ts';

const userScopes = ['vso.work', 'vso.work_write', 'vso.code', 'vso.build', 'vso.profile'];
const secretSeconds = 10 * 365 * 86_400;

export const demoWeb = { clientId: 'demo-web', secret: 'demo-web-secret' } as const;
export const demoApi = { clientId: 'demo-api', secret: 'demo-api-secret' } as const;

const codeGrants = ['authorization_code', 'refresh_token'] as const;

type Demo = Pick<Client, 'clientId' | 'name'> & Partial<Client> & { readonly secret?: string };

const demos = (ports: Ports): readonly Demo[] => {
  const home = `http://localhost:${ports.service}`;
  return [
    {
      ...demoWeb,
      name: 'Contoso Boards',
      uri: `${home}/`,
      policyUri: `${home}/privacy`,
      tosUri: `${home}/terms`,
      redirectUris: [`${home}/callback`],
      grantTypes: codeGrants,
      scopes: userScopes,
    },
    {
      clientId: 'demo-native',
      name: 'Contoso Boards for desktop',
      // RFC 8252 §7.3: any port of the loopback address.
      redirectUris: ['http://127.0.0.1/callback'],
      grantTypes: codeGrants,
      authenticationMethod: 'none',
      scopes: userScopes,
    },
    {
      clientId: 'demo-mcp',
      name: 'MCP client',
      // Where the inspector, mcp-remote and the agents of terminals wait, at whatever port (RFC 8252 §7.3).
      redirectUris: ['http://localhost', 'http://127.0.0.1'].flatMap((origin) =>
        ['/oauth/callback', '/oauth/callback/debug', '/callback'].map((path) => `${origin}${path}`),
      ),
      grantTypes: codeGrants,
      authenticationMethod: 'none',
      scopes: mcpResource(ports).permissions.map(({ id }) => id),
    },
    {
      clientId: 'demo-service',
      secret: 'demo-service-secret',
      name: 'Contoso Nightly',
      grantTypes: ['client_credentials'],
      scopes: ['vso.work', 'vso.build'],
    },
    {
      clientId: 'local-operator',
      secret: 'local-operator-secret',
      name: 'Local operator',
      grantTypes: ['client_credentials'],
      scopes: [adminScope],
      isOperator: true,
    },
    { ...demoApi, name: 'Azure DevOps (demo) API', resourceServerOf: [demoResource.identifier] },
  ];
};

/** What a client is that registers nothing but its name and its place: its other fields are as in RFC 7591 §2. */
const registered = parseClientMetadata(
  { client_name: 'Demo', redirect_uris: ['http://127.0.0.1/callback'] },
  { resources: [], brandName: '', signingAlgorithms: [], operator: undefined },
);

/** Complete rows for the clients table. `now` is in seconds since the epoch. */
export const demoClients = (ports: Ports, now: number): readonly Client[] =>
  demos(ports).map(({ secret, ...demo }) => ({
    ...registered,
    contacts: ['boards@contoso.example'],
    redirectUris: [],
    grantTypes: [],
    secrets:
      secret === undefined
        ? []
        : [{ id: 'demo', hash: hashSecret(secret), createdAt: now, expiresAt: now + secretSeconds }],
    verified: { by: 'local-operator', at: now },
    registrant: { by: 'operator' },
    logo: undefined,
    createdAt: now,
    endsAt: undefined,
    ...demo,
  }));
