/** Where a function answers, for tests of all of them. */
import type { Endpoint } from '../../src/http/endpoint.ts';

export const pathOf = ({ name, route }: Endpoint): string =>
  name === 'home'
    ? '/'
    : `/${route.replaceAll('{client_id}', 'demo-web').replaceAll('{secret_id}', 'x').replaceAll('{*resource}', 'x')}`;
