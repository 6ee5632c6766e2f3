import { describe, expect, it } from 'vitest';
import { browserNamesOf, countryIn, networkOf, programKindOf } from '../../src/oauth/grants/use.ts';

const onPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
const edge =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0';
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15';

describe('What is remembered of a use', () => {
  it.each([
    [undefined, 'server'],
    ['', 'server'],
    ['node', 'server'],
    ['python-requests/2.32.3', 'server'],
    ['openid-client/v6.8.1', 'server'],
    ['Go-http-client/1.1', 'server'],
    [firefox, 'browser'],
    [onPhone, 'phone'],
    ['okhttp/4.12.0', 'phone'],
    ['Contoso Desktop/3', 'program'],
  ])('%j is a %s', (userAgent, kind) => {
    expect(programKindOf(userAgent)).toBe(kind);
  });

  it.each([
    [edge, { browser: 'Edge', system: 'Windows' }],
    [firefox, { browser: 'Firefox', system: 'Linux' }],
    [edge.replace(' Chrome', ' HeadlessChrome').replace(/ Edg.*/, ''), { browser: 'Chrome', system: 'Windows' }],
    [safari, { browser: 'Safari', system: 'macOS' }],
    [onPhone, { browser: 'Safari', system: 'iOS' }],
    ['<b>me</b>', { browser: undefined, system: undefined }],
    [undefined, { browser: undefined, system: undefined }],
  ])('of a browser that says %j it is names of ours, never what it says', (userAgent, names) => {
    expect(browserNamesOf(userAgent)).toEqual(names);
  });

  it.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['unknown', undefined],
    [undefined, undefined],
  ])('of %j it is the network %j, never the address', (source, network) => {
    expect(networkOf(source)).toBe(network);
  });

  it.each([
    ['de', 'DE'],
    ['JP', 'JP'],
    ['Germany', undefined],
    ['<b', undefined],
    [undefined, undefined],
  ])('a proxy that says %j names %j', (header, country) => {
    expect(countryIn(header)).toBe(country);
  });
});
