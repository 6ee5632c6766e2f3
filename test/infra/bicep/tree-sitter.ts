/** Bicep's syntax by a grammar that others wrote, so that our own reader does not judge itself. */
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

const grammarFile = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');

/** Where the text is no Bicep, as `line:column kind`. */
export const syntaxErrors = async (text: string): Promise<readonly string[]> => {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammarFile));
  const tree = parser.parse(text);
  return tree === null ? ['1:1 nothing'] : errorsIn(tree.rootNode);
};

const errorsIn = (node: Node): readonly string[] => {
  const { row, column } = node.startPosition;
  const own = node.isError || node.isMissing ? [`${row + 1}:${column + 1} ${node.type}`] : [];
  return [...own, ...node.children.flatMap(errorsIn)];
};
