import { describe, expect, it } from 'vitest';
import { kindOfSecret } from '../../src/oauth/clients/secret-kinds.ts';

const secret = `assent_cs_${'a'.repeat(43)}`;

describe('what was pasted in place of a client secret', () => {
  it.each([
    ['my-app', 'the client_id'],
    [secret, /a client secret of this server, but none of this client/],
    [secret.slice(0, 30), /only a part of a client secret/],
    [`${secret}.`, /something added/],
    ['assent_rt_abc', 'a refresh token'],
    ['assent_ac_abc', 'an authorization code'],
    ['assent_dc_abc', 'a device code'],
    ['assent_ra_abc', 'a registration access token'],
    ['assent_it_abc', /initial access token/],
    ['eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln', /a JWT, such as an access token/],
    ['Abc8Q~0123456789012345678901234567890123', /Microsoft Entra ID/],
    ['0f8fad5b-d9cb-469f-a165-70867728950e', /an identifier/],
    [`${secret.slice(10)} `, /spaces or quotes/],
    ['"secret"', /spaces or quotes/],
  ])('%s is told as what it is', (text, expected) => {
    expect(kindOfSecret(text, 'my-app')).toMatch(expected);
  });

  it.each(['wrong', 'hunter2', '', 'a'.repeat(43)])('%j could be anything, and nothing is said', (text) => {
    expect(kindOfSecret(text, 'my-app')).toBeUndefined();
  });
});
