/**
 * Process entry: writes the demo clients through the store, with the settings of the functions in its environment. A
 * process of its own because the table emulator's authority is trusted only from a process's start.
 */
import { ManagedIdentityCredential } from '@azure/identity';
import { readConfig } from '../src/config.ts';
import { systemClock, systemRandom } from '../src/oauth/crypto.ts';
import { openClients } from '../src/storage/clients.ts';
import { openTable } from '../src/storage/table.ts';
import { createHttpClient } from '../src/transport/http-client.ts';
import { demoClients } from './demo-clients.ts';
import { portsFrom } from './ports.ts';

const config = readConfig();
const table = openTable('clients', {
  url: config.tablesUrl,
  credential: new ManagedIdentityCredential({ clientId: config.dataIdentityClientId }),
  insecureLoopback: config.insecureLoopback,
  httpClient: createHttpClient(),
});
const clients = openClients(table, { clock: systemClock, random: systemRandom, caches: config.caches });

// The demo's own: whatever was changed about them is put back, and redirect URIs follow the ports of this start.
const seed = async (): Promise<void> => {
  for (const client of demoClients(portsFrom(Number(new URL(config.issuer).port)), systemClock())) {
    const stored = await clients.read(client.clientId);
    const wrote =
      stored === undefined
        ? await clients.insert(client)
        : await clients.replace({ ...client, createdAt: stored.createdAt, etag: stored.etag });
    if (!wrote) throw new Error(`client ${client.clientId} was changed by another process`);
  }
};

await seed();
console.log('Demo clients are in place');
