/** Azure on a laptop: managed identity, Table Storage, Key Vault, mail and an OpenID Provider, each checking the others' tokens. */
import { join } from 'node:path';
import { type Certificate, makeCertificate } from './certificate.ts';
import {
  dataIdentity,
  mailAudience,
  signInIdentity,
  storageAudience,
  tokenExchangeAudience,
  vaultAudience,
} from './identity/identities.ts';
import { type IdentityEndpoint, startIdentity } from './identity/identity.ts';
import { type MailService, startMail } from './mail/mail.ts';
import type { Ports } from './ports.ts';
import { type LocalProvider, startProvider } from './provider/provider.ts';
import { localSettings, signInClientId, signingKeyName, wrappingKeyName } from './settings.ts';
import { startTables, type Tables } from './tables.ts';
import { startVault, type Vault } from './vault/vault.ts';

export type Emulators = {
  readonly certificate: Certificate;
  readonly identity: IdentityEndpoint;
  readonly tables: Tables;
  readonly vault: Vault;
  readonly provider: LocalProvider;
  readonly mail: MailService;
  /** Environment for the functions. */
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

export type EmulatorOptions = {
  readonly ports: Ports;
  /** For certificates, and for the data when it is kept. */
  readonly folder: string;
  readonly keepsData: boolean;
  readonly signingKeyType?: 'RSA' | 'EC';
};

/** Starts them all; when one does not start, those that did are stopped before this rejects. */
export const startEmulators = async (options: EmulatorOptions): Promise<Emulators> => {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  const started = async <Part extends { stop(): Promise<void> }>(part: Promise<Part>): Promise<Part> => {
    const running = await part;
    stops.push(() => running.stop());
    return running;
  };
  try {
    return { ...(await startParts(options, started)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

type Started = <Part extends { stop(): Promise<void> }>(part: Promise<Part>) => Promise<Part>;

const startParts = async (
  { ports, folder, keepsData, signingKeyType = 'RSA' }: EmulatorOptions,
  started: Started,
): Promise<Omit<Emulators, 'stop'>> => {
  const certificate = await makeCertificate(join(folder, 'tls'));
  const identity = await started(startIdentity({ port: ports.identity }));
  const tables = await started(
    startTables({
      port: ports.tables,
      certificate,
      folder: keepsData ? join(folder, 'tables') : undefined,
      token: () => identity.issue(dataIdentity, storageAudience),
    }),
  );
  const vault = await started(
    startVault({
      port: ports.vault,
      ...(keepsData && { dataFile: join(folder, 'vault.json') }),
      // The role assignment on the key: the data identity's, nobody else's.
      verifyToken: async (token) => (await identity.verify(token, vaultAudience))?.sub === dataIdentity.principalId,
    }),
  );
  await vault.createKey(signingKeyName, { kty: signingKeyType });
  await vault.createKey(wrappingKeyName, { kty: 'RSA' });
  const provider = await started(
    startProvider({
      port: ports.provider,
      clientId: signInClientId,
      relyingParty: `http://localhost:${ports.assent}`,
      isAccepted: async (assertion) =>
        (await identity.verify(assertion, tokenExchangeAudience))?.sub === signInIdentity.principalId,
    }),
  );
  const mail = await started(
    startMail({
      port: ports.mail,
      verifyToken: async (token) => (await identity.verify(token, mailAudience))?.sub === dataIdentity.principalId,
    }),
  );
  const settings = localSettings({ ports, identityHeader: identity.header, authorityFile: certificate.authorityFile });
  return { certificate, identity, tables, vault, provider, mail, settings };
};
