/** The part of Bicep's syntax that infra/ uses, as a tree. */

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression; readonly safe: boolean }
  | { readonly kind: 'call'; readonly name: string; readonly inputs: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'lambda'; readonly names: readonly string[]; readonly body: Expression }
  | {
      readonly kind: 'loop';
      readonly item: string;
      readonly index: string | undefined;
      readonly list: Expression;
      readonly body: Expression;
    }
  | { readonly kind: 'condition'; readonly test: Expression; readonly body: Expression };

export type Decorator = { readonly name: string; readonly inputs: readonly Expression[] };

export type Statement =
  | { readonly kind: 'scope'; readonly value: Expression }
  | {
      readonly kind: 'param';
      readonly name: string;
      readonly type: string;
      readonly fallback: Expression | undefined;
      readonly decorators: readonly Decorator[];
    }
  | { readonly kind: 'var'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'resource';
      readonly name: string;
      /** `Namespace/type@version` */
      readonly type: string;
      readonly existing: boolean;
      readonly value: Expression;
    }
  | { readonly kind: 'module'; readonly name: string; readonly path: string; readonly value: Expression }
  | { readonly kind: 'output'; readonly name: string; readonly type: string; readonly value: Expression };

/** Every expression directly inside one. */
export const children = (expression: Expression): readonly Expression[] => {
  switch (expression.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'text':
      return expression.parts.filter((part) => typeof part !== 'string');
    case 'array':
      return expression.items;
    case 'object':
      return expression.entries.flat();
    case 'member':
      return [expression.of, expression.key];
    case 'call':
      return expression.inputs;
    case 'not':
      return [expression.of];
    case 'binary':
      return [expression.left, expression.right];
    case 'choice':
      return [expression.test, expression.yes, expression.no];
    case 'lambda':
      return [expression.body];
    case 'loop':
      return [expression.list, expression.body];
    case 'condition':
      return [expression.test, expression.body];
  }
};
