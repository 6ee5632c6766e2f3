/** Bicep expressions by precedence climbing. */
import type { Reader } from './reader.ts';
import type { Expression } from './syntax.ts';

/** Loosest first; each level binds tighter than the one before it. */
const levels: readonly (readonly string[])[] = [
  ['??'],
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '%'],
];

export const expressionAt = (reader: Reader): Expression => {
  const lambda = reader.maybe(() => lambdaAt(reader));
  if (lambda !== undefined) return lambda;
  const test = binaryAt(reader, 0);
  // A choice may go on in the next line; nothing else starts with a question mark.
  const chosen = reader.maybe(() => {
    reader.skipLines();
    return reader.take('?') || undefined;
  });
  if (chosen === undefined) return test;
  reader.skipLines();
  const yes = expressionAt(reader);
  reader.skipLines();
  reader.expect(':');
  reader.skipLines();
  return { kind: 'choice', test, yes, no: expressionAt(reader) };
};

const lambdaAt = (reader: Reader): Expression | undefined => {
  const names = reader.match(/[A-Za-z_]\w*(?=\s*=>)|\([A-Za-z_]\w*(\s*,\s*[A-Za-z_]\w*)*\)(?=\s*=>)/);
  if (names === undefined) return undefined;
  reader.expect('=>');
  return { kind: 'lambda', names: names.match(/\w+/g) ?? [], body: expressionAt(reader) };
};

const binaryAt = (reader: Reader, level: number): Expression => {
  const operators = levels[level];
  if (operators === undefined) return unaryAt(reader);
  let left = binaryAt(reader, level + 1);
  for (;;) {
    const operator = operators.find((each) => reader.take(each));
    if (operator === undefined) return left;
    reader.skipLines();
    left = { kind: 'binary', operator, left, right: binaryAt(reader, level + 1) };
  }
};

const unaryAt = (reader: Reader): Expression =>
  reader.sees('!') && reader.take('!') ? { kind: 'not', of: unaryAt(reader) } : postfixAt(reader, primaryAt(reader));

const postfixAt = (reader: Reader, of: Expression): Expression => {
  if (reader.take('.?')) return postfixAt(reader, member(of, { kind: 'literal', value: reader.word() }, true));
  if (reader.take('.')) return postfixAt(reader, member(of, { kind: 'literal', value: reader.word() }, false));
  if (!reader.sees('!=') && reader.take('!')) return postfixAt(reader, of);
  if (reader.sees('[')) {
    reader.expect('[');
    const safe = reader.take('?');
    const key = expressionAt(reader);
    reader.expect(']');
    return postfixAt(reader, member(of, key, safe));
  }
  return of;
};

const member = (of: Expression, key: Expression, safe: boolean): Expression => ({ kind: 'member', of, key, safe });

const primaryAt = (reader: Reader): Expression => {
  if (reader.sees("'")) return textAt(reader);
  if (reader.sees('[')) return arrayAt(reader);
  if (reader.sees('{')) return objectAt(reader);
  if (reader.take('(')) {
    reader.skipLines();
    const inner = expressionAt(reader);
    reader.skipLines();
    reader.expect(')');
    return inner;
  }
  const digits = reader.match(/-?\d+/);
  if (digits !== undefined) return { kind: 'literal', value: Number(digits) };
  const name = reader.word();
  if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
  if (name === 'null') return { kind: 'literal', value: null };
  if (name === 'if') return conditionAt(reader);
  return reader.take('(') ? { kind: 'call', name, inputs: listAt(reader, ')') } : { kind: 'name', name };
};

const conditionAt = (reader: Reader): Expression => {
  reader.expect('(');
  const test = expressionAt(reader);
  reader.expect(')');
  return { kind: 'condition', test, body: expressionAt(reader) };
};

/** Items up to `end`, separated by commas or line ends. */
const listAt = (reader: Reader, end: string): readonly Expression[] => {
  const items: Expression[] = [];
  for (reader.skipLines(); !reader.take(end); reader.skipLines()) {
    items.push(expressionAt(reader));
    separator(reader, end);
  }
  return items;
};

const separator = (reader: Reader, end: string): void => {
  const start = reader.at;
  reader.skipLines();
  const newLine = reader.text.slice(start, reader.at).includes('\n');
  if (!reader.take(',') && !newLine && !reader.sees(end)) throw reader.error(`"," or "${end}" is missing`);
};

const arrayAt = (reader: Reader): Expression => {
  reader.expect('[');
  reader.skipLines();
  if (!reader.takeWord('for')) return { kind: 'array', items: listAt(reader, ']') };
  const names = reader.take('(')
    ? [reader.word(), reader.expect(','), reader.word(), reader.expect(')')]
    : [reader.word()];
  const [item, index] = names.filter((name) => typeof name === 'string');
  if (item === undefined || !reader.takeWord('in')) throw reader.error('"for NAME in" is incomplete');
  const list = expressionAt(reader);
  reader.expect(':');
  const body = expressionAt(reader);
  reader.skipLines();
  reader.expect(']');
  return { kind: 'loop', item, index, list, body };
};

const objectAt = (reader: Reader): Expression => {
  reader.expect('{');
  const entries: (readonly [Expression, Expression])[] = [];
  for (reader.skipLines(); !reader.take('}'); reader.skipLines()) {
    const key: Expression = reader.sees("'") ? textAt(reader) : { kind: 'literal', value: reader.word() };
    reader.expect(':');
    reader.skipLines();
    entries.push([key, expressionAt(reader)]);
    separator(reader, '}');
  }
  return { kind: 'object', entries };
};

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", $: '$' };

const textAt = (reader: Reader): Expression => {
  reader.expect("'");
  const parts: (string | Expression)[] = [];
  let plain = '';
  for (;;) {
    const character = reader.text[reader.at++];
    if (character === undefined || character === '\n') throw reader.error('a text does not end');
    if (character === "'") break;
    if (character === '\\') {
      const escaped = escapes[reader.text[reader.at++] ?? ''];
      if (escaped === undefined) throw reader.error('unknown escape');
      plain += escaped;
    } else if (character === '$' && reader.text[reader.at] === '{') {
      reader.at += 1;
      parts.push(plain, expressionAt(reader));
      reader.expect('}');
      plain = '';
    } else plain += character;
  }
  return parts.length === 0 ? { kind: 'literal', value: plain } : { kind: 'text', parts: [...parts, plain] };
};
