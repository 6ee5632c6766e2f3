/** GET /console/authorizations: finds people and their authorizations, or the people of a service. Each look is in the audit log. */
import type { Story } from '../../http/endpoint.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import {
  findPage,
  type HeldView,
  type ListedView,
  ofPersonPage,
  ofServicePage,
  type PersonView,
} from '../../pages/console/authorizations.ts';
import type { Html } from '../../pages/html.ts';
import { answerOf } from './call.ts';
import { consolePage, consoleSite, type Visit } from './visit.ts';

type OfPerson = { readonly authorizations: readonly HeldView[]; readonly next?: string };
type OfService = { readonly count: number; readonly authorizations: readonly ListedView[]; readonly next?: string };

export const authorizations: Story = consolePage((visit) => {
  const query = parseParameters(visit.request.query);
  const [person, clientId, after] = [query.get('person'), query.get('client_id'), query.get('after')];
  if (person !== undefined) return ofPerson(person, { after, ended: query.get('done') === 'ended' }, visit);
  if (clientId !== undefined) return ofService(clientId, after, visit);
  return found({ account: query.get('account'), subject: query.get('subject') }, visit);
});

/** Undefined for whoever never signed in, or was erased. */
export const personOf = (person: string, visit: Visit): Promise<PersonView | undefined> =>
  answerOf<PersonView>('readPerson', { path: { person } }, visit).catch((error: unknown) => {
    if (error instanceof OAuthError && error.reason === 'person_unknown') return undefined;
    throw error;
  });

type PersonPage = { readonly after: string | undefined; readonly ended: boolean };

const ofPerson = async (pseudonym: string, { after, ended }: PersonPage, visit: Visit): Promise<Html> => {
  const said = { path: { person: pseudonym }, query: { after, limit: 25 } };
  const [site, person, listed] = await Promise.all([
    consoleSite(visit),
    personOf(pseudonym, visit),
    answerOf<OfPerson>('listAuthorizationsOfPerson', said, visit),
  ]);
  return ofPersonPage({ ...site, ...listed, pseudonym, person, ended });
};

const ofService = async (clientId: string, after: string | undefined, visit: Visit): Promise<Html> => {
  const query = { client_id: clientId, after, limit: 25 };
  const listed = await answerOf<OfService>('listAuthorizationsOfService', { query }, visit);
  return ofServicePage({ ...(await consoleSite(visit)), ...listed, clientId });
};

type Typed = { readonly account: string | undefined; readonly subject: string | undefined };

/** What is typed wrongly stays, with the reason beside it. */
const found = async (typed: Typed, visit: Visit): Promise<Html> => {
  const view = { ...(await consoleSite(visit)), typed };
  if (typed.account === undefined && typed.subject === undefined) return findPage(view);
  try {
    const { people } = await answerOf<{ people: readonly PersonView[] }>('findPeople', { query: typed }, visit);
    return findPage({ ...view, people });
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return findPage({ ...view, problem: error.description });
  }
};
