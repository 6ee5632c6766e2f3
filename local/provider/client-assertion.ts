/**
 * Federated credentials, as Entra ID has them: the token of a managed identity is the client's assertion (RFC 7523 §2.2)
 * when its issuer, subject and audience are the registered ones. oidc-provider knows private_key_jwt only, whose issuer
 * and subject are the client id; so an accepted token is exchanged here for such an assertion, made with a key that
 * exists in this process alone. An assertion that is not accepted never reaches the provider.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { readText } from '../listen.ts';

export type Federation = {
  /** Public key of the client, for its registration at the provider. */
  readonly key: JWK;
  /** The token request with an assertion that oidc-provider accepts; undefined when the one it has is refused. */
  admit(request: IncomingMessage): Promise<IncomingMessage | undefined>;
};

type FederationOptions = {
  readonly clientId: string;
  readonly issuer: string;
  readonly isAccepted: (assertion: string) => Promise<boolean>;
};

export const createFederation = async ({ clientId, issuer, isAccepted }: FederationOptions): Promise<Federation> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const exchange = (): Promise<string> =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
  return {
    key: { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' },
    admit: async (request) => {
      const form = new URLSearchParams(await readText(request));
      if (form.get('client_id') !== clientId || !(await isAccepted(form.get('client_assertion') ?? '')))
        return undefined;
      form.set('client_assertion', await exchange());
      return withBody(request, form.toString());
    },
  };
};

/** The same request with another body; the original has been read to its end. */
const withBody = (request: IncomingMessage, body: string): IncomingMessage =>
  Object.create(request, {
    readable: { value: true },
    iterator: { value: () => Readable.from([Buffer.from(body)])[Symbol.asyncIterator]() },
    headers: { value: { ...request.headers, 'content-length': String(Buffer.byteLength(body)) } },
  });
