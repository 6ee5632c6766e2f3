/**
 * The environment of the functions in the local world: the names that `config.ts` reads and the platform's own. A deployment
 * lets less of a body through: here the refusal of the app itself can be seen.
 */
import { dataIdentity, signInIdentity } from './identity/identities.ts';
import type { Ports } from './ports.ts';

export const signingKeyName = 'assent-signing';
/** Where WRAPPING_KEY is by default. */
export const wrappingKeyName = 'assent-wrapping';
export const signInClientId = 'assent';

/** The resource whose permissions are the default catalogue; the demo API is it. */
export const demoResource = { identifier: 'https://api.assent.localhost', name: 'Azure DevOps (demo)' } as const;

/** What the example MCP server is to Assent: the one entry that it takes. */
export const mcpResource = (ports: Ports) => ({
  identifier: `http://localhost:${ports.mcp}/mcp`,
  name: 'Work items (MCP)',
  permissions: [
    {
      id: 'workitems.read',
      category: 'Work items',
      name: 'See your work items',
      description: 'Your work items and their titles.',
    },
    {
      id: 'workitems.write',
      category: 'Work items',
      name: 'Add work items',
      description: 'Add work items in your name.',
    },
  ],
});

export type LocalSettings = {
  readonly ports: Ports;
  /** What the managed identity endpoint expects in X-IDENTITY-HEADER. */
  readonly identityHeader: string;
  /** PEM file of the authority behind the table emulator's certificate. */
  readonly authorityFile: string;
};

export const localSettings = ({ ports, identityHeader, authorityFile }: LocalSettings): Record<string, string> => ({
  ISSUER: `http://localhost:${ports.assent}`,
  BRAND_NAME: 'Contoso',
  TABLES_URL: `https://localhost:${ports.tables}/devstoreaccount1`,
  SIGNING_KEYS: `http://localhost:${ports.vault}/keys/${signingKeyName}`,
  DATA_IDENTITY_CLIENT_ID: dataIdentity.clientId,
  SIGN_IN_ISSUER: `http://localhost:${ports.provider}`,
  SIGN_IN_CLIENT_ID: signInClientId,
  SIGN_IN_IDENTITY_CLIENT_ID: signInIdentity.clientId,
  SIGN_IN_SUBJECT_CLAIM: 'oid',
  REGISTRATION: 'open',
  CLIENT_ID_METADATA: 'open',
  SOURCE_REGISTRATIONS_PER_HOUR: '100000',
  RESOURCES: JSON.stringify([demoResource, mcpResource(ports)]),
  IDENTITY_ENDPOINT: `http://localhost:${ports.identity}/msi/token`,
  IDENTITY_HEADER: identityHeader,
  NODE_EXTRA_CA_CERTS: authorityFile,
  AzureWebJobsDisableHomepage: 'true',
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '16777216',
});

/** What turns mail on. */
export const mailSettings = (ports: Ports): Readonly<Record<string, string>> => ({
  MAIL_ENDPOINT: `http://localhost:${ports.mail}`,
  MAIL_SENDER: 'no-reply@contoso.example',
});
