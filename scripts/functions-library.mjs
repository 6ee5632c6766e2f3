/**
 * `@azure/functions` was compiled for runtimes without private fields: each is a WeakMap, from objects of one request to what belongs
 * to them. To fill, look into and clean up eleven of them for each request takes a third of what the library takes in all, and V8
 * takes whatever a WeakMap holds for alive until it looks at the whole heap. In the package they are private fields again.
 *
 * It was compiled for runtimes without async functions as well: each call makes a generator function. V8 describes the prototype of
 * such a one in the old generation, and what it closes over (the request, the answer) stays in memory until that is looked through.
 *
 * And it makes a `Request` of the runtime of each request, which takes another third: `src/request.ts` makes what it asks of it.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { shorten } from './short-names.mjs';

/** A field that any object can be given (a constructor may return another object than `this`), with a WeakMap's verbs. */
const field = `
const __given = function (object) { return object; };
const __field = () => {
  class Field extends __given {
    #value;
    static has = (object) => #value in object;
    static get = (object) => object.#value;
    static set = (object, value) => {
      if (!(#value in object)) new Field(object);
      object.#value = value;
    };
    static add = (object) => new Field(object);
  }
  const { has, get, set, add } = Field;
  return { has, get, set, add };
};
`;

/** What runs an async function that was compiled to a generator function, once it is an async function again. */
const runner = `const __run = (self, _given, _promise, work) => work.call(self);`;

const asynchronous = (code) => {
  const again = code
    .replaceAll('(this && this.__awaiter) || function', '__run || function')
    .replaceAll('void 0, function* () {', 'void 0, async function () {')
    .replaceAll('yield ', 'await ');
  if (/\bfunction ?\*|\byield\b/.test(again)) throw new Error('the library has other generators than it had');
  return again;
};

const ownRequest = fileURLToPath(new URL('../src/request.ts', import.meta.url));
const request = `const { requestOf: __request } = require(${JSON.stringify(ownRequest)});`;
const asRequest = /(\bnativeReq = )new Request(\(url, \{\s*body,)/g;

const asWeakMap = /(_\w+ = )new Weak(?:Map|Set)\(\)/g;

/** The esbuild plugin. */
export const functionsLibrary = {
  name: 'functions library',
  setup: (build) => {
    build.onLoad({ filter: /@azure[\\/]functions[\\/]dist[\\/]azure-functions\.js$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8');
      if (code.match(asRequest)?.length !== 1) throw new Error(`${path} makes its requests in another way`);
      const fields = asynchronous(code).replaceAll(asWeakMap, '$1__field()');
      const requests = fields.replace(asRequest, '$1__request$2');
      return { contents: await shorten(`${field}${runner}${request}${requests}`) };
    });
  },
};
