/** What every page begins with: whose site this is, and the language of the person who reads it. */
import type { Site } from '../pages/layout.ts';
import { type Language, languageFor } from '../pages/words/languages.ts';
import { wordsIn } from '../pages/words/words.ts';
import type { Server } from '../server.ts';
import type { Incoming } from './request.ts';

/** By the service's wish (`ui_locales`), else by the browser's. */
export const siteOf = (request: Incoming, server: Server): Promise<Site> =>
  siteIn(languageFor({ uiLocales: request.uiLocales, acceptLanguage: request.header('accept-language') }), server);

/** The same for who reads one language alone. */
export const siteIn = async (language: Language, { config }: Server): Promise<Site> => ({
  brandName: config.brandName,
  issuer: config.issuer,
  accent: config.brandAccent,
  logo: config.brandLogo?.id,
  words: await wordsIn(language),
});
