/**
 * An emulator of Azure Communication Services Email (2023-03-31): takes mails as operations whose ids the sender chooses, says what
 * became of them, and shows them on a page instead of sending them anywhere.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, readText } from '../listen.ts';
import { escapeHtml, renderPage } from '../page.ts';

export type SentMail = {
  readonly operationId: string;
  readonly senderAddress: string;
  readonly to: string;
  readonly subject: string;
  readonly plainText: string;
  readonly html: string;
};

/** One call of whoever sends. */
type Call = { readonly kind: 'send' | 'progress'; readonly operationId: string };

/** What happens to a call instead: an answer, or none; `taken` does what was asked for before. */
export type MailFault = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly taken?: boolean;
  /** Never answers. */
  readonly hangs?: boolean;
};

export type MailService = {
  readonly url: string;
  /** Those that were sent, the oldest first; each operation once. */
  readonly sent: readonly SentMail[];
  /** Every call so far that had a token for the service. */
  readonly calls: readonly Call[];
  /** Decides for each call; undefined passes. Assign it, and assign undefined to end it. */
  rule: ((call: Call) => MailFault | undefined) | undefined;
  stop(): Promise<void>;
};

type MailOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  readonly verifyToken: (token: string) => Promise<boolean>;
};

/** Nobody reads more of them. */
const mailsKept = 200;

/** Starts the emulator. Rejects when the port is taken. */
export const startMail = async ({ port, verifyToken }: MailOptions): Promise<MailService> => {
  const [sent, calls]: [SentMail[], Call[]] = [[], []];
  const running = new Set<string>();
  const service: { rule: MailService['rule'] } = { rule: undefined };
  const listening = await listen(port, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/') return show(response, sent);
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!(await verifyToken(token))) return refuse(response, 401, 'Denied');
    if (url.searchParams.get('api-version') !== '2023-03-31') return refuse(response, 400, 'ApiVersionUnsupported');
    const call = callIn(request, url);
    if (call === undefined) return refuse(response, 404, 'NotFound');
    calls.push(call);
    const text = await readText(request);
    const problem = call.kind === 'send' ? problemOf(request, text) : undefined;
    if (problem !== undefined) return refuse(response, 400, problem);
    const fault = service.rule?.(call);
    if (fault === undefined || fault.taken === true) take(call, text, { sent, running });
    if (fault?.hangs === true) return;
    if (fault !== undefined) return void response.writeHead(fault.status ?? 500, fault.headers).end(fault.body);
    answer(response, call, { sent, running });
  });
  return Object.assign(service, { url: listening.url, sent, calls, stop: listening.stop });
};

const callIn = ({ method, headers }: IncomingMessage, { pathname }: URL): Call | undefined => {
  if (method === 'POST' && pathname === '/emails:send')
    return { kind: 'send', operationId: String(headers['operation-id'] ?? randomUUID()).toLowerCase() };
  const operationId = /^\/emails\/operations\/([0-9a-f-]{36})$/.exec(pathname)?.[1];
  return method === 'GET' && operationId !== undefined ? { kind: 'progress', operationId } : undefined;
};

type Message = {
  readonly senderAddress: string;
  readonly recipients: { readonly to: readonly { readonly address: string }[] };
  readonly content: { readonly subject: string; readonly plainText: string; readonly html: string };
};

/** `running` are those that nobody has asked about yet. */
type Operations = { readonly sent: SentMail[]; readonly running: Set<string> };

/** What the specification requires of a mail; undefined when nothing is wrong. */
const problemOf = ({ headers }: IncomingMessage, text: string): string | undefined => {
  const id = headers['operation-id'];
  if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(id))) return 'InvalidOperationId';
  const { senderAddress, recipients, content } = messageIn(text) ?? {};
  const isWhole = senderAddress !== undefined && content?.subject !== undefined && (recipients?.to ?? []).length > 0;
  return isWhole ? undefined : 'InvalidRequest';
};

const messageIn = (text: string): Partial<Message> | null => {
  try {
    return JSON.parse(text) as Partial<Message> | null;
  } catch {
    return null;
  }
};

/** The specification says nothing of an id that was there before; here it is the same mail. */
const take = ({ kind, operationId }: Call, text: string, { sent, running }: Operations): void => {
  if (kind !== 'send' || sent.some((one) => one.operationId === operationId)) return;
  const { senderAddress, recipients, content } = JSON.parse(text) as Message;
  sent.push({ operationId, senderAddress, to: recipients.to.map(({ address }) => address).join(', '), ...content });
  running.add(operationId);
  if (sent.length > mailsKept) sent.shift();
};

/** Seconds, as in the examples of the specification. */
const askAgain = { 'retry-after': '20' };

const answer = (response: ServerResponse, { kind, operationId }: Call, { sent, running }: Operations): void => {
  if (kind === 'send') {
    const location = `/emails/operations/${operationId}?api-version=2023-03-31`;
    json(response, 202, { id: operationId, status: 'Running' }, { 'operation-location': location, ...askAgain });
  } else if (running.delete(operationId)) json(response, 200, { id: operationId, status: 'Running' }, askAgain);
  else if (sent.some((one) => one.operationId === operationId))
    json(response, 200, { id: operationId, status: 'Succeeded' });
  else refuse(response, 404, 'NotFound');
};

const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

const refuse = (response: ServerResponse, status: number, code: string): void =>
  json(response, status, { error: { code, message: code } }, { 'x-ms-error-code': code });

/** The newest first, each as its own document that can run nothing. */
const show = (response: ServerResponse, sent: readonly SentMail[]): void => {
  const mails = sent.toReversed().map(
    ({ to, subject, html }) => `<h2>${escapeHtml(subject)}</h2>
<p class="soft">To ${escapeHtml(to)}</p>
<iframe sandbox="" title="${escapeHtml(subject)}" width="100%" height="520" srcdoc="${escapeHtml(html)}"></iframe>`,
  );
  const body = mails.length === 0 ? '<p>Nobody has got one yet.</p>' : mails.join('\n');
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(renderPage({ owner: 'Mail', title: 'Mails that people get', body }));
};
