/** The Functions host knows no precedence of routes: the first function by name whose template matches is called. */
import { describe, expect, it } from 'vitest';
import { createRouter } from '../local/host/routes.ts';
import { endpoints } from '../src/functions/table.ts';

/** A path of each endpoint, as the host gets it, with values that other templates could be mistaken for. */
const examplesOf = (route: string): readonly string[] => {
  if (route.startsWith('{ignored')) return ['/'];
  if (route === '{*path}') return ['/nowhere', '/nowhere/at/all', '/zz-not-found', '/admin/x', '/runtime/x'];
  return ['x', 'token', 'secrets', 'apps'].map((value) => `/${route.replace(/\{\*?\w+\}/g, value)}`);
};

const served = endpoints.flatMap(({ name, route }) => examplesOf(route).map((path) => ({ name, route, path })));

const routes = endpoints.map(({ name, route }) => ({ name, template: route, methods: ['GET'], target: name }));

describe('the routes of all functions', () => {
  it.each(served)('$path reaches $name', ({ name, path }) => {
    expect(createRouter(routes).match('GET', path)?.target).toBe(name);
  });

  it.each(served)('no other template of an earlier name takes $path of $name', ({ name, path }) => {
    const others = routes.filter((one) => one.name !== name && one.name.toUpperCase() < name.toUpperCase());
    for (const other of others)
      expect([other.name, createRouter([other]).match('GET', path)]).toEqual([other.name, undefined]);
  });

  it('have names that differ in more than letter case', () => {
    expect(new Set(endpoints.map(({ name }) => name.toUpperCase())).size).toBe(endpoints.length);
  });
});
