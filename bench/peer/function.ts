/** The peer as a function app: one function that takes every path. */
import { app } from '@azure/functions';
import { exchange } from './exchange.ts';
import { peerHandler } from './interactions.ts';
import { createPeer } from './provider.ts';
import { readPeerSettings } from './settings.ts';

const handler = createPeer(readPeerSettings()).then(peerHandler);

app.http('peer', {
  route: '{*path}',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: async (request) => exchange(request, await handler),
});
