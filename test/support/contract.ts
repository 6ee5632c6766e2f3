/** Answers of the admin API, held to the document that the same host serves. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Answer } from './answer.ts';

type Schema = Readonly<Record<string, unknown>>;
type ResponseObject = {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
};
type OperationObject = { readonly operationId: string; readonly responses: Readonly<Record<string, ResponseObject>> };

type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly responses: Readonly<Record<string, ResponseObject>> };
};

type Contract = { readonly document: OpenApi; readonly validator: (pointer: string) => ValidateFunction };

const contracts = new Map<string, Promise<Contract>>();

/** What the deployment says of itself; asked for once. */
export const contractOf = (issuer: string): Promise<Contract> => {
  const known = contracts.get(issuer) ?? readContract(issuer);
  contracts.set(issuer, known);
  return known;
};

const readContract = async (issuer: string): Promise<Contract> => {
  const response = await fetch(`${issuer}/api/openapi.json`);
  if (response.status !== 200) throw new Error(`no document: ${response.status}`);
  const document = (await response.json()) as OpenApi;
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(document, 'openapi');
  const compiled = new Map<string, ValidateFunction>();
  const validator = (pointer: string): ValidateFunction => {
    const one = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` });
    compiled.set(pointer, one);
    return one;
  };
  return { document, validator };
};

const escaped = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1');

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/** The operation of a request: its path in the document, and its method; undefined for what is none. */
const operationAt = ({ paths }: OpenApi, { method, path }: Exchange) => {
  const { pathname } = new URL(path, 'http://localhost');
  const found = Object.keys(paths).find((template) => patternOf(template).test(pathname));
  const name = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = found === undefined ? undefined : paths[found]?.[name];
  return found !== undefined && operation !== undefined ? { path: found, name, operation } : undefined;
};

export type Exchange = {
  readonly method: string;
  /** From the root, with its query. */
  readonly path: string;
  readonly answer: Pick<Answer, 'status' | 'headers' | 'text'>;
};

/** Every problem of an answer, a sentence each; none for one that is as described, or of no operation. */
const problemsOf = async (issuer: string, exchange: Exchange): Promise<readonly string[]> => {
  const { document, validator } = await contractOf(issuer);
  const found = operationAt(document, exchange);
  if (found === undefined) return [];
  const { status, headers, text } = exchange.answer;
  const what = `${found.operation.operationId} ${status}`;
  const place = responsePlace(document, found, status);
  if (place === undefined) return [`${what}: no such status is described`];
  const type = headers.get('content-type')?.split(';')[0];
  if (text === '') return place.response.content === undefined ? [] : [`${what}: a body is described`];
  if (exchange.method === 'HEAD') return [];
  if (place.response.content?.[type ?? ''] === undefined) return [`${what}: ${type} is not described`];
  const valid = validator(`${place.pointer}/content/${escaped(type ?? '')}/schema`);
  if (valid(type === 'application/jsonl' ? text : JSON.parse(text)))
    return headerProblems(what, place.response, headers);
  return (valid.errors ?? []).map(
    (error) => `${what}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
};

const described = ['etag', 'link', 'location', 'www-authenticate', 'retry-after'];

const headerProblems = (what: string, { headers: known = {} }: ResponseObject, headers: Headers): readonly string[] => {
  const names = Object.keys(known).map((name) => name.toLowerCase());
  const sent = described.filter((name) => headers.has(name) && !names.includes(name));
  return sent.map((name) => `${what}: the header ${name} is not described`);
};

type Found = NonNullable<ReturnType<typeof operationAt>>;

const responsePlace = (document: OpenApi, { path, name, operation }: Found, status: number) => {
  const response = operation.responses[String(status)] as (ResponseObject & { readonly $ref?: string }) | undefined;
  if (response === undefined) return undefined;
  const code = response.$ref?.split('/').at(-1);
  if (code === undefined)
    return { response, pointer: `/paths/${encodeURIComponent(escaped(path))}/${name}/responses/${status}` };
  const shared = document.components.responses[code];
  return shared && { response: shared, pointer: `/components/responses/${code}` };
};

/** Throws unless the answer is as the document describes it. */
export const expectDescribed = async (issuer: string, exchange: Exchange): Promise<void> => {
  const problems = await problemsOf(issuer, exchange);
  if (problems.length > 0)
    throw new Error(
      `${exchange.method} ${exchange.path} was answered against the document:\n${problems.join('\n')}\n${exchange.answer.text.slice(0, 500)}`,
    );
};
