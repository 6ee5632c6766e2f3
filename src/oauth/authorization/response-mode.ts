/** How an authorization response travels to the client (RFC 6749 §4.1.2; OAuth 2.0 Multiple Response Types §2.1; JARM §2.3). */
import type { AnswerFields } from '../clients/metadata/answers.ts';
import type { Parameters } from '../parameters.ts';

type Mode = {
  readonly carriage: 'query' | 'form_post';
  /** All of it as one JWT that only this server can have made. */
  readonly signed: boolean;
};

/** One row per mode that the metadata document lists. A fragment is for tokens, which no answer has (JARM §2.3.2). */
const modes = {
  query: { carriage: 'query', signed: false },
  form_post: { carriage: 'form_post', signed: false },
  // JARM §2.3.4: the usual one of a code.
  jwt: { carriage: 'query', signed: true },
  'query.jwt': { carriage: 'query', signed: true },
  'form_post.jwt': { carriage: 'form_post', signed: true },
} as const satisfies Readonly<Record<string, Mode>>;

export type ResponseMode = keyof typeof modes;

export const responseModes = Object.keys(modes) as readonly ResponseMode[];

export const modeOf = (mode: ResponseMode): Mode => modes[mode];

/** Whom the answer is for, and where. */
type Recipient = { readonly client: AnswerFields; readonly redirectUri: string };

/**
 * How to answer, also when the rest of the request is wrong: as it asks, if that can be; else in the first way that can, which
 * tells the client of its mistake.
 */
export const responseModeOf = (parameters: Parameters, recipient: Recipient): ResponseMode => {
  const asked = askedIn(parameters);
  const possible = responseModes.filter((mode) => isAllowed(mode, recipient.client) && canReach(mode, recipient));
  return possible.find((mode) => mode === asked) ?? possible[0] ?? 'query';
};

const askedIn = (parameters: Parameters): string | undefined => {
  try {
    return parameters.get('response_mode');
  } catch {
    return undefined;
  }
};

/** Signatures cost: only who registers for them gets them. */
const isAllowed = (mode: ResponseMode, { responseModes: registered, answerAlgorithm }: AnswerFields): boolean =>
  registered === undefined ? !modes[mode].signed || answerAlgorithm !== undefined : registered.includes(mode);

/** An app is started with an address alone: no form gets there. */
const canReach = (mode: ResponseMode, { redirectUri }: Recipient): boolean =>
  modes[mode].carriage === 'query' || /^https?:/.test(redirectUri);
