/** The page that a person sees instead of what was refused or went wrong. */
import { errorPage } from '../pages/error.ts';
import type { Server } from '../server.ts';
import { page, type Reply } from './reply.ts';
import type { Incoming } from './request.ts';
import { siteOf } from './site.ts';
import { wordsFor } from './words.ts';

/** `reference` is what the log knows a failure of ours by. */
type Refused = { readonly status: number; readonly reference?: string };

/** In the person's language. */
export const refusalPage = async (
  error: unknown,
  { status, ...reference }: Refused,
  { request, server }: { readonly request: Incoming; readonly server: Server },
): Promise<Reply> => {
  const site = await siteOf(request, server);
  const action = { href: '/', label: site.words.common.startPage } as const;
  return page(errorPage({ ...site, ...wordsFor(error, site.words), ...reference, action }), { status });
};
