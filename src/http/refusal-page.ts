/** The page that a person sees instead of what was refused or went wrong. */
import { errorPage } from '../pages/error.ts';
import type { Server } from '../server.ts';
import { page, type Reply } from './reply.ts';
import { wordsFor } from './words.ts';

/** `reference` is what the log knows a failure of ours by. */
type Refused = { readonly status: number; readonly reference?: string };

export const refusalPage = (error: unknown, { status, ...reference }: Refused, { config }: Server): Reply => {
  const action = { href: '/', label: 'Go to the start page' } as const;
  const { brandName, issuer } = config;
  return page(errorPage({ brandName, issuer, ...wordsFor(error), ...reference, action }), { status });
};
