/** A file of a package. */
export type PackageFile = { readonly code: string; readonly modules: readonly string[] };

export declare const bundle: (project: string, entry: string) => Promise<Readonly<Record<string, PackageFile>>>;
