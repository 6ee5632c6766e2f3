/**
 * What the specifications ask of the server, and where: one requirement a line, in our own words. A test proves a line by
 * carrying its id in brackets at the front of its title; `requirements.test.ts` holds the two equal and writes
 * `docs/requirements.md` from them.
 *
 * "2.1" is draft-ietf-oauth-v2-1, "FAPI" the FAPI 2.0 Security Profile, "ASVS" OWASP ASVS 5.0, "peers" a defect that another
 * server had and published.
 */

export type Requirement = { readonly id: string; readonly source: string; readonly text: string };

const groups: Readonly<Record<string, string>> = {
  MD: 'Metadata and keys',
  AZ: 'Authorization endpoint',
  RM: 'Response modes',
  RU: 'Redirect URIs',
  CO: 'Approval, pages and sessions',
  PK: 'PKCE',
  TK: 'Token endpoint',
  RF: 'Refresh tokens',
  RV: 'Revocation',
  RL: 'The list of what ended',
  SE: 'Security events',
  IN: 'Introspection',
  TX: 'Token exchange',
  RA: 'Authorization details',
  ST: 'Step-up',
  CA: 'Client authentication',
  RG: 'Registration',
  CI: 'Client ID metadata documents',
  MC: 'MCP',
  PR: 'Pushed requests',
  DP: 'DPoP',
  JR: 'Signed requests',
  DV: 'Devices',
  RI: 'Resource indicators',
  AT: 'Access tokens',
  OI: 'OpenID Connect',
  MX: 'Mix-up',
  ER: 'Errors',
  CS: 'Scripts of other origins',
  LO: 'Signing out',
  IP: 'Hostile input',
  F: 'Faults',
};

