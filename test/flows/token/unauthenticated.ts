/** Requests without, and with wrong, authentication of demo-web: what it is, fields, headers. */
export const unauthenticated: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
  ['no client at all', {}, {}],
  ['a client_id alone', { client_id: 'demo-web' }, {}],
  ['a wrong secret', {}, { authorization: `Basic ${btoa('demo-web:wrong')}` }],
  ['a wrong secret in the body', { client_id: 'demo-web', client_secret: 'wrong' }, {}],
  ['an unknown client', { client_id: 'nobody', client_secret: 'x' }, {}],
  ['a bearer token in place of credentials', {}, { authorization: 'Bearer x' }],
];
