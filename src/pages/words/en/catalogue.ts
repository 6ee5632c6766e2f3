/** English is what the catalogue itself is written in (`oauth/access/catalogue.json`). */
import type { Catalogue } from '../words.ts';

export const catalogue: Catalogue = { areas: {}, permissions: {} };
