/** The code of a module at `path` without the methods of its class that are not `called`. Throws when it is not as it was. */
export declare const withoutOthers: (path: string, code: string, called: readonly string[]) => string;
