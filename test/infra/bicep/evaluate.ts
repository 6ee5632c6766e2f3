/**
 * What a deployment of main.bicep creates, for given parameters, without Azure and without the Bicep compiler: the tests
 * look at concrete resources instead of expressions. Values that only Azure knows read as `<type/name.path>`.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { functions, subscriptionId, type Value } from './functions.ts';
import { parseBicep } from './parser.ts';
import type { Expression, Statement } from './syntax.ts';

export type Resource = {
  readonly file: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly id: string;
  readonly name: string;
  /** Id of the resource that an extension resource (a role assignment, a diagnostic setting) belongs to. */
  readonly scope: string | undefined;
  readonly body: Readonly<Record<string, Value>>;
};

export type Deployment = { readonly resources: readonly Resource[]; readonly outputs: Readonly<Record<string, Value>> };

type Names = ReadonlyMap<string, Value>;

export const evaluateBicep = (file: string, parameters: Readonly<Record<string, Value>>): Deployment =>
  new Evaluation(file, parameters, '').run();

class Evaluation {
  readonly #file: string;
  readonly #parameters: Readonly<Record<string, Value>>;
  readonly #resourceGroup: string;
  readonly #statements: readonly Statement[];
  readonly #values = new Map<string, Value>();
  readonly #resources: Resource[] = [];

  constructor(file: string, parameters: Readonly<Record<string, Value>>, resourceGroup: string) {
    this.#file = file;
    this.#parameters = parameters;
    this.#resourceGroup = resourceGroup;
    this.#statements = parseBicep(readFileSync(file, 'utf8'), file);
  }

  run(): Deployment {
    for (const statement of this.#statements)
      if ('name' in statement && statement.kind !== 'output') this.#named(statement.name);
    const outputs = this.#statements.filter((statement) => statement.kind === 'output');
    return {
      outputs: Object.fromEntries(outputs.map((output) => [output.name, this.#value(output.value)])),
      resources: this.#resources,
    };
  }

  #named(name: string): Value {
    if (!this.#values.has(name)) this.#values.set(name, this.#define(name));
    return this.#values.get(name);
  }

  #define(name: string): Value {
    const statement = this.#statements.find((each) => 'name' in each && each.name === name && each.kind !== 'output');
    switch (statement?.kind) {
      case 'param':
        return this.#parameter(statement);
      case 'var':
        return this.#value(statement.value);
      case 'module':
        return this.#module(statement);
      case 'resource':
        return this.#declared(statement.value, new Map(), (body, names) => this.#resource(statement, body, names));
      default:
        throw new Error(`${this.#file}: "${name}" is not declared`);
    }
  }

  #parameter(param: Extract<Statement, { kind: 'param' }>): Value {
    const given = this.#parameters[param.name];
    const value = given === undefined && param.fallback !== undefined ? this.#value(param.fallback) : given;
    if (value === undefined) throw new Error(`${this.#file}: parameter "${param.name}" has no value`);
    const actual = Array.isArray(value)
      ? 'array'
      : typeof value === 'number'
        ? 'int'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value;
    if (actual !== param.type) throw new Error(`${this.#file}: "${param.name}" is ${actual}, not ${param.type}`);
    for (const mark of param.decorators)
      this.#check(param.name, value, mark.name, this.#value(mark.inputs[0] ?? literalNull));
    return value;
  }

  #check(name: string, value: Value, rule: string, limit: Value): void {
    const size = typeof value === 'number' ? value : String(value).length;
    const broken =
      (rule === 'allowed' && Array.isArray(limit) && !limit.includes(value)) ||
      ((rule === 'minLength' || rule === 'minValue') && size < Number(limit)) ||
      ((rule === 'maxLength' || rule === 'maxValue') && size > Number(limit));
    if (broken)
      throw new Error(`${this.#file}: "${name}" breaks @${rule}(${JSON.stringify(limit)}): ${JSON.stringify(value)}`);
  }

  /** Unfolds `if (…)` and `[for …]` around a resource's or module's body. */
  #declared(value: Expression, names: Names, make: (body: Expression, names: Names) => Value): Value {
    if (value.kind === 'condition') return this.#value(value.test, names) === true ? make(value.body, names) : null;
    if (value.kind !== 'loop') return make(value, names);
    return this.#items(value, names).map((each) => this.#declared(value.body, each, make));
  }

