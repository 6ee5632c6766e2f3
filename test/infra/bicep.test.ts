/**
 * The templates as text: syntax by an independent parser, names by our own check, and, where a compiler is at hand, the
 * compiler itself with every warning an error, compared with what the other tests computed without it.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, findCompiler } from './bicep/compiler.ts';
import { evaluateBicep } from './bicep/evaluate.ts';
import { bicepFiles, mainFile } from './bicep/files.ts';
import { problemsOf } from './bicep/problems.ts';
import { syntaxErrors } from './bicep/tree-sitter.ts';

const compiler = findCompiler();
if (compiler === undefined)
  console.warn('\nSKIPPED: everything that needs the Bicep compiler. Set BICEP_PATH, or run .ci/bicep.sh.\n');

it('has a compiler to be checked with wherever CI=true', () => {
  expect(process.env.CI === 'true' && compiler === undefined).toBe(false);
});

describe.each(bicepFiles)('%s', (file) => {
  it('is Bicep', async () => {
    expect(await syntaxErrors(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('declares what it uses, uses what it declares, and fits its modules', () => {
    expect(problemsOf(file)).toEqual([]);
  });

  it('needs no registry and no extension', () => {
    expect(readFileSync(file, 'utf8')).not.toMatch(/^\s*(extension|import|using|provider)\b|'(br|ts):|'br\//m);
  });
});

it('finds syntax errors where there are some', async () => {
  expect(await syntaxErrors("param a string = 'x\nvar b = {\n")).not.toEqual([]);
});

type Template = {
  readonly resources: Readonly<Record<string, TemplateResource>> | readonly TemplateResource[];
};
type TemplateResource = {
  readonly type: string;
  readonly apiVersion: string;
  readonly existing?: boolean;
  readonly properties?: { readonly template?: Template };
};

/** Types with versions of everything that a compiled template creates, nested templates included. */
const typesIn = ({ resources }: Template): readonly string[] =>
  Object.values(resources).flatMap((resource) => {
    if (resource.existing === true) return [];
    const inner = resource.properties?.template;
    return inner === undefined ? [`${resource.type}@${resource.apiVersion}`] : typesIn(inner);
  });

describe.skipIf(compiler === undefined)('the compiler', () => {
  const compiled = compiler === undefined ? undefined : compile(compiler, mainFile);

  it('has nothing to complain about', () => {
    expect(compiled?.complaints).toBe('');
  });

  it('sees the same resources as the tests that do without it', () => {
    const all = {
      privateNetworking: true,
      alertEmail: 'a@example.com',
      customKeyRole: true,
      vaultAudit: true,
      resourceLocks: true,
      tableAudit: true,
      mailDataLocation: 'Europe',
    };
    const evaluated = evaluateBicep(mainFile, { environmentName: 'test', location: 'westeurope', ...all }).resources;
    const types = new Set(evaluated.map(({ type, apiVersion }) => `${type}@${apiVersion}`));
    expect(new Set(typesIn(compiled?.template as Template))).toEqual(types);
  });

  it('puts no secret into the template', () => {
    expect(JSON.stringify(compiled?.template)).not.toMatch(/listKeys|listSecrets|AccountKey=|securestring/i);
  });
});
