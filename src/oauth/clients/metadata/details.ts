/** What the client may ask for in detail (RFC 9396 §10). */
import * as z from 'zod';
import { invalid, theme } from './theme.ts';

export type DetailFields = {
  /** Types that resources have declared; none for a client that asks for scopes alone. */
  readonly detailTypes: readonly string[];
};

export const details = theme({
  shape: { authorization_details_types: z.array(z.string().max(200)).max(50).default([]) },
  read: ({ authorization_details_types: types }): DetailFields => ({ detailTypes: [...new Set(types)] }),
  check: ({ detailTypes }, { resources }) => {
    if (!detailTypes.every((type) => resources.some((resource) => resource.detailTypes?.has(type) === true)))
      throw invalid(
        'metadata_details_type',
        'authorization_details_types: one of them is not declared by any resource',
      );
  },
  describe: ({ detailTypes }) => ({ authorization_details_types: detailTypes.length === 0 ? undefined : detailTypes }),
});
