import type { Plugin } from 'esbuild';

export declare const slim: Plugin;
export declare const substituted: readonly string[];
