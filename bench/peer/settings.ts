/** The peer's environment: the names are those of Assent's host where they mean the same. */

/** What the peer must be told. */
export type PeerSettings = {
  readonly issuer: string;
  readonly tablesUrl: string;
  /** `https://<vault>/keys/<name>`; undefined for a key of the process's own. */
  readonly signingKey: string | undefined;
  readonly identityClientId: string;
};

const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
};

/** Throws an Error that names what is missing. */
export const readPeerSettings = (): PeerSettings => ({
  issuer: required('ISSUER'),
  tablesUrl: required('TABLES_URL'),
  signingKey: process.env.PEER_LOCAL_KEY === 'true' ? undefined : required('SIGNING_KEYS'),
  identityClientId: required('DATA_IDENTITY_CLIENT_ID'),
});
