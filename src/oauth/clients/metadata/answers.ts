/** How the client takes answers at its redirect URIs (JARM §3). */
import * as z from 'zod';
import { type ResponseMode, responseModes } from '../../authorization/response-mode.ts';
import { theme } from './theme.ts';
import { type ClientSigningAlgorithm, offeredIn, signingAlgorithm } from './values.ts';

export type AnswerFields = {
  /** What signed answers are signed with; undefined for the usual one, and then nothing is signed unless a mode of it is registered. */
  readonly answerAlgorithm: ClientSigningAlgorithm | undefined;
  /** The only ways that the client is answered; undefined for all that go without a signature, or with one if it has an algorithm. */
  readonly responseModes: readonly ResponseMode[] | undefined;
};

export const answers = theme({
  shape: {
    authorization_signed_response_alg: signingAlgorithm.optional(),
    response_modes: z
      .array(z.enum(responseModes as [ResponseMode, ...ResponseMode[]]))
      .min(1)
      .optional(),
  },
  read: (metadata, { signingAlgorithms: offered }): AnswerFields => ({
    answerAlgorithm: offeredIn(offered, metadata.authorization_signed_response_alg),
    responseModes: metadata.response_modes && [...new Set(metadata.response_modes)],
  }),
  describe: (client) => ({
    authorization_signed_response_alg: client.answerAlgorithm,
    response_modes: client.responseModes,
  }),
});
