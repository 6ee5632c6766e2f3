/** People as operators name them: by account, by the claim at the sign-in provider, or by the pseudonym of the audit log. */
import { Failure } from './failure.mjs';

export const personOption = {
  person: {
    type: 'string',
    value: 'who',
    about: 'by account name, by object id, or by the pseudonym of the audit log',
  },
};

/** As the API takes whoever is named so. */
export const namedPerson = (named) => {
  if (/^[0-9a-f]{64}$/.test(named)) return { person: named };
  return named.includes('@') ? { account: named } : { subject: named };
};

/** The pseudonym. Throws `Failure` for nobody, and for more than one. */
export const pseudonymOf = async (named, api) => {
  const { person: pseudonym, ...sought } = namedPerson(named);
  if (pseudonym !== undefined) return pseudonym;
  const query = new URLSearchParams(sought);
  const { people } = (await api.call('GET', `people?${query}`)).body;
  const [person, another] = people;
  if (person === undefined) throw new Failure('refused', `Nobody of that name has ever signed in: ${named}.`);
  if (another !== undefined)
    throw new Failure(
      'refused',
      `Several people have that name: ${people.map((one) => one.person).join(', ')}.`,
      'Name one of them so.',
    );
  return person.person;
};
