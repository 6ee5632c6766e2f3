/** A site with documents of clients, on loopback: what it answers is the test's to say. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../../local/certificate.ts';
import { type Handler, type Listening, listen } from '../../local/listen.ts';
import { createService, type Service } from './service.ts';

type SiteAnswer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text or bytes as they are. Undefined: no answer at all. */
  readonly body?: unknown;
};

export type DocumentSite = {
  /** Address of a document of this name. */
  addressOf(name: string): string;
  /** How often a document was asked for. */
  asked(name: string): number;
  /** What is answered there from now on. */
  answer(name: string, answer: SiteAnswer): void;
  /** Puts the document of a client there. */
  publish(name: string, metadata?: Readonly<Record<string, unknown>>): void;
  /** The client of that document, as one without a secret. */
  service(issuer: string, name: string): Service;
  stop(): Promise<void>;
};

const redirectUri = 'https://agent.tailspin.example/callback';

/** Over https for libraries that take nothing else, with a certificate that the stack trusts. */
const listenSecurely = async (
  { certificate, key }: Pick<Certificate, 'certificate' | 'key'>,
  handle: Handler,
): Promise<Listening> => {
  const server = createServer({ cert: certificate, key }, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `https://localhost:${port}`, port, stop };
};

/** Over http, unless there is a certificate. */
export const startDocumentSite = async (certificate?: Certificate): Promise<DocumentSite> => {
  const answers = new Map<string, SiteAnswer>();
  const counts = new Map<string, number>();
  const handle: Handler = (request, response) => {
    const name = (request.url ?? '/').slice(1);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const { status = 200, headers = {}, body } = answers.get(name) ?? { status: 404, body: '' };
    if (body === undefined) return;
    const sent = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(sent);
  };
  const server = certificate === undefined ? await listen(0, handle) : await listenSecurely(certificate, handle);
  const site: DocumentSite = {
    addressOf: (name) => `${server.url}/${name}`,
    asked: (name) => counts.get(name) ?? 0,
    answer: (name, answer) => void answers.set(name, answer),
    publish: (name, metadata = {}) =>
      site.answer(name, {
        body: {
          client_id: site.addressOf(name),
          client_name: 'Tailspin Agent',
          redirect_uris: [redirectUri],
          ...metadata,
        },
      }),
    service: (issuer, name) => createService(issuer, { clientId: site.addressOf(name), redirectUri }),
    stop: server.stop,
  };
  return site;
};
