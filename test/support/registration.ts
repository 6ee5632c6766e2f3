/** Clients that register themselves, as they do it. */
import { type Answer, answerOf } from './answer.ts';
import { createService, type Service } from './service.ts';

type Call = {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly path?: string;
  readonly source?: string;
};

/** A request to /register, or below it. A body that is a string is sent as it is. */
export const callRegister = (
  issuer: string,
  { method = 'POST', body, token, path = '', source }: Call,
): Promise<Answer> =>
  answerOf(
    fetch(`${issuer}/register${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(source === undefined ? {} : { 'x-forwarded-for': source }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
  );

export const ownMetadata = {
  client_name: 'Tailspin Notes',
  redirect_uris: ['https://notes.tailspin.example/callback'],
} as const;

/** A client that registered itself, with what it was told. Rejects when it was refused. */
export const registerItself = async (
  issuer: string,
  metadata: Readonly<Record<string, unknown>> = {},
  call: Pick<Call, 'token'> = {},
): Promise<{ readonly service: Service; readonly told: Readonly<Record<string, unknown>> }> => {
  const { status, body: told, text } = await callRegister(issuer, { body: { ...ownMetadata, ...metadata }, ...call });
  if (status !== 201) throw new Error(`not registered: ${status} ${text}`);
  const [redirectUri] = told.redirect_uris as string[];
  const service = createService(issuer, {
    clientId: String(told.client_id),
    ...(told.client_secret === undefined ? {} : { secret: String(told.client_secret) }),
    ...(redirectUri === undefined ? {} : { redirectUri }),
  });
  return { service, told };
};
