/**
 * Mail through Azure Communication Services (Email REST API, 2023-03-31; the address is the deployment's own setting). A mail is an
 * operation whose id the sender chooses: of one that may have been taken already, `progress` is asked first.
 */

export type Letter = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

type Sending =
  /** It will be sent, or has been. */
  | { readonly kind: 'accepted' }
  | { readonly kind: 'throttled'; readonly afterSeconds: number }
  /** It never will. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nobody knows whether it was taken. */
  | { readonly kind: 'unknown'; readonly reason: string };

type Progress =
  | { readonly kind: 'none' | 'under way' | 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

export type Mail = {
  /** Sends it once under this id (a UUID). Never throws. */
  send(letter: Letter, operationId: string): Promise<Sending>;
  /** What became of an earlier `send`; `none` when the service has never heard of it. Never throws. */
  progress(operationId: string): Promise<Progress>;
};

export type MailOptions = {
  /** `https://<name>.communication.azure.com` */
  readonly endpoint: string;
  readonly sender: string;
  /** A token of the managed identity for the service. */
  readonly token: () => Promise<string>;
};

/** For the token as well as for the service. */
const timeoutMilliseconds = 10_000;
const answerLimitBytes = 65_536;
const apiVersion = 'api-version=2023-03-31';

/** Audience of such a token; the second slash is the service's own. */
export const mailScope = 'https://communication.azure.com//.default';

export const createMail = (options: MailOptions): Mail => ({
  send: (letter, operationId) =>
    orUnknown(async () => {
      const headers = { 'content-type': 'application/json', 'operation-id': operationId };
      const body = JSON.stringify(messageOf(letter, options.sender));
      return sendingIn(await call('/emails:send', { method: 'POST', headers, body }, options));
    }),
  progress: (operationId) =>
    orUnknown(async () => progressIn(await call(`/emails/operations/${operationId}`, {}, options), operationId)),
});

const orUnknown = async <T>(
  work: () => Promise<T>,
): Promise<T | { readonly kind: 'unknown'; readonly reason: string }> => {
  try {
    return await work();
  } catch (error) {
    return { kind: 'unknown', reason: error instanceof Error ? error.name : 'error' };
  }
};

const call = async (path: string, request: RequestInit, { endpoint, token }: MailOptions): Promise<Response> => {
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const headers = { ...request.headers, authorization: `Bearer ${await token()}` };
  return fetch(`${endpoint}${path}?${apiVersion}`, { ...request, headers, redirect: 'error', signal });
};

/** Nobody is told whether it was opened. */
const messageOf = ({ to, subject, text, html }: Letter, senderAddress: string) => ({
  senderAddress,
  recipients: { to: [{ address: to }] },
  content: { subject, plainText: text, html },
  userEngagementTrackingDisabled: true,
});

/** What is wrong with the mail itself, and stays wrong. */
const refusals = [400, 413, 422];

const sendingIn = async (response: Response): Promise<Sending> => {
  const { status } = response;
  await response.body?.cancel();
  // 409: the operation is there already.
  if (status === 202 || status === 409) return { kind: 'accepted' };
  if (status === 429) return { kind: 'throttled', afterSeconds: retryAfter(response) };
  const reason = reasonOf(response);
  return refusals.includes(status) ? { kind: 'refused', reason } : { kind: 'unknown', reason };
};

const longestPauseSeconds = 3_600;

const retryAfter = ({ headers }: Response): number => {
  const seconds = Number(headers.get('retry-after') ?? 60);
  return Number.isInteger(seconds) ? Math.min(longestPauseSeconds, Math.max(1, seconds)) : 60;
};

/** For the log: never what the service says in words, which may name the person. */
const reasonOf = ({ status, headers }: Response): string => {
  const code = headers.get('x-ms-error-code') ?? '';
  return /^[A-Za-z]{1,60}$/.test(code) ? `${status} ${code}` : String(status);
};

/** Answers that say nothing of the operation: of the right to ask, or of the service's state. */
const beside = [401, 403, 408, 429];

const progressIn = async (response: Response, operationId: string): Promise<Progress> => {
  const { status } = response;
  if (status !== 200) {
    await response.body?.cancel();
    const isKnown = status < 400 || status >= 500 || beside.includes(status);
    return isKnown ? { kind: 'unknown', reason: reasonOf(response) } : { kind: 'none' };
  }
  const answer = JSON.parse(await textOf(response)) as Readonly<Record<string, unknown>> | null;
  if (String(answer?.id).toLowerCase() !== operationId) return { kind: 'unknown', reason: 'another operation' };
  return states[String(answer?.status)] ?? { kind: 'unknown', reason: 'no such status' };
};

const states: Readonly<Record<string, Progress>> = {
  NotStarted: { kind: 'under way' },
  Running: { kind: 'under way' },
  Succeeded: { kind: 'done' },
  Failed: { kind: 'failed', reason: 'Failed' },
  Canceled: { kind: 'failed', reason: 'Canceled' },
};

/** Throws when it is longer than any answer of the service. */
const textOf = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > answerLimitBytes) throw new RangeError('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};
