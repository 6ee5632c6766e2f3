import type { Plugin } from 'esbuild';

export declare const slim: (options?: { readonly kept?: readonly string[] }) => Plugin;
export declare const substituted: readonly string[];
export declare const clientsOfSdks: readonly string[];
