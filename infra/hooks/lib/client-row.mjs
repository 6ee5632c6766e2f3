/**
 * A client_credentials client as a row of the clients table. src/storage/clients.ts owns that schema; a test writes this
 * row to a table and reads it through that module.
 */
import { createHash, randomBytes } from 'node:crypto';

const hash = (text) => createHash('sha256').update(text);

/** A new operator client: what to store, and the secret that is stored nowhere. */
export const newOperatorClient = ({ name, lifetimeSeconds, now = Math.floor(Date.now() / 1000) }) => {
  const clientId = `operator-${randomBytes(9).toString('base64url')}`;
  const secret = randomBytes(32).toString('base64url');
  const expiresAt = now + lifetimeSeconds;
  const stored = { id: 'deployment', hash: hash(secret).digest('base64url'), createdAt: now, expiresAt };
  const row = {
    PartitionKey: hash(clientId).digest().subarray(0, 16).toString('hex'),
    RowKey: 'client',
    clientId,
    name,
    contacts: '[]',
    redirectUris: '[]',
    grantTypes: JSON.stringify(['client_credentials']),
    authenticationMethod: 'client_secret_basic',
    scopes: JSON.stringify(['assent.admin']),
    secrets: JSON.stringify([stored]),
    resourceServerOf: '[]',
    isOperator: true,
    createdAt: now,
    // Reads end with it and the server's own sweep deletes it, also when this program never gets to.
    keepUntil: expiresAt,
  };
  return { clientId, secret, expiresAt, row };
};
