/**
 * A certificate for the table emulator, which takes bearer tokens over https only: a throw-away authority and one leaf
 * for localhost. Node reads X.509 but does not write it, so the few structures (RFC 5280) are put together here.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  utcTime,
  utf8String,
} from './der.ts';

const usualDays = 365;

export type Certificate = {
  /** File for NODE_EXTRA_CA_CERTS. */
  readonly authorityFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** The authority in PEM, for clients in this process: NODE_EXTRA_CA_CERTS is read only when a process starts. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
};

/** Makes a new authority and leaf and writes them to `folder`. The authority's key is never written anywhere. */
export const makeCertificate = async (folder: string, validDays = usualDays): Promise<Certificate> => {
  const authorityKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leafKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name: 'Assent local authority', key: authorityKeys };
  const authority = issueCertificate({
    subject: issuer.name,
    publicKey: authorityKeys.publicKey,
    issuer,
    isAuthority: true,
    validDays,
  });
  const certificate = issueCertificate({
    subject: 'localhost',
    publicKey: leafKeys.publicKey,
    issuer,
    isAuthority: false,
    validDays,
  });
  const key = leafKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const files = {
    authorityFile: join(folder, 'authority.pem'),
    certificateFile: join(folder, 'localhost.pem'),
    keyFile: join(folder, 'localhost.key'),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(files.authorityFile, authority);
  await writeFile(files.certificateFile, certificate);
  await writeFile(files.keyFile, key, { mode: 0o600 });
  return { ...files, authority, certificate, key };
};

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

const nameOf = (commonName: string): Buffer =>
  sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(commonName))));

type Order = {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer: {
    readonly name: string;
    readonly key: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  };
  readonly isAuthority: boolean;
  readonly validDays: number;
};

/** RFC 5280 §4.1: a version 3 certificate in PEM. */
const issueCertificate = ({ subject, publicKey, issuer, isAuthority, validDays }: Order): string => {
  const yesterday = new Date(Date.now() - 86_400_000);
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    nameOf(issuer.name),
    sequence(utcTime(yesterday), utcTime(new Date(yesterday.getTime() + validDays * 86_400_000))),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, extensions({ publicKey, issuerKey: issuer.key.publicKey, isAuthority })),
  );
  const signature = sign('sha256', toBeSigned, issuer.key.privateKey);
  const base64 = sequence(toBeSigned, ecdsaWithSha256, bitString(signature)).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
};

const extension = (identifier: string, critical: boolean, value: Uint8Array): Buffer =>
  sequence(objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value));

const keyIdentifier = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();

type Extended = { readonly publicKey: KeyObject; readonly issuerKey: KeyObject; readonly isAuthority: boolean };

/** RFC 5280 §4.2: which key signed which, what the key may do, and for which names. */
const extensions = ({ publicKey, issuerKey, isAuthority }: Extended): Buffer => {
  const common = [
    extension('2.5.29.19', true, isAuthority ? sequence(boolean(true)) : sequence()),
    extension('2.5.29.14', false, octetString(keyIdentifier(publicKey))),
    extension('2.5.29.35', false, sequence(tagged(0, keyIdentifier(issuerKey), false))),
  ];
  if (isAuthority) return sequence(...common, extension('2.5.29.15', true, bitString(Buffer.from([0b0000_0100]), 2)));
  const serverAuthentication = sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'));
  const names = sequence(tagged(2, Buffer.from('localhost'), false), tagged(7, Buffer.from([127, 0, 0, 1]), false));
  return sequence(
    ...common,
    extension('2.5.29.15', true, bitString(Buffer.from([0b1000_0000]), 7)),
    extension('2.5.29.37', false, serverAuthentication),
    extension('2.5.29.17', false, names),
  );
};
