/** Exports of the audit log, and what the offline verifier makes of them. */
import type { Stack } from './stack.ts';

type Finding = { readonly day?: string; readonly problem: string };

type Verified = {
  readonly findings: readonly Finding[];
  readonly days: number;
  readonly events: number;
  readonly unsealed: readonly string[];
  readonly deleted: readonly string[];
};

type Verifier = { verifyAudit(lines: readonly string[], jwks: unknown): Verified };

const verifier: Promise<Verifier> = import(new URL('../../cli/audit/verify.mjs', import.meta.url).href);

/** Verifies with the keys that the stack publishes now. */
export const verifiedAt = async (stack: Pick<Stack, 'issuer'>, lines: readonly string[]): Promise<Verified> => {
  const jwks = await (await fetch(`${stack.issuer}/.well-known/jwks.json`)).json();
  return (await verifier).verifyAudit(lines, jwks);
};

/** All lines of an export, page after page. Rejects unless each answers 200. */
export const exportedFrom = async (issuer: string, bearer: string, query = ''): Promise<readonly string[]> => {
  const lines: string[] = [];
  let path: string | undefined = `/api/admin/audit/export?${query}`;
  while (path !== undefined) {
    const answer: Response = await fetch(new URL(path, issuer), { headers: { authorization: `Bearer ${bearer}` } });
    if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
    if (answer.headers.get('content-type') !== 'application/jsonl') throw new Error('no JSON lines');
    lines.push(...(await answer.text()).split('\n').filter((line) => line !== ''));
    path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return lines;
};
