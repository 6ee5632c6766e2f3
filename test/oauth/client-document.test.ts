/** Which ids of clients are addresses of documents, and what such a document may say. */
import { describe, expect, it } from 'vitest';
import { metadataInDocument } from '../../src/oauth/clients/client-document.ts';
import { isClientIdUrl } from '../../src/oauth/clients/client-id-url.ts';

const inAzure = { insecureLoopback: false };

describe('the id of a client as the address of its document', () => {
  it.each([
    'https://a.example/client',
    'https://a.example/a/b.json',
    'https://a.example:8443/c?v=1',
    'https://xn--bcher-kva.example/c',
  ])('[CI01] may be %s', (url) => {
    expect(isClientIdUrl(url, inAzure)).toBe(true);
  });

  it.each([
    'http://a.example/client',
    'http://localhost/client',
    'https://a.example',
    'https://a.example/',
    'https://a.example/c#',
    'https://a.example/c#x',
    'https://u@a.example/c',
    'https://u:p@a.example/c',
    'https://a.example/./c',
    'https://a.example/x/../c',
    'https://a.example/%2e%2e/c',
    'https://a.example/%2E/c',
    'https://a.example:443/c',
    'https://A.example/c',
    'HTTPS://a.example/c',
    'https:a.example/c',
    'https:///a.example/c',
    'https://a.example\\c',
    'https://a.example/c ',
    ' https://a.example/c',
    'https://a.example/\tc',
    'https://bücher.example/c',
    `https://a.example/${'c'.repeat(300)}`,
    'ftp://a.example/c',
    'app-x',
    '',
  ])('[CI01] cannot be %j', (url) => {
    expect(isClientIdUrl(url, inAzure)).toBe(false);
  });

  it('may be http on this machine, in local runs', () => {
    const local = { insecureLoopback: true };
    expect(isClientIdUrl('http://localhost:7071/client', local)).toBe(true);
    expect(isClientIdUrl('http://a.example/client', local)).toBe(false);
  });
});

describe('the document', () => {
  const id = 'https://a.example/client';

  it('[CI07] is of a client that has no secret, unless it says that it has keys', () => {
    expect(metadataInDocument({ client_id: id }, id)).toMatchObject({ token_endpoint_auth_method: 'none' });
    expect(metadataInDocument({ client_id: id }, id)).toMatchObject({ client_name: 'a.example' });
  });

  it.each([
    [undefined],
    [null],
    [[]],
    ['text'],
    [{}],
    [{ client_id: 'https://a.example/Client' }],
    [{ client_id: 'https://a.example:443/client' }],
    [{ client_id: 'https://a.example/client/' }],
    [{ client_id: [id] }],
    [{ client_id: id, client_secret: 's' }],
    [{ client_id: id, client_secret: null }],
    [{ client_id: id, client_secret_expires_at: 0 }],
    [{ client_id: id, token_endpoint_auth_method: 'client_secret_basic' }],
    [{ client_id: id, token_endpoint_auth_method: 'client_secret_post' }],
    [{ client_id: id, token_endpoint_auth_method: null }],
    [{ client_id: id, token_endpoint_auth_method: ['none'] }],
  ])('[CI02] is not %j', (document) => {
    expect(() => metadataInDocument(document, id)).toThrow('invalid_client_metadata');
  });
});
