/** A function app that does nothing: what the host and `@azure/functions` cost by themselves. */
import { app } from '@azure/functions';

app.http('empty', {
  route: '{*path}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => ({ status: 200, body: 'empty' }),
});
