/** What a client may say of itself when it registers (RFC 7591 §2), which is less than an operator may. */
import { openidScopes } from '../access/openid-scopes.ts';
import { type Resource, reservedPrefix } from '../access/resources.ts';
import { destinationOf } from '../authorization/redirect-uri.ts';
import { type Client, isSecretOf } from './client.ts';
import { clientMetadata } from './client-metadata.ts';
import { type ClientRegistration, invalid } from './metadata/theme.ts';
import { webAddress } from './metadata/values.ts';

type Body = Readonly<Record<string, unknown>>;

const ourPrefix = 'assent_';

/** Our own extensions are an operator's word: what the registrant says of them is not heard (RFC 7591 §2: unknown members). */
const isOurs = ([name]: readonly [string, unknown]): boolean => name.startsWith(ourPrefix);

/** Throws `invalid_client_metadata` for what is no JSON object. */
export const objectIn = (body: unknown): Body => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('registration_not_an_object', 'the body must be a JSON object');
  return body as Body;
};

/**
 * The body as an operator could have sent it. What an operator said of the client stays; that they had checked it is theirs
 * to say again.
 */
export const ownMetadata = (body: Body, resources: readonly Resource[], before?: Client): Body => {
  const said = Object.entries(body).filter((entry) => !isOurs(entry));
  const kept = before === undefined ? [] : Object.entries(clientMetadata(before)).filter(isOurs);
  const { assent_verified: _, logo_uri: logo, ...metadata } = Object.fromEntries([...said, ...kept]);
  return {
    ...metadata,
    ...addressIn(logo),
    client_name: body.client_name ?? nameFrom(body),
    scope: knownScopes(body.scope, resources),
  };
};

/** RFC 7591 §3.2.1: no client needs a picture, so one that nobody could fetch, such as one written out in `data:`, is left out. */
const addressIn = (logo: unknown): { readonly logo_uri?: string } => {
  const address = webAddress.safeParse(logo);
  return address.success ? { logo_uri: address.data } : {};
};

/** People must be able to tell who asks: by where the answer goes, if by nothing else. */
const nameFrom = ({ redirect_uris: uris }: Body): string => {
  const [first] = Array.isArray(uris) ? (uris as readonly unknown[]) : [];
  return typeof first === 'string' && URL.canParse(first) ? destinationOf(first).slice(0, 100) || unnamed : unnamed;
};

const unnamed = 'Unnamed service';

/** Scopes that any client may ask people for. */
export const scopesForAnybody = (resources: readonly Resource[]): readonly string[] =>
  [...new Set([...openidScopes, ...resources.flatMap(({ permissions }) => [...permissions.keys()])])].filter(
    (scope) => !scope.startsWith(reservedPrefix),
  );

/**
 * Libraries register scopes of the service that they were made for first. What we do not have is left out, and the answer says
 * what there is (RFC 7591 §3.2.1). With nothing left, it is as if nothing had been said. MCP clients register what they start
 * with, and ask for more when a tool needs it: a client may ask for all that the resources of its scopes have. Nobody who could
 * register again is held by a limit of their own, and people decide.
 */
const knownScopes = (scope: unknown, resources: readonly Resource[]): unknown => {
  if (typeof scope !== 'string') return scope;
  const named = scope.split(' ');
  const isHere = ({ permissions }: Resource) =>
    named.some((one) => !openidScopes.includes(one) && permissions.has(one));
  const places = resources.filter(isHere);
  const more = places.flatMap(({ permissions }) => [...permissions.keys()]);
  const offered = scopesForAnybody(resources);
  return [...new Set([...named, ...more])].filter((one) => offered.includes(one)).join(' ');
};

/** What a stranger gets is decided by people: nothing is theirs by their own word. Throws `invalid_client_metadata`. */
export const requireForPeople = ({ grantTypes }: ClientRegistration): void => {
  if (grantTypes.includes('client_credentials'))
    throw invalid('registration_of_own_grant', 'client_credentials is for services that an operator registered');
};

/** RFC 7592 §2.2. Throws `invalid_client_metadata`. */
export const requireSameClient = (body: Body, client: Client, now: number): void => {
  if (body.client_id !== client.clientId)
    throw invalid('registration_of_other_client', 'client_id must be that of the client');
  const { client_secret: secret } = body;
  if (secret !== undefined && !(typeof secret === 'string' && isSecretOf(client, secret, now)))
    throw invalid('registration_secret_differs', 'client_secret must be the one that was issued, or be left out');
};

/** The metadata as the client itself reads it (RFC 7591 §3.2.1). */
export const describedToItself = (client: Client): Body =>
  Object.fromEntries(Object.entries(clientMetadata(client)).filter((entry) => !isOurs(entry)));
