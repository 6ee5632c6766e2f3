import { describe, expect, it } from 'vitest';
import { parseResources } from '../../src/oauth/access/catalogue.ts';
import { adminResource } from '../../src/oauth/access/resources.ts';
import { type Client, hashSecret } from '../../src/oauth/clients/client.ts';
import {
  type ClientRegistration,
  clientMetadata,
  parseClientMetadata,
} from '../../src/oauth/clients/client-metadata.ts';
import { permissionsOf } from '../support/permissions.ts';

const resources = [
  ...parseResources([{ identifier: 'https://api.example', name: 'API', permissions: permissionsOf('read', 'write') }]),
  adminResource('https://login.example'),
];

const operator = { by: 'operator-1', at: 100 };
const signingAlgorithms = ['RS256', 'PS256'];
const parse = (body: unknown, before?: Client): ClientRegistration =>
  parseClientMetadata(body, { resources, brandName: 'Contoso Ltd', signingAlgorithms, before, operator });
const web = { client_name: 'Web', redirect_uris: ['https://app.example/cb'] };

describe('client metadata (RFC 7591 §2)', () => {
  it('has the defaults of the specification', () => {
    expect(parse(web)).toEqual({
      name: 'Web',
      uri: undefined,
      logoUri: undefined,
      policyUri: undefined,
      tosUri: undefined,
      contacts: [],
      redirectUris: ['https://app.example/cb'],
      grantTypes: ['authorization_code', 'refresh_token'],
      authenticationMethod: 'client_secret_basic',
      scopes: [],
      resourceServerOf: [],
      isOperator: false,
      blocked: false,
      answerAlgorithm: undefined,
      responseModes: undefined,
      postLogoutRedirectUris: [],
      backchannelLogoutUri: undefined,
      backchannelLogoutSessionRequired: false,
      verified: undefined,
      idTokenAlgorithm: undefined,
      userinfoAlgorithm: undefined,
      subjectType: 'public',
      sectorIdentifierUri: undefined,
      defaultMaxAgeSeconds: undefined,
      requiresAuthTime: false,
      mayOmitPkce: false,
      requiresPushedRequests: false,
      dpopBound: false,
      introspectionAlgorithm: undefined,
      tokenExchange: undefined,
      jwks: undefined,
      jwksUri: undefined,
      assertionAlgorithm: undefined,
      assertsToEndpoint: false,
      federatedCredentials: [],
      requestObjectAlgorithm: undefined,
      requiresSignedRequests: false,
      profile: undefined,
      detailTypes: [],
    });
  });

  it('drops repetitions and ignores what it does not know', () => {
    const parsed = parse({
      ...web,
      redirect_uris: ['https://app.example/cb', 'https://app.example/cb'],
      scope: 'write read  write',
      client_id: 'mine',
      client_secret: 'mine',
    });
    expect([parsed.redirectUris, parsed.scopes]).toEqual([['https://app.example/cb'], ['read', 'write']]);
    expect(Object.keys(parsed)).not.toEqual(expect.arrayContaining(['client_secret']));
  });

  it('is written back as it was read, and parses to the same', () => {
    const registration = parse({
      ...web,
      scope: 'read',
      client_uri: 'https://app.example/',
      logo_uri: 'https://app.example/logo.png',
      contacts: ['a@app.example'],
      authorization_signed_response_alg: 'PS256',
      response_modes: ['jwt', 'form_post.jwt'],
    });
    const secret = { id: 'one', hash: hashSecret('open sesame'), createdAt: 1, expiresAt: 2 };
    const written = clientMetadata({
      ...registration,
      clientId: 'app-1',
      secrets: [secret],
      registrant: { by: 'operator' },
      logo: undefined,
      createdAt: 1,
      endsAt: undefined,
    });
    expect(parse(written)).toEqual(registration);
    expect(written.assent_secrets).toEqual([{ id: 'one', created_at: 1, expires_at: 2 }]);
    expect(JSON.stringify(written)).not.toContain(secret.hash);
  });

  it('is verified by the operator who says so, until what was verified changes', () => {
    const before = (change: object): Client => ({
      ...parse({ ...web, assent_verified: true }),
      clientId: 'app-1',
      secrets: [],
      registrant: { by: 'operator' },
      logo: undefined,
      createdAt: 1,
      endsAt: undefined,
      ...change,
    });
    const earlier = { by: 'operator-0', at: 1 };
    const verified = before({ verified: earlier });
    expect(parse({ ...web, assent_verified: true }).verified).toEqual(operator);
    expect(parse(web).verified).toBeUndefined();
    expect(parse(web, verified).verified).toEqual(earlier);
    expect(parse({ ...web, scope: 'read', assent_verified: true }, verified).verified).toEqual(earlier);
    expect(parse({ ...web, assent_verified: false }, verified).verified).toBeUndefined();
    const changes = [
      { client_name: 'Another' },
      { client_uri: 'https://app.example/' },
      { redirect_uris: [...web.redirect_uris, 'https://other.example/cb'] },
    ];
    for (const change of changes) {
      expect(parse({ ...web, ...change }, verified).verified).toBeUndefined();
      expect(parse({ ...web, ...change, assent_verified: true }, verified).verified).toEqual(operator);
    }
  });

  it('stays blocked until somebody says otherwise', () => {
    const stored = (blocked: boolean): Client => ({
      ...parse({ ...web, assent_blocked: blocked }),
      clientId: 'app-1',
      secrets: [],
      registrant: { by: 'operator' },
      logo: undefined,
      createdAt: 1,
      endsAt: undefined,
    });
    expect(parse(web, stored(true)).blocked).toBe(true);
    expect(parse({ ...web, assent_blocked: false }, stored(true)).blocked).toBe(false);
    expect(parse({ ...web, assent_blocked: true }, stored(false)).blocked).toBe(true);
    expect(() => parse({ ...web, assent_blocked: 'no' })).toThrow('invalid_client_metadata: assent_blocked');
  });

  it('has no name that looks like the organization or a well-known provider, unless an operator has checked it', () => {
    const named = { ...web, client_name: 'Contoso sign-in (Microsoft account security)' };
    expect(() => parse(named)).toThrow('invalid_client_metadata: client_name');
    const registered = parse({ ...named, assent_verified: true });
    expect(registered).toMatchObject({ name: named.client_name, verified: operator });
    const stored = {
      ...registered,
      verified: undefined,
      clientId: 'app-1',
      secrets: [],
      registrant: { by: 'operator' as const },
      logo: undefined,
      createdAt: 1,
      endsAt: undefined,
    };
    // Blocking it must not need a word that vouches for it.
    expect(parse({ ...named, assent_blocked: true }, stored)).toMatchObject({ blocked: true, verified: undefined });
    expect(() => parse({ ...named, client_name: 'Microsoft' }, stored)).toThrow('invalid_client_metadata: client_name');
  });

  it('is a resource server under the configured spelling of the resource', () => {
    const own = (names: readonly string[]) => parse({ ...web, assent_resource_server_of: names }).resourceServerOf;
    expect(own(['https://api.example/', 'https://api.example'])).toEqual(['https://api.example']);
    expect(() => own(['https://api.example/a'])).toThrow('invalid_client_metadata: assent_resource_server_of');
  });

  it('asks for no more than what one person can be remembered to have allowed it', () => {
    const many = (count: number) =>
      parseResources(
        Array.from({ length: count }, (_, index) => ({ identifier: `https://api-${index}.example`, name: 'API' })),
      );
    const scopes = [...(many(1)[0]?.permissions.keys() ?? [])].join(' ');
    const at = (count: number) => () =>
      parseClientMetadata(
        { ...web, scope: scopes },
        { resources: many(count), brandName: 'Contoso', signingAlgorithms, operator },
      );
    expect(at(12)).not.toThrow();
    expect(at(25)).toThrow('invalid_client_metadata: scope: too many permissions');
  });

  it('lets an operator’s client, and nothing else, have our own scope', () => {
    const administration = {
      client_name: 'Operator',
      grant_types: ['client_credentials'],
      scope: 'assent.admin',
      assent_operator: true,
    };
    expect(parse(administration)).toMatchObject({ isOperator: true, scopes: ['assent.admin'] });
    expect(() => parse({ ...administration, assent_operator: false })).toThrow(
      'those that begin with assent. are for operators only',
    );
    expect(() => parse({ ...administration, assent_operator: 'true' })).toThrow(
      'invalid_client_metadata: assent_operator',
    );
  });

  it.each([undefined, null, 1, 'x', [], [web]])('is a JSON object, not %j', (body) => {
    expect(() => parse(body)).toThrow('invalid_client_metadata');
  });

  it.each([
    'javascript:alert(1)',
    'http://app.example/',
    'ftp://app.example/',
    '//app.example',
    'app.example',
    '',
    'data:text/html,x',
    `https://app.example/${'x'.repeat(500)}`,
  ])('has no link to %.40s', (address) => {
    for (const name of ['client_uri', 'policy_uri', 'tos_uri'])
      expect(() => parse({ ...web, [name]: address })).toThrow(`invalid_client_metadata: ${name}`);
  });

  it('never quotes what it refuses', () => {
    try {
      parse({ ...web, scope: 'something-secret', redirect_uris: ['https://app.example/cb'] });
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('something-secret');
    }
  });
});