const table = `
MD01 | RFC 8414 §3.2 | The metadata is a JSON object, served as application/json at its well-known address.
MD02 | RFC 8414 §3.3 | The issuer in it is the URL that its address was built from, byte for byte, whatever headers claim.
MD04 | RFC 8414 §2 | The issuer is an https origin without query or fragment, and so is every endpoint's address below it.
MD05 | RFC 8414 §3.2 | It has no empty array, its arrays hold strings, and it says which response types there are.
MD07 | RFC 9207 §3 | It announces iss in authorization responses.
MD08 | RFC 9700 §2.1.2, §2.4 | It offers neither the implicit nor the password grant, and code is the only response type.
MD10 | RFC 7517, FAPI §5.4.2 | The key set has unique kids and public members only, of keys that are strong enough.
MD11 | RFC 9126 §5 | It says where requests are pushed, and whether they must be.
MD13 | RFC 8414 §2 | What is advertised answers to its proper method; what is not answers 404.
MD14 | RFC 9111, RFC 7517 | Metadata and keys have an ETag and a bounded max-age, that of keys below their publication before use.
MD16 | RFC 9728 §2-3 | The metadata of each resource is served, and names the resource as its tokens do, and this issuer.
AZ01 | 2.1 §3.1 | GET works, and POST of the same form means the same; nothing is half understood.
AZ02 | 2.1 §4.1.1 | Without response_type the client is told invalid_request, with state and iss.
AZ04 | 2.1 §4.1.2.1 | Without a known client_id there is a page and no redirect.
AZ05 | 2.1 §3.1 | Unknown parameters are ignored.
AZ07 | 2.1 §3.1 | No parameter may be sent twice; of client_id or redirect_uri that ends in a page.
AZ08 | 2.1 §4.1.2 | state comes back as it was, or the request is refused; it is never cut short.
AZ10 | RFC 6749 §3.3 | A scope outside of the grammar, unknown, or not for this client is invalid_scope.
AZ11 | RFC 6749 §3.3 | The order of scopes means nothing.
AZ13 | 2.1 §3.1 | Nobody gets a code without having signed in.
AZ14 | peers | A sign-in that has begun and not ended gives no code.
AZ16 | 2.1 §4.1.2, ASVS 10.4.3 | A code lives for 60 seconds.
AZ17 | 2.1 §4.1.2 | The code and the redirect do not give the challenge away.
AZ19 | RFC 9700 §4.11.2 | An error is sent on before sign-in only to clients that an operator registered.
AZ20 | RFC 8252 §8.12 | A framed request, or one that a browser makes ahead of time, gets no code and no page to click on.
AZ22 | 2.1 §4.1.2.1 | When storage fails there is an error, and never a code that cannot be redeemed.
AZ23 | RFC 9126, peers | Nothing of a pushed request shows in addresses, cookies and hidden fields.
AZ25 | Fetch Metadata, peers | What nobody looks at, HEAD and background requests included, begins nothing, writes nothing and gets nothing.
AZ26 | OIDC Core §3.1.2.1 | In a frame, prompt=none is answered at the proven redirect URI, the same whoever is signed in.
AZ28 | peers | No address that we make is longer than the platform takes; a request that would be is refused at its client.
RM01 | Form Post Response Mode §2 | Code or error travel in a form to the proven address, which sends itself, or goes by its button.
RM02 | Form Post Response Mode §2 | Nothing in the form becomes markup, and where a form cannot carry the answer as it is, the mode is refused.
RM03 | JARM §2.1, §2.3 | The answer is one JWT of ours for the client, errors included, by query or by form.
RM04 | JARM §3 | Signed answers are for clients that registered for them, and a client that registered for nothing else gets nothing else.
RM05 | JARM §2.1 | An answer that cannot be signed is a page, and nothing is lost by it.
RU01 | RFC 9700 §2.1 | A redirect URI that is registered is accepted.
RU02 | 2.1 §2.3.1 | Any other spelling or place ends in a page without a redirect.
RU04 | peers | Path tricks with ..; do not get through.
RU05 | 2.1 §2.3 | A redirect URI with a fragment, or a relative one, cannot be registered.
RU07 | peers | One that holds parameters of our answer cannot be registered; an answer never has one of them twice.
RU08 | RFC 8252 §7.3 | On a loopback literal the port is free, and nothing else.
RU10 | 2.1 §8.4.2 | localhost is a name like any other and never stands for the literal.
RU11 | peers | A loopback registration never matches another host.
RU13 | 2.1 §8.4.3 | A private-use scheme needs a period.
RU14 | peers | Schemes that run or read something are refused, however they are spelled.
RU16 | RFC 6749 §3.1.2.4 | The page about a wrong redirect URI does not lead there, and its status is 400.
RU17 | 2.1 §10.2 | redirect_uri at the token endpoint may be absent; if present it is the one of the request.
RU19 | RFC 9700 §4.11 | No page redirects to an address that a request supplied.
RU20 | peers | Client and redirect URI are proven before anything else is looked at, so no error leads astray.
RU21 | RFC 8252 §8.3 | For an app without a secret the port of localhost is free, too; for any other client it is part of the string.
RU22 | RFC 8252 §7.3, RFC 9110 §4.2.3 | On a loopback address an empty path is "/"; the person is always asked there.
CO01 | RFC 6749 §10.13 | No page can be framed, by Content-Security-Policy and by X-Frame-Options.
CO02 | 2.1 §7.11 | Pages run no script and load nothing; their forms go nowhere else, without breaking the redirect to the client.
CO04 | ASVS V3 | Pages are not stored or sniffed, nor shared with other windows but those of the service they lead to; on https browsers are told to stay there.
CO05 | RFC 6749 §10.14 | Hostile names, states and hints are shown as text, and cannot reorder what is read.
CO07 | 2.1 §7.11 | Sign-in and approval belong to the browser that began them.
CO08 | 2.1 §7.11 | An approval page is void once somebody else has signed in.
CO10 | RFC 9700 | One page gives one code, however often it is submitted at once.
CO11 | peers | Only the exact word approves.
CO13 | 2.1 §7.9 | The approval page names the service, where the answer goes, each permission and the account.
CO14 | RFC 8252 §8.6 | Remembered consent answers in silence only where the redirect proves who the client is.
CO16 | ASVS V7 | Session cookies are host-bound, secure, unguessable, and new at each sign-in; the former one is dead.
CO17 | 2.1 §7.9, ASVS 10.4.9 | People see what they authorized, and revoking it works at once.
CO19 | ASVS V2 | A finished approval page, sent again, never gives a second code.
CO20 | HTML §7.1.3, peers | A popup of a service still knows the page that opened it when it is back there.
CO22 | peers | A refusal reaches the service however old the page is, and an approval that is refused keeps the person’s ticks.
CO23 | peers | Signing in again in another tab leaves a person’s open pages good.
CO25 | RFC 9700 §4.16 | A click that was meant for another page answers nothing.
CO26 | RFC 6265 §6.1 | Sign-ins in many tabs never lock the browser out, and only the oldest are given up.
CO28 | RFC 6749 §4.1.2.1 | People are told what went wrong in words for people, with a way on.
PK01 | RFC 7636 §4.4.1 | A public client cannot do without a challenge.
PK02 | FAPI §5.3.2.2 | Nor can a confidential one.
PK04 | RFC 7636 §4.4.1 | There is no method but S256; an unknown or absent one is refused.
PK05 | RFC 7636 §4.2 | A challenge is the base64url of 32 bytes and nothing else.
PK07 | RFC 9700 §4.8 | There is no way to a code without a challenge, and so none to downgrade to.
PK08 | 2.1 §4.1.3 | A wrong, empty or mistaken verifier is invalid_grant.
PK10 | peers | The method is stored with the code: another instance asks for the same.
PK11 | 2.1 §7.5.1 | A code from somebody else's browser is worth nothing with one's own verifier.
PK12 | 2.1 §7.5.1 | Only a sign-in of a confidential client does without PKCE, with a nonce or an operator's word, and never half.
TK01 | 2.1 §3.2 | Only POST works, the others get 405 with Allow, and the query string counts for nothing.
TK02 | 2.1 §3.2.2 | Only form-encoded bodies are read.
TK04 | 2.1 §3.2.3 | Success is 200 JSON with access_token, token_type, expires_in and scope.
TK05 | 2.1 §3.2.3, RFC 6749 §5.1 | No answer may be stored, errors included.
TK07 | 2.1 §3.2 | No parameter may be sent twice.
TK08 | 2.1 §3.2 | Unknown parameters are ignored, and an empty scope is no scope.
TK10 | 2.1 §4.1.3, ASVS 10.4.2 | A valid replay of a code ends what came of it.
TK11 | 2.1 §7.5.2 | An invalid replay changes nothing.
TK13 | 2.1 §4.1.3 | A code works for the client that it was issued to.
TK14 | peers | Every combination of wrong client, age, use, verifier and redirect URI is refused.
TK16 | 2.1 §4.1.3 | A public client must say who it is.
TK17 | 2.1 §4.2 | client_credentials is for confidential clients and gives no refresh token.
TK19 | 2.1 §7.7 | Tokens cannot be guessed and do not resemble one another.
TK20 | RFC 8725 §2.8 | No kind of token or code passes for another.
TK22 | peers | What was issued to a person who has been cut off is refused.
TK23 | peers | What was issued to a client that is gone, or at a redirect URI that is gone, is refused.
TK25 | 2.1 §3.2.4 | Errors are well-formed JSON and tell nothing of what is inside.
RF01 | 2.1 §4.3.1 | A refresh token works for the client that it was issued to.
RF02 | 2.1 §4.3.1 | A confidential client proves itself to refresh.
RF04 | RFC 9700 §4.14.2 | A token replaced long ago is refused, and its family ends.
RF05 | FAPI §5.3.2.1 | A token replaced a moment ago gives the same successor again.
RF07 | peers | Such repeats are bounded.
RF08 | 2.1 §4.3.1 | Concurrent refreshes end with one live refresh token.
RF10 | RFC 6749 §6 | Without scope it is all that was granted.
RF11 | 2.1 §4.3.3, ASVS 10.4.8 | Idle and absolute expiry both hold, and rotation does not move the absolute one.
RF13 | peers | A replaced token stays refused after a restart and on another instance.
RF14 | FAPI §5.3.2.1 | Refresh tokens rotate for clients with a secret and without.
RF16 | RFC 8707 §2.2 | A resource outside of the grant is invalid_target, and nothing rotates.
RV01 | RFC 7009 §2.1 | A confidential client proves itself to revoke.
RV02 | RFC 7009 §2.1 | Another client's token is refused and stays alive.
RV04 | RFC 7009 §2.1 | A wrong or unknown hint does not matter.
RV05 | RFC 7009 §2.1 | With a refresh token go its access tokens; an access token goes alone.
RV07 | RFC 7009 §2 | token is required, GET is refused, callback is ignored.
RV08 | RFC 7009 §2.2 | When storage fails it is 503 and never a success.
RL01 | Assent | What ends a session or a token is named by the list of GET /revocations within seconds.
RL02 | Assent | A list is signed, of its own type, and expires.
RL03 | Assent | Neither two hosts nor a storage that is away make the list miss what has ended.
RL04 | Assent | What was revoked is refused by an API that consults the list; without one tokens count until they expire.
SE01 | RFC 8417 §2.2, §4 | A security event has the type and claims of one, and passes for no other token.
SE02 | RFC 8936 §2.4 | An event is delivered until it is acknowledged or refused, and not after.
SE03 | RFC 8936 §2.2, §2.3 | maxEvents is heeded, and moreAvailable says the truth.
SE04 | RFC 8936 §4.3 | A recipient gets the events of its own resources alone.
SE05 | RFC 8936 §2.5 | Who is no recipient, and what is no poll, is refused.
IN01 | RFC 7662 §2.1 | Only a confidential client that proves itself may ask, by POST.
IN02 | RFC 7662 §2.2 | Whatever is not active is exactly {"active":false}.
IN04 | RFC 7662 §2.2 | What is active is described as its claims are.
IN05 | RFC 7662 §4 | No answer may be stored.
IN07 | peers | A revoked token without a person behind it is inactive too.
IN08 | RFC 9701 §5 | Signed for whoever asks, where they ask for that, it says the same.
ST01 | RFC 9470 §4, §6.2 | The token and introspection say how the person signed in, and acr_values gets another level.
ST02 | RFC 9470 §4, §6.2 | They say when, max_age gets a later time, and a refresh changes neither.
ST03 | RFC 8693, RFC 9470 | An exchanged token says both as the first one did.
RA01 | RFC 9396 §5 | What is not exactly as a type was declared, or not for this client, is invalid_authorization_details.
RA02 | RFC 9396 §6.1, §7, §9 | What was approved is in the answer, the token and introspection, and can only be narrowed.
RA03 | RFC 9396 §1 | People read what exactly is asked for, before they decide and as long as it holds.
RA04 | RFC 9396 §12 | Nothing but the person's answer to this very request allows it.
RA05 | RFC 9396 §6 | It is for every grant that gives access tokens.
RA06 | RFC 9396 §10 | The types are announced.
TX01 | RFC 8693 §2.2.1 | An exchanged token is for its new client, says whose session it belongs to, and ends no later than the other.
TX02 | RFC 8693 §4.1 | It says who acts for whom, all of them, and no more than five.
TX03 | RFC 8693 §2.1, §5 | It is worth no more than the token it was exchanged for, and no more than the client's policy.
TX04 | RFC 8693 §2.2.2 | What is dead, of another kind or not within the policy is invalid_request, without a word of which.
TX05 | RFC 8693 §2.1, §3 | Tokens come with their types, and only access tokens are exchanged.
TX06 | RFC 8693 §5 | Nobody exchanges anything that an operator has not said.
TX07 | RFC 7009, RFC 7662 | It dies with the authorization behind it and with either client; given back, it dies alone.
TX08 | RFC 8693 §1.1 | A service's own token can be exchanged like a person's.
CA01 | 2.1 §3.2.4 | Failed authentication is 401 invalid_client with a challenge.
CA02 | 2.1 §2.4 | Two methods at once are refused.
CA04 | 2.1 §2.2 | A confidential client needs its secret, and empty or literal nothings are none.
CA05 | 2.1 §2.4 | A client with a secret proves itself by it, in the header or in the body; one without presents none.
CA07 | RFC 7523 §3, FAPI §5.3.2.1 | The audience of a client assertion is the issuer alone, unless the client is registered otherwise.
CA08 | RFC 7523 §3 | An assertion has a lifetime that is short and not over, an id, and is taken once.
CA10 | RFC 8725 | Its key is the client's own, whatever its header says; nothing that a header names is fetched.
CA11 | RFC 7521 §4.2 | Its type, subject and client_id must fit together.
CA13 | 2.1 §2.4.1 | Guessing secrets is slowed down, and the right one works again afterwards.
CA14 | RFC 7591 §2 | Keys are public and strong, by value or by address; a new one at the address is taken within a minute.
CA16 | RFC 7592 §3 | A secret is shown once, by the answer that made it.
RG01 | RFC 7591 §3.2.1 | A client that registers itself is told its metadata, its id, and a secret with its end, in an answer that nobody stores.
RG02 | RFC 7591 §3.2.2 | Metadata that is wrong, hostile or not offered is refused with the code for it, whatever it is.
RG03 | RFC 7591 §5 | Nothing that is an operator's to give can be had by asking for it.
RG04 | RFC 7592 §2 | With its registration access token, and with nothing else, a client reads, replaces and deletes its registration.
RG05 | RFC 7591 §1.2 | Where registration takes an initial access token, it counts so many clients and so long, raced or not.
RG06 | RFC 7591 §2.3 | A software statement of a trusted issuer has the last word; others are refused.
RG07 | RFC 7591 §5 | Registrations that nobody uses disappear; those in use live on.
RG08 | RFC 7591 §5 | Registrations of one address are limited.
RG09 | RFC 9700 §4.11.2 | Nobody is taken to an address that a stranger registered before they have signed in.
RG10 | RFC 8252 §8.6 | A secret that anybody gets proves nothing: only a web address is answered in silence.
RG11 | OIDC Registration §2 | application_type and the redirect URIs fit each other.
RG12 | RFC 7591 §2.2 | What people read of a client is taken in several languages, each checked as the one without a tag.
RG13 | RFC 7591 §2 | The picture that an operator's registration names is fetched once and served from here.
RG14 | RFC 7591 §2 | An address that gives no picture, or leads inside, leaves the service with its letter.
RG15 | RFC 7591 §5 | What nobody has verified is shown without the picture that it names, which is not even fetched.
CI01 | CIMD §3 | A client_id is the address of a document only in its one normal form: https with a path, no userinfo, fragment or dot segments.
CI02 | CIMD §4 | The document names its own address, byte for byte, and holds no secret.
CI04 | CIMD §8.6, RFC 6890 | Documents are not looked for at addresses that only the server can reach.
CI05 | CIMD §5, §8.7 | Large and slow documents are errors; errors are not remembered, and not asked for at will.
CI07 | CIMD §7 | A client that says that it has keys proves itself by them.
CI08 | CIMD §8 | The consent page shows the host; a changed document asks again and shows what changed.
CI10 | peers | Generated ids are no addresses; a registered client wins over a document.
CI11 | CIMD §6 | The metadata says so exactly where documents are taken.
CI12 | CIMD §8 | A deployment says whose documents it takes.
MC01 | MCP authorization | The scenarios for authorization servers of the MCP project's conformance package pass, in each revision that has them.
MC02 | MCP authorization 2025-03-26 to 2026-07-28 | A client that knows the address of an MCP server and nothing else comes to a tool's answer, in each way in which it can be known.
MC03 | MCP authorization, Canonical Server URI | A client may name a resource with a slash at the end of its path or without, and write its host in any case; the audience has the spelling that is configured, and nothing else is made equal.
PR01 | RFC 9126 §2.2, FAPI §5.3.2.2 | A push is answered 201 with a request_uri that cannot be guessed and a lifetime of less than ten minutes.
PR02 | RFC 9126 §5, §6 | A client or a deployment that requires pushing refuses every other request.
PR04 | RFC 9126 §2.1 | Nobody pushes for a client without proving to be it.
PR05 | RFC 9126 §2.1, §2.3 | What /authorize would refuse is refused when it is pushed, where the client reads it.
PR07 | RFC 9126 §2.2, §4 | A request_uri ends, belongs to the client that pushed it, and one that was never ours is a page.
PR08 | RFC 9126 §7.3 | It is used up by an answer, not by looking; the same answer again is the same.
PR10 | RFC 9126 §2.3 | Pushes come by POST, in bodies of a sensible size.
PR13 | RFC 9126 §7.3 | However many answer one request at once, one code comes of it.
DP01 | RFC 9449 §5, §6.1 | A token request with a proof gets a token of type DPoP that names the key, at every grant.
DP02 | RFC 9449 §4.3 | Two proofs are none.
DP04 | RFC 9449 §4.3 | htu is compared without query and fragment, and normalized.
DP05 | RFC 9449 §4.3, §11.1 | A proof may be a little old or early, and no more than that.
DP07 | RFC 9449 §8 | A nonce that is not ours or too old is asked for anew; a good one holds at every instance.
DP08 | RFC 9449 §10 | A code whose request or push named a key is redeemed by that key alone.
DP10 | RFC 9449 §5.2 | A client that must be bound is refused without a proof.
DP11 | RFC 9449 §7 | A bound token is taken with a proof by its key for this token and request, and never as a bearer token.
DP13 | RFC 9449 §5 | A public client's refresh token is bound to its key; a confidential client may change it.
DP14 | peers | No grant gives an unbound token to a client that must be bound.
JR01 | RFC 9101 §6.2 | A request object is signed by a key of the client that it names.
JR02 | RFC 9101 §5, §6.3 | Nothing outside of it counts, and the client inside and outside is the same.
JR04 | RFC 9101 §4 | It holds no other request.
JR05 | RFC 9101 §10, FAPI | It is for this server, and for a short time that is now.
JR08 | RFC 9101 §10.8 | A JWT that was made for something else is none.
JR10 | RFC 8725 | What is no JWT is refused, whatever it is.
DV01 | RFC 8628 §3.2 | A device gets a device code, a user code, two addresses, a lifetime and an interval, in an answer that is not stored.
DV02 | RFC 8628 §3.5 | It hears authorization_pending, slow_down, access_denied and expired_token, and tokens once the person has approved.
DV04 | RFC 8628 §3.4, §3.5 | A device code gives tokens once, however many ask at once; a second use is invalid_grant and ends nothing.
DV05 | RFC 8628 §5.1 | Whoever tries user codes is stopped long before a guess is likely.
DV07 | RFC 8628 §3.3, §6.1 | The page takes a code in any case and punctuation, from its own form only, and shows it escaped.
DV08 | RFC 8628 §3.3.1, §5.4 | It names client, permissions and device, warns of codes from others, and asks for a step after a link.
RI01 | RFC 8707 §2 | A resource that is no absolute URI without fragment is invalid_target.
RI02 | RFC 8707 §2 | So is an unknown one, at either endpoint.
RI04 | RFC 8707 §2, RFC 9068 §3 | The audience is the resource that was asked for, to the letter.
RI05 | RFC 8707 §2 | Several resources are all meant, or the request is refused.
RI07 | peers | A token for a resource is never one for this server.
RI08 | RFC 8707 §2, RFC 9110 §4.2.3 | An empty path and "/" are the same resource; the audience has the spelling that is configured.
RI09 | RFC 8707 §2.2 | No audience is one at which nothing was granted, or that has left the configuration.
AT01 | RFC 9068 §2.1 | The header says at+jwt, an asymmetric algorithm, and a published kid.
AT02 | RFC 9068 §2.2 | Every required claim is there, and exp is iat plus expires_in.
AT04 | RFC 8725 §3 | Forged, altered or oddly spelled tokens are refused.
AT05 | RFC 9068 §4 | No other JWT of ours passes for an access token.
AT07 | RFC 7517, NIST SP 800-57 | Keys are published before their first use, and until their last token has expired.
AT08 | RFC 6750 §2 | A token in the query or a form does not count, and not beside the header either.
AT09 | RFC 9068 §2.2.2 | It tells of a person what each of its resources may know, and no more.
AT10 | RFC 9110 §11.1 | The scheme is read in any case.
OI01 | OIDC Core §2, §3.1.3.6 | A sign-in gives an ID token with all that is required, signed with a published key, and at_hash is right.
OI02 | OIDC Core §15.5.2 | A nonce comes back exactly as it was sent, however long, or not at all.
OI03 | OIDC Core §12.2 | A refresh gives a new ID token about the same sign-in, without the nonce.
OI04 | OIDC Core §5.3 | Userinfo answers a token with openid, by GET and POST, in header and form, and others as RFC 6750 says.
OI05 | OIDC RP-Initiated Logout §3 | An address that is not registered, or an ID token of another client, sends nobody anywhere.
OI06 | OIDC Discovery §3 | The metadata is complete for OpenID Connect.
OI07 | OIDC Core §3.1.2.1, §5.4 | Scopes of OpenID Connect are no permissions: what we have is told, what we have not is ignored.
OI08 | OIDC Core §5.5 | The claims parameter has single claims told that the person allows, names people, and requires levels.
OI09 | OIDC Core §3.1.2.1 | prompt, max_age and their defaults are kept, and what has no meaning here does no harm.
OI10 | OIDC Core §3.1.2.1 | An id_token_hint, expired or not, lets nobody else be answered for.
OI11 | OIDC Core §8 | Clients that want pairwise subjects get them in everything, the same within a sector that is proven.
OI12 | OpenID conformance suite, basic | What its modules try of the code flow has the outcome that they expect.
MX01 | RFC 9207 §2 | Every authorization response has exactly one iss, the issuer.
ER01 | RFC 9110 §15.5.6 | 405 always says what is allowed.
ER02 | 2.1 §3.2.4 | Services get JSON and people get pages, whatever Accept says.
ER04 | peers | A defect of ours is server_error and not a word more.
ER05 | 2.1 §4.1.2.1 | Overload is 503 temporarily_unavailable with Retry-After.
ER07 | 2.1 §1.5 | Deployed, there is https only, and browsers are told so.
CS01 | 2.1 §3.1, RFC 9700 §2.6 | Pages answer no script of another origin.
CS02 | 2.1 §3.2 | Metadata and keys may be read from anywhere, without credentials.
CS04 | Fetch | A preflight is answered where scripts may call, and useful headers are exposed.
CS05 | Fetch | So are refusals.
CS06 | 2.1 §7.5, browser-based apps | A single-page app of another origin signs in, renews, revokes and signs out with an ordinary library, with DPoP too.
LO01 | OIDC RP-Initiated Logout §2 | With an ID token of the session, however old, a service signs the person out, and they go on at its registered address with its state.
LO02 | OIDC RP-Initiated Logout §2 | Without one, or with one of another session, the person is asked, and nothing happens until they agree.
LO03 | OIDC RP-Initiated Logout §3, §4 | Whatever is wrong with the request, nobody is signed out or sent anywhere by it, and can still sign out.
LO04 | OIDC RP-Initiated Logout §2.1, §3.1, OIDC Back-Channel Logout §2.1, §2.2 | Addresses for both are checked when they are registered, and the metadata offers both.
LO05 | OIDC Back-Channel Logout §2.4, §2.5 | When a session ends, each service that it signed the person in to is sent one logout token, signed as ID tokens are.
LO06 | OIDC Back-Channel Logout §2.7, OIDC Core §11 | With the session end its unredeemed codes, and its refresh tokens but those of offline_access.
LO07 | OIDC Back-Channel Logout §2.5 | Nobody waits for a slow service; it is told again for a day, also after a restart.
LO08 | OIDC Back-Channel Logout §2.3 | Services hear of a person's sessions that an operator voids.
LO09 | OIDC Back-Channel Logout §2.3 | A code is given in a session that ends at the same time only if its service is told.
IP01 | ASVS V4 | Bodies that are too long or never end are refused at once.
IP02 | ASVS V4 | Too many or too long parameters are refused before storage is asked.
IP04 | Table Storage | Characters that storage keys cannot hold are just not found.
IP05 | RFC 6749 §10.14 | Nothing in a parameter becomes part of a query.
IP07 | ASVS V1 | Names of JavaScript's own objects are names like any other.
IP08 | ASVS V1 | Parameter names are literal.
IP10 | ASVS V1 | No input makes a pattern run for long.
IP11 | ASVS V4 | Nothing in a parameter becomes a header.
IP13 | ASVS V4 | Compressed bodies are refused.
IP14 | ASVS V1 | Whatever the grammar can produce, there is no 5xx, no malformed error and no token for nobody.
F25 | RFC 9700 | A clock that jumps back revives nothing beyond its bounds.
`;

