/** People as operators name them: by account, by the claim at the sign-in provider, or by the pseudonym of the audit log. */
import { Failure } from './failure.mjs';

export const personOption = {
  person: {
    type: 'string',
    value: 'who',
    about: 'by account name, by object id, or by the pseudonym of the audit log',
  },
};

/** The pseudonym. Throws `Failure` for nobody, and for more than one. */
export const pseudonymOf = async (named, api) => {
  if (/^[0-9a-f]{64}$/.test(named)) return named;
  const query = new URLSearchParams(named.includes('@') ? { account: named } : { subject: named });
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
