/** A package whose catch-all shows what reached it: what the host keeps to itself does not. */
const { app } = require('@azure/functions');

const show = (name) => async (request) => ({
  headers: { 'x-function': name },
  jsonBody: {
    url: request.url,
    path: request.params.path,
    headers: Object.fromEntries(request.headers),
    bodyLength: (await request.arrayBuffer()).byteLength,
  },
});

const http = (name, route, methods) => app.http(name, { route, methods, authLevel: 'anonymous', handler: show(name) });

http('home', '{ignored:maxlength(0)?}', ['GET']);
http('one', 'things/{id}', ['GET', 'POST']);
http('special', 'things/special', ['GET']);
http('by-name', '', ['GET']);
http('zz-all', '{*path}', ['GET', 'POST']);
app.timer('sweep', { schedule: '0 0 0 1 1 *', handler: () => undefined });
