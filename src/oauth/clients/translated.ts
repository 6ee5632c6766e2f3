/** A service in the language of who reads about it (RFC 7591 §2.2). */
import type { Client } from './client.ts';

/**
 * The value of a member for a reader of `language` (RFC 4647 §3.4: `de-CH` finds what is in `de`, and `pt` what is in `pt-BR`);
 * undefined where the one without a tag must do.
 */
export const translationOf = (
  { translations }: Pick<Client, 'translations'>,
  member: string,
  language: string,
): string | undefined => {
  const wanted = language.toLowerCase();
  const [primary = ''] = wanted.split('-');
  const ranked = [wanted, primary].map((tag) => `${member}#${tag}`);
  const all = Object.entries(translations ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const exact = ranked.flatMap((name) => all.filter(([one]) => one === name));
  const [, value] = exact[0] ?? all.find(([name]) => name.startsWith(`${member}#${primary}-`)) ?? [];
  return value;
};

/** What it is called; as it was registered where it has no name in that language. */
export const nameIn = (client: Pick<Client, 'name' | 'translations'>, language: string): string =>
  translationOf(client, 'client_name', language) ?? client.name;