  #items(loop: Extract<Expression, { kind: 'loop' }>, names: Names): readonly Names[] {
    const list = this.#value(loop.list, names);
    if (!Array.isArray(list)) throw new Error(`${this.#file}: "for ${loop.item}" needs an array`);
    return list.map((item: Value, index) => {
      const inner = new Map(names).set(loop.item, item);
      return loop.index === undefined ? inner : inner.set(loop.index, index);
    });
  }

  #resource(statement: Extract<Statement, { kind: 'resource' }>, value: Expression, names: Names): Value {
    const { parent, scope, dependsOn: _, ...body } = this.#object(value, names);
    const [type = '', apiVersion = ''] = statement.type.split('@');
    const above = idOf(parent);
    const home = idOf(scope) ?? this.#home(type);
    const name = String(body.name);
    const id = above === undefined ? `${home}/providers/${type}/${name}` : `${above}/${type.split('/').at(-1)}/${name}`;
    const unknown = { [unknownBelow]: `${type}/${name}` };
    const reference = { ...body, id, name, properties: { ...(body.properties as object | undefined), ...unknown } };
    if (!statement.existing)
      this.#resources.push({ file: this.#file, type, apiVersion, id, name, scope: idOf(scope), body });
    return reference;
  }

  #home(type: string): string {
    if (type === 'Microsoft.Resources/resourceGroups' || this.#resourceGroup === '') return subscriptionId;
    return `${subscriptionId}/resourceGroups/${this.#resourceGroup}`;
  }

  #module(statement: Extract<Statement, { kind: 'module' }>): Value {
    return this.#declared(statement.value, new Map(), (value, names) => {
      const body = this.#object(value, names);
      const group = idOf(body.scope)?.split('/').at(-1) ?? this.#resourceGroup;
      const file = resolve(dirname(this.#file), statement.path);
      const inner = new Evaluation(file, (body.params ?? {}) as Record<string, Value>, group).run();
      this.#resources.push(...inner.resources);
      return { outputs: inner.outputs };
    });
  }

  #object(value: Expression, names: Names): Readonly<Record<string, Value>> {
    const result = this.#value(value, names);
    if (typeof result !== 'object' || result === null || Array.isArray(result))
      throw new Error(`${this.#file}: no object`);
    return result as Record<string, Value>;
  }

  #value(expression: Expression, names: Names = new Map()): Value {
    const value = (inner: Expression): Value => this.#value(inner, names);
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'name':
        return names.has(expression.name) ? names.get(expression.name) : this.#named(expression.name);
      case 'text':
        return expression.parts.map((part) => (typeof part === 'string' ? part : String(value(part)))).join('');
      case 'array':
        return expression.items.map(value);
      case 'object':
        return Object.fromEntries(expression.entries.map(([key, inner]) => [String(value(key)), value(inner)]));
      case 'member':
        return this.#member(value(expression.of), value(expression.key), expression.safe);
      case 'call':
        return this.#call(expression.name, expression.inputs.map(value));
      case 'not':
        return value(expression.of) !== true;
      case 'binary':
        return binary(expression.operator, value(expression.left), () => value(expression.right));
      case 'choice':
        return value(expression.test) === true ? value(expression.yes) : value(expression.no);
      case 'lambda':
        return (...inputs) =>
          this.#value(
            expression.body,
            new Map([...names, ...expression.names.map((name, i) => [name, inputs[i]] as const)]),
          );
      case 'loop':
        return this.#items(expression, names).map((each) => this.#value(expression.body, each));
      case 'condition':
        throw new Error(`${this.#file}: "if" stands where a value is needed`);
    }
  }

  #member(of: Value, key: Value, safe: boolean): Value {
    const found =
      typeof of === 'object' && of !== null ? (of as Record<string | symbol, Value>)[key as string] : undefined;
    if (found !== undefined || safe) return found ?? null;
    const path = typeof of === 'object' && of !== null ? (of as { [unknownBelow]?: string })[unknownBelow] : undefined;
    if (path === undefined) throw new Error(`${this.#file}: nothing has the property "${String(key)}"`);
    return `<${path}.${String(key)}>`;
  }

  #call(name: string, inputs: readonly Value[]): Value {
    const path = resolve(dirname(this.#file), String(inputs[0]));
    if (name === 'loadTextContent') return readFileSync(path, 'utf8');
    if (name === 'loadJsonContent') return JSON.parse(readFileSync(path, 'utf8'));
    const call = functions[name];
    if (call === undefined) throw new Error(`${this.#file}: the function "${name}" is not known here`);
    return call(inputs, this.#resourceGroup);
  }
}

const unknownBelow = Symbol('what only Azure knows');
const literalNull: Expression = { kind: 'literal', value: null };

const idOf = (value: Value): string | undefined =>
  typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : undefined;

const operators: Readonly<Record<string, (left: Value, right: () => Value) => Value>> = {
  '??': (left, right) => left ?? right(),
  '||': (left, right) => left === true || right() === true,
  '&&': (left, right) => left === true && right() === true,
  '==': (left, right) => left === right(),
  '!=': (left, right) => left !== right(),
  '+': (left, right) => Number(left) + Number(right()),
  '-': (left, right) => Number(left) - Number(right()),
};

const binary = (operator: string, left: Value, right: () => Value): Value => {
  const apply = operators[operator];
  if (apply === undefined) throw new Error(`the operator ${operator} is not known here`);
  return apply(left, right);
};
