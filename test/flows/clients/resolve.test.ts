/** Who an id names that is the address of a document. */
import { expect, it } from 'vitest';
import type { ClientDocuments } from '../../../src/flows/clients/client-documents.ts';
import { knownClients } from '../../../src/flows/clients/resolve.ts';
import { clientWith } from '../../oauth/samples.ts';

const id = 'https://a.example/client';
const described = clientWith({ clientId: id, name: 'Described' });
const registered = { ...clientWith({ clientId: id, name: 'Registered' }), etag: 'e' };

const documents: ClientDocuments = {
  isAllowed: (clientId) => clientId === id,
  remembered: () => undefined,
  unread: async () => described,
  find: async () => described,
};

const known = (client: typeof registered | undefined) =>
  knownClients({ find: async () => client, findFresh: async () => client }, documents);

it('[CI10] is the registered client, if there is one', async () => {
  expect((await known(registered).resolve(id))?.name).toBe('Registered');
  expect((await known(registered).resolveFresh(id))?.name).toBe('Registered');
  expect((await known(registered).resolveForReading(id))?.name).toBe('Registered');
  expect(await known({ ...registered, blocked: true }).mayHaveTokens(id)).toBe(false);
});

it('is the one that the document describes otherwise', async () => {
  expect((await known(undefined).resolve(id))?.name).toBe('Described');
  expect((await known(undefined).resolveFresh(id))?.name).toBe('Described');
  expect(await known(undefined).mayHaveTokens(id)).toBe(true);
  expect(await known(undefined).mayHaveTokens('app-x')).toBe(false);
  expect(await known(undefined).resolve('app-x')).toBeUndefined();
});
