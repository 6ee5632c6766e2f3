/** Text -> statements. Throws with file, line and column at the first thing it does not understand. */
import { expressionAt } from './expressions.ts';
import { Reader } from './reader.ts';
import type { Decorator, Statement } from './syntax.ts';

export const parseBicep = (text: string, file: string): readonly Statement[] => {
  const reader = new Reader(text, file);
  const statements: Statement[] = [];
  for (reader.skipLines(); !reader.ended; reader.skipLines()) {
    statements.push(statement(reader, decorators(reader)));
    reader.endOfLine();
  }
  return statements;
};

const decorators = (reader: Reader): readonly Decorator[] => {
  const found: Decorator[] = [];
  while (reader.take('@')) {
    const call = expressionAt(reader);
    if (call.kind !== 'call') throw reader.error('a decorator must be a call');
    found.push({ name: call.name, inputs: call.inputs });
    reader.skipLines();
  }
  return found;
};

const statement = (reader: Reader, marks: readonly Decorator[]): Statement => {
  const word = reader.word();
  if (word === 'targetScope') return { kind: 'scope', value: assigned(reader) };
  const name = reader.word();
  switch (word) {
    case 'param': {
      const type = reader.word();
      return {
        kind: 'param',
        name,
        type,
        fallback: reader.sees('=') ? assigned(reader) : undefined,
        decorators: marks,
      };
    }
    case 'var':
      return { kind: 'var', name, value: assigned(reader) };
    case 'output':
      return { kind: 'output', name, type: reader.word(), value: assigned(reader) };
    case 'resource': {
      const type = constant(reader);
      const existing = reader.takeWord('existing');
      return { kind: 'resource', name, type, existing, value: assigned(reader) };
    }
    case 'module':
      return { kind: 'module', name, path: constant(reader), value: assigned(reader) };
    default:
      throw reader.error(`unknown statement "${word}"`);
  }
};

const assigned = (reader: Reader) => {
  reader.expect('=');
  return expressionAt(reader);
};

const constant = (reader: Reader): string => {
  const value = expressionAt(reader);
  if (value.kind !== 'literal' || typeof value.value !== 'string') throw reader.error('a constant text is needed here');
  return value.value;
};
