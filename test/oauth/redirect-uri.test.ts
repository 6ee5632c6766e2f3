import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  destinationOf,
  isLoopbackUri,
  isRedirectUriOf,
  problemOfRedirectUri,
  provesIdentity,
  withParameters,
} from '../../src/oauth/authorization/redirect-uri.ts';

const web = 'https://app.example/cb';

const matchesRegistration = (
  registered: string,
  presented: string,
  authenticationMethod: 'none' | 'client_secret_basic' = 'none',
): boolean => isRedirectUriOf({ redirectUris: [registered], authenticationMethod }, presented);

describe('what matches a registration (RFC 9700 §2.1)', () => {
  it('is only the very same string, except on a loopback literal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string()), (other) => {
        expect(matchesRegistration(web, other)).toBe(other === web);
        expect(matchesRegistration('com.example.app:/cb', other)).toBe(false);
      }),
    );
  });

  it('has any port from 1 to 65535 on a loopback literal, and no other; on localhost only for an app', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), (port) => {
        const isPort = port > 0 && port < 65_536;
        expect(matchesRegistration('http://127.0.0.1/cb', `http://127.0.0.1:${port}/cb`)).toBe(isPort);
        expect(matchesRegistration('http://[::1]:1/cb', `http://[::1]:${port}/cb`)).toBe(isPort);
        expect(matchesRegistration('http://localhost/cb', `http://localhost:${port}/cb`)).toBe(isPort);
        expect(matchesRegistration('http://localhost/cb', `http://localhost:${port}/cb`, 'client_secret_basic')).toBe(
          false,
        );
        expect(matchesRegistration('http://127.0.0.1/cb', `http://127.0.0.1:${port}/cb`, 'client_secret_basic')).toBe(
          isPort,
        );
        expect(matchesRegistration('http://127.0.0.1/cb', `http://localhost:${port}/cb`)).toBe(false);
        expect(matchesRegistration('http://localhost/cb', `http://127.0.0.1:${port}/cb`)).toBe(false);
        expect(matchesRegistration('http://127.0.0.1/cb', `http://[::1]:${port}/cb`)).toBe(false);
      }),
    );
  });

  it('has an empty path or "/" on a loopback address, and nothing else made equal', () => {
    for (const host of ['127.0.0.1', '[::1]', 'localhost'])
      for (const registered of [`http://${host}`, `http://${host}/`]) {
        for (const same of [`http://${host}:5000`, `http://${host}:5000/`])
          expect(matchesRegistration(registered, same)).toBe(true);
        for (const other of ['?', '//', '/?', '/a', '/#', '/./', '?x=1'])
          expect(matchesRegistration(registered, `http://${host}:5000${other}`)).toBe(false);
      }
    expect(matchesRegistration('http://127.0.0.1/cb', 'http://127.0.0.1/cb/')).toBe(false);
    expect(matchesRegistration('https://app.example', 'https://app.example/')).toBe(false);
    expect(matchesRegistration('http://localhost:3000', 'http://localhost:3000/', 'client_secret_basic')).toBe(false);
  });

  it('never leads off the device when a loopback address is registered', () => {
    const part = fc.constantFrom(
      '127.0.0.1',
      'localhost',
      '[::1]',
      'evil.test',
      '@',
      ':',
      '80',
      '/',
      '/cb',
      '\\',
      '.',
      '#',
      '?',
      'http://',
      '%40',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const presented = `http://${parts.join('')}`;
        for (const host of ['127.0.0.1', 'localhost']) {
          if (!matchesRegistration(`http://${host}/cb`, presented)) continue;
          expect(new URL(presented).hostname).toBe(host);
          expect(new URL(presented).pathname).toBe('/cb');
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('what may be registered', () => {
  it('matches itself, can be parsed, and has neither fragment nor credentials', () => {
    const scheme = fc.constantFrom(
      'https:',
      'http:',
      'javascript:',
      'data:',
      'com.example.app:',
      'myapp:',
      'JAVASCRIPT:',
      'file:',
    );
    const rest = fc.array(
      fc.constantFrom(
        '//',
        '/',
        'a',
        'app.example',
        'localhost',
        '127.0.0.1',
        '@',
        ':',
        '80',
        '#',
        '?',
        'x=1',
        '&',
        'code=1',
        '\\',
        ' ',
        '\t',
        '%2e',
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(scheme, rest, (start, parts) => {
        const uri = start + parts.join('');
        if (problemOfRedirectUri(uri) !== undefined) return;
        const url = new URL(uri);
        expect(matchesRegistration(uri, uri)).toBe(true);
        expect([url.hash, url.username, url.password]).toEqual(['', '', '']);
        expect(url.protocol).toMatch(/^https?:$|^[a-z][a-z0-9+-]*\.[a-z0-9+.-]+:$/);
        if (url.protocol === 'http:') expect(['localhost', '127.0.0.1', '[::1]']).toContain(url.hostname);
        for (const name of ['code', 'state', 'iss', 'error']) expect(url.searchParams.has(name)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is at most 1,000 characters long', () => {
    expect(problemOfRedirectUri(`https://app.example/${'x'.repeat(980)}`)).toBeUndefined();
    expect(problemOfRedirectUri(`https://app.example/${'x'.repeat(981)}`)).toBe('is longer than 1000 characters');
  });
});

describe('the answer', () => {
  it('leaves every byte of the redirect URI as it is, and each parameter readable', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(web, `${web}?x=1`, 'com.example.app:/cb'),
        fc.string({ unit: 'grapheme' }),
        (uri, state) => {
          const answer = withParameters(uri, { code: 'c', state, error: undefined });
          expect(answer.startsWith(uri)).toBe(true);
          const parameters = new URL(answer).searchParams;
          expect(parameters.getAll('state')).toEqual([state]);
          expect(parameters.getAll('code')).toEqual(['c']);
          expect(parameters.has('error')).toBe(false);
          expect(answer).not.toMatch(/[\r\n]/);
        },
      ),
    );
  });
});

describe('where an answer goes', () => {
  it.each([
    [web, 'app.example', true, false],
    ['https://app.example:8443/cb', 'app.example:8443', true, false],
    ['https://localhost/cb', 'localhost', false, false],
    ['http://127.0.0.1/cb', '127.0.0.1', false, true],
    ['http://localhost:8080/cb', 'localhost:8080', false, true],
    ['com.example.app:/cb', 'com.example.app', false, false],
  ])('%s', (uri, destination, proves, isLoopback) => {
    expect([destinationOf(uri), provesIdentity(uri), isLoopbackUri(uri)]).toEqual([destination, proves, isLoopback]);
  });
});
