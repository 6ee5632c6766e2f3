/** The people of the local world, each with a new browser. */
import { createPerson, type Person } from './person.ts';
import type { Stack } from './stack.ts';

export type Login = 'alice' | 'bob' | 'olga' | 'audrey';

export const personAt = (stack: Pick<Stack, 'issuer' | 'provider'>, login: Login = 'alice'): Person =>
  createPerson({ login, issuer: stack.issuer, providerIssuer: stack.provider.issuer });

/** A browser that is signed in to Assent already. */
export const signedInAt = async (
  stack: Pick<Stack, 'issuer' | 'provider'>,
  login: Login = 'alice',
): Promise<Person> => {
  const person = personAt(stack, login);
  const arrival = await person.visit(`${stack.issuer}/sign-in`);
  if (arrival.kind !== 'page' || arrival.url.pathname !== '/authorizations')
    throw new Error(`${login} is not signed in`);
  return person;
};

/** The value of the browser's session cookie; undefined without one. */
export const sessionOf = (person: Person): string | undefined => person.cookies.get('localhost')?.get('assent-session');
