/** What the Bicep compiler would refuse, as far as it can be told from the syntax: names, modules, files, unused things. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { functions } from './functions.ts';
import { parseBicep } from './parser.ts';
import { children, type Expression, type Statement } from './syntax.ts';

const loaders = ['loadTextContent', 'loadJsonContent'];

export const problemsOf = (file: string): readonly string[] => {
  const statements = parseBicep(readFileSync(file, 'utf8'), file);
  const declared = new Set(statements.flatMap((each) => ('name' in each && each.kind !== 'output' ? [each.name] : [])));
  const used = new Set<string>();
  const problems: string[] = [];
  const visit = (expression: Expression, local: ReadonlySet<string>): void => {
    if (expression.kind === 'name' && !local.has(expression.name)) {
      used.add(expression.name);
      if (!declared.has(expression.name)) problems.push(`"${expression.name}" is not declared`);
    }
    if (expression.kind === 'call') problems.push(...callProblems(expression, file));
    const inner = new Set([...local, ...boundBy(expression)]);
    for (const child of children(expression)) visit(child, inner);
  };
  for (const statement of statements) for (const expression of expressionsOf(statement)) visit(expression, new Set());
  const unused = statements.filter((each) => mustBeUsed(each) && !used.has(each.name));
  problems.push(...unused.map((each) => `"${'name' in each ? each.name : ''}" is never used`));
  problems.push(
    ...statements.flatMap((each) => (each.kind === 'module' ? moduleProblems(each, file, statements) : [])),
  );
  return problems.map((problem) => `${file}: ${problem}`);
};

const mustBeUsed = (statement: Statement): statement is Extract<Statement, { kind: 'param' | 'var' | 'resource' }> =>
  statement.kind === 'param' || statement.kind === 'var' || (statement.kind === 'resource' && statement.existing);

const boundBy = (expression: Expression): readonly string[] => {
  if (expression.kind === 'lambda') return expression.names;
  if (expression.kind !== 'loop') return [];
  return expression.index === undefined ? [expression.item] : [expression.item, expression.index];
};

const callProblems = (call: Extract<Expression, { kind: 'call' }>, file: string): readonly string[] => {
  if (!loaders.includes(call.name)) return call.name in functions ? [] : [`the function "${call.name}" is not known`];
  const [path] = call.inputs;
  const missing = path?.kind !== 'literal' || !existsSync(resolve(dirname(file), String(path.value)));
  return missing ? [`${call.name} names a file that is not there`] : [];
};

const expressionsOf = (statement: Statement): readonly Expression[] => {
  if (statement.kind !== 'param') return [statement.value];
  const inputs = statement.decorators.flatMap((mark) => mark.inputs);
  return statement.fallback === undefined ? inputs : [statement.fallback, ...inputs];
};

type Module = Extract<Statement, { kind: 'module' }>;

const moduleProblems = (module: Module, file: string, callers: readonly Statement[]): readonly string[] => {
  const path = resolve(dirname(file), module.path);
  if (!existsSync(path)) return [`module "${module.name}": ${module.path} is not there`];
  const inside = parseBicep(readFileSync(path, 'utf8'), path);
  const params = inside.filter((each) => each.kind === 'param');
  const given = keysOf(bodyOf(module.value), 'params');
  const known = params.map((param) => param.name);
  const outputs = inside.flatMap((each) => (each.kind === 'output' ? [each.name] : []));
  return [
    ...given
      .filter((name) => !known.includes(name))
      .map((name) => `module "${module.name}" has no parameter "${name}"`),
    ...params
      .filter((param) => param.fallback === undefined && !given.includes(param.name))
      .map((param) => `module "${module.name}" needs "${param.name}"`),
    ...outputsRead(module.name, callers)
      .filter((name) => !outputs.includes(name))
      .map((name) => `module "${module.name}" has no output "${name}"`),
  ];
};

const bodyOf = (value: Expression): Expression =>
  value.kind === 'condition' || value.kind === 'loop' ? bodyOf(value.body) : value;

const entry = (object: Expression, name: string): Expression | undefined =>
  object.kind === 'object'
    ? object.entries.find(([key]) => key.kind === 'literal' && key.value === name)?.[1]
    : undefined;

const keysOf = (body: Expression, name: string): readonly string[] => {
  const object = entry(body, name);
  if (object?.kind !== 'object') return [];
  return object.entries.map(([key]) => (key.kind === 'literal' ? String(key.value) : ''));
};

/** Names after `module.outputs.` anywhere in the file. */
const outputsRead = (module: string, statements: readonly Statement[]): readonly string[] => {
  const found: string[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === 'member' && expression.of.kind === 'member' && expression.key.kind === 'literal') {
      const { of, key } = expression.of;
      // `modules[0].outputs` where the module is a loop.
      const base = of.kind === 'member' ? of.of : of;
      const outputs = base.kind === 'name' && base.name === module && key.kind === 'literal' && key.value === 'outputs';
      if (outputs) found.push(String(expression.key.value));
    }
    for (const child of children(expression)) visit(child);
  };
  for (const statement of statements) for (const expression of expressionsOf(statement)) visit(expression);
  return found;
};
