/** A person of whom there is a row of every kind. */
import { type Admin, adminWith, ownTokenOf } from './admin.ts';
import { registerApp } from './apps.ts';
import { pageOf } from './managing.ts';
import { type Login, signedInAt } from './people.ts';
import type { Person } from './person.ts';
import { press, rule } from './policy.ts';
import { demoServices, register, type Service, type TokenSet } from './service.ts';
import type { Stack } from './stack.ts';

export type Everything = {
  readonly person: Person;
  /** Authorized, with a session of the browser at it; told of its end if there is an address for that. */
  readonly service: Service;
  readonly tokens: TokenSet;
  /** Registered by the person. */
  readonly app: Service;
};

/** The person signs in, authorizes, refuses, asks an operator and registers a service. Those who may register are operators. */
export const everythingOf = async (
  stack: Stack,
  login: Login,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<Everything> => {
  const person = await signedInAt(stack, login);
  const service = await register(stack.issuer, { client_name: 'Fabrikam Everything', ...metadata });
  const tokens = await service.tokens(person, { scope: 'openid vso.work' });
  const refused = await register(stack.issuer, { client_name: 'Refused' });
  await person.authorize(refused.authorization().url, { decision: 'deny' });
  const app = await registerApp(person, stack, { client_name: 'Of my own' });
  await askOperator(stack, person);
  return { person, service, tokens, app };
};

/** Leaves the rules as they were. */
const askOperator = async (stack: Stack, person: Person): Promise<void> => {
  const operate: Admin = async (...call) =>
    adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))(...call);
  const [resource] = JSON.parse(stack.settings.RESOURCES ?? '[]') as { identifier: string }[];
  await rule(stack, operate, { needs_operator: [{ resource: resource?.identifier, scope: 'vso.code' }] });
  const service = await register(stack.issuer, { client_name: 'Waiting' });
  const page = await pageOf(person, service.authorization({ scope: 'vso.code' }).url);
  await press(person, page, 'ask operator');
  await rule(stack, operate);
};