export const requirements: readonly Requirement[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [id = '', source = '', ...text] = line.split(' | ');
    return { id, source, text: text.join(' | ') };
  });

/** Where a test claims an id: the ids stand at the front of a string. */
const claim = /['"`]((?:\[[A-Z]{1,2}\d{2}\] ?)+)/g;

/** Ids that a source file claims to prove. */
export const claimedIn = (source: string): readonly string[] =>
  [...source.matchAll(claim)].flatMap(([, ids = '']) => ids.match(/[A-Z]+\d+/g) ?? []);

/** The document of all requirements. `files` maps an id to the files whose tests carry it, relative to `test/`. */
export const requirementsDocument = (files: ReadonlyMap<string, readonly string[]>): string => {
  const section = ([prefix, title]: readonly [string, string]): string => {
    const rows = requirements.filter(({ id }) => id.replace(/\d+$/, '') === prefix);
    const lines = rows.map(({ id, source, text }) => {
      const tests = (files.get(id) ?? []).map((file) => `[${file}](../test/${file})`).join(', ');
      return `| ${id} | ${source} | ${text} | ${tests} |`;
    });
    return [`## ${title}`, '', '| id | source | requirement | tests |', '|---|---|---|---|', ...lines].join('\n');
  };
  return `${[introduction, ...Object.entries(groups).map(section)].join('\n\n')}\n`;
};

const introduction = `# Requirements and their tests

What the specifications ask, in our words, and the tests whose titles carry the id. Made from \`test/requirements.ts\` by
\`UPDATE_DOCS=1 npx vitest run test/requirements.test.ts\`; a test holds it in step.

"2.1" is draft-ietf-oauth-v2-1, "FAPI" the FAPI 2.0 Security Profile, "ASVS" OWASP ASVS 5.0, "peers" a defect that another
server had and published.`;
