/** Whatever a stranger writes of a client: it is refused for a reason of RFC 7591, or harmless. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResources } from '../../src/oauth/access/catalogue.ts';
import { clientOfDocument, metadataInDocument } from '../../src/oauth/clients/client-document.ts';
import { clientMetadata, parseClientMetadata } from '../../src/oauth/clients/client-metadata.ts';
import { usesReservedName } from '../../src/oauth/clients/client-names.ts';
import type { ClientRegistration } from '../../src/oauth/clients/metadata/theme.ts';
import { objectIn, ownMetadata, requireForPeople, scopesForAnybody } from '../../src/oauth/clients/own-registration.ts';
import { OAuthError } from '../../src/oauth/errors.ts';
import { clientRow } from '../../src/storage/client-rows.ts';
import { hostileMetadata } from '../support/hostile-metadata.ts';
import { permissionsOf } from '../support/permissions.ts';

const brandName = 'Contoso';
const resources = parseResources([
  { identifier: 'https://api.example', name: 'API', permissions: permissionsOf('vso.work') },
]);
const context = {
  resources,
  brandName,
  signingAlgorithms: ['RS256'],
  operator: undefined,
  usualScopes: scopesForAnybody(resources),
};

const id = 'https://notes.tailspin.example/client';
const harmless = { client_id: id, client_name: 'Notes', redirect_uris: ['https://notes.tailspin.example/callback'] };

const read = (body: unknown): ClientRegistration => {
  const registration = parseClientMetadata(ownMetadata(objectIn(body), resources), context);
  requireForPeople(registration);
  return registration;
};

/** Undefined for what was refused as RFC 7591 §3.2.2 has it; anything else that is thrown is a defect. */
const unlessRefused = (attempt: () => ClientRegistration): ClientRegistration | undefined => {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof OAuthError && ['invalid_client_metadata', 'invalid_redirect_uri'].includes(error.code))
      return undefined;
    throw error;
  }
};

/** Where a browser may be sent: the web, the device itself, or an app's own scheme with a dot in it (RFC 8252 §7.1). */
const safe =
  /^(?:https:\/\/[^#\s\\@]+|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[^#\s\\@]*|[a-z][a-z0-9+-]*\.[a-z0-9+.-]+:[^#\s\\]*)$/;

const expectHarmless = (registration: ClientRegistration): void => {
  for (const uri of registration.redirectUris) expect(uri).toMatch(safe);
  const rights = [registration.isOperator, registration.verified, registration.tokenExchange];
  expect([...rights, registration.blocked]).toEqual([false, undefined, undefined, false]);
  expect([registration.resourceServerOf, registration.federatedCredentials]).toEqual([[], []]);
  expect(registration.grantTypes).not.toContain('client_credentials');
  expect(registration.scopes.filter((scope) => scope.startsWith('assent.'))).toEqual([]);
  const names = [registration.name, registration.publisher, ...Object.values(registration.translations ?? {})];
  for (const name of names.filter((one) => one !== undefined)) {
    expect(name.isWellFormed() && !/\p{Cc}/u.test(name)).toBe(true);
    expect(usesReservedName(name, brandName)).toBe(false);
  }
  // 64 KiB of UTF-16 for a property, 1 MiB for all of them.
  const row = clientRow(clientOfDocument(id, registration));
  for (const column of Object.values(row)) if (typeof column === 'string') expect(column.length).toBeLessThan(32_768);
};

const options = { numRuns: Number(process.env.FUZZ_CASES ?? 2_000), endOnFailure: true } as const;

describe('hostile metadata', () => {
  it('[RG02] of a client that registers itself is refused, or harmless, and reads the same when it comes back', () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostileMetadata(harmless), (text) => {
        const registration = unlessRefused(() => read(JSON.parse(text)));
        if (registration === undefined) return;
        accepted += 1;
        expectHarmless(registration);
        expect(read(clientMetadata(clientOfDocument('dyn-1', registration)))).toEqual(registration);
      }),
      options,
    );
    // Else nothing was tried.
    expect(accepted).toBeGreaterThan(options.numRuns / 50);
  });

  it('[CI02] of a document is refused, or harmless, and never of a client with a secret', () => {
    fc.assert(
      fc.property(hostileMetadata(harmless), (text) => {
        const registration = unlessRefused(() => read(metadataInDocument(JSON.parse(text), id)));
        if (registration === undefined) return;
        expectHarmless(registration);
        expect(['none', 'private_key_jwt']).toContain(registration.authenticationMethod);
      }),
      options,
    );
  });

  it('changes nothing of what objects are', () => expect(({} as Record<string, unknown>).client_name).toBeUndefined());
});
