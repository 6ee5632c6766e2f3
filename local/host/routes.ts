/**
 * ASP.NET route templates as the Functions host reads them: `a/{id}`, `{name:maxlength(0)?}`, `{*path}`. Letter case and
 * one trailing slash do not matter; the method is a constraint like any other, so a wrong one is "no such route". Routes
 * are tried in the order of their functions' names, whatever their letter case, and the first that matches is taken: a
 * literal has no precedence over a parameter or a catch-all.
 */

export type Route<Target> = {
  /** The function's. */
  readonly name: string;
  readonly template: string;
  readonly methods: readonly string[];
  readonly target: Target;
};

type Match<Target> = { readonly target: Target; readonly params: Readonly<Record<string, string>> };

export type Router<Target> = {
  /** The first route for this path (still percent-encoded); undefined when none fits. Throws URIError. */
  match(method: string, path: string): Match<Target> | undefined;
};

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'parameter' | 'rest';
      readonly name: string;
      readonly optional: boolean;
      readonly constraints: readonly ((value: string) => boolean)[];
    };

type ConstraintMaker = (argument: string) => (value: string) => boolean;

const constraintMakers: Readonly<Record<string, ConstraintMaker>> = {
  maxlength: (argument) => (value) => value.length <= Number(argument),
  minlength: (argument) => (value) => value.length >= Number(argument),
  length: (argument) => (value) => value.length === Number(argument),
  int: () => (value) => /^-?\d+$/.test(value),
  alpha: () => (value) => /^[a-z]*$/i.test(value),
  guid: () => (value) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
};

/** Throws an Error that names the template when one uses what this host does not know. */
export const createRouter = <Target>(routes: readonly Route<Target>[]): Router<Target> => {
  const parsed = routes
    .map((route) => ({ ...route, segments: parseTemplate(route.template) }))
    .sort((a, b) => (a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1));
  /** Most routes begin with a word: in Azure it is not the worker that goes through them. */
  const beginning = new Map<string, typeof parsed>();
  const beginningWith = (first: string): typeof parsed =>
    parsed.filter(({ segments: [segment] }) => segment?.kind !== 'literal' || segment.text === first);
  for (const { segments } of parsed)
    if (segments[0]?.kind === 'literal') beginning.set(segments[0].text, beginningWith(segments[0].text));
  const others = beginningWith('');
  return {
    match: (method, path) => {
      const values = splitPath(path);
      for (const { segments, methods, target } of beginning.get(values[0]?.toLowerCase() ?? '') ?? others) {
        const params = methods.includes(method) ? matchSegments(segments, values) : undefined;
        if (params !== undefined) return { target, params };
      }
      return undefined;
    },
  };
};

const parseTemplate = (template: string): readonly Segment[] =>
  template
    .split('/')
    .filter((part) => part !== '')
    .map((part) => parseSegment(part, template));

const parseSegment = (part: string, template: string): Segment => {
  if (!part.includes('{')) return { kind: 'literal', text: part.toLowerCase() };
  const [, rest, name, constraints, optional] = /^\{(\*{0,2})(\w+)((?::\w+(?:\([^)]*\))?)*)(\??)\}$/.exec(part) ?? [];
  if (name === undefined) throw new Error(`route ${template}: cannot read ${part}`);
  const checks = [...(constraints ?? '').matchAll(/:(\w+)(?:\(([^)]*)\))?/g)].map(
    ([, constraint = '', argument = '']) => {
      const make = constraintMakers[constraint];
      if (make === undefined) throw new Error(`route ${template}: constraint ${constraint} is not supported`);
      return make(argument);
    },
  );
  return { kind: rest === '' ? 'parameter' : 'rest', name, optional: optional === '?', constraints: checks };
};

/** An encoded slash stays encoded, as in ASP.NET, so that it never becomes a segment boundary later. */
const splitPath = (path: string): readonly string[] => {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/').map((part) => decodeURIComponent(part.replace(/%2f/gi, '%252F')));
};

/** The path without `.` and `..` (RFC 3986 §5.2.4), however they are written. Throws URIError. */
export const withoutDots = (path: string): string => {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const decoded = decodeURIComponent(segment);
    if (decoded === '..') kept.pop();
    if (decoded !== '.' && decoded !== '..') kept.push(segment);
    else if (index === segments.length - 1) kept.push('');
  }
  return `/${kept.join('/')}`;
};

const matchSegments = (
  segments: readonly Segment[],
  values: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === 'literal') {
      if (values[index]?.toLowerCase() !== segment.text) return undefined;
      continue;
    }
    const value = segment.kind === 'rest' ? values.slice(index).join('/') : values[index];
    const absent = value === undefined || value === '';
    if (absent && !segment.optional && segment.kind !== 'rest') return undefined;
    if (!absent && !segment.constraints.every((accepts) => accepts(value))) return undefined;
    if (!absent) params[segment.name] = value;
    if (segment.kind === 'rest') return params;
  }
  return values.length <= segments.length ? params : undefined;
};
