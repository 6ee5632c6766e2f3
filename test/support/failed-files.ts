/** In CI: remembers the files that failed, so that `.ci/again.sh` can run them once more on a machine that does nothing else. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

const folder = join(import.meta.dirname, '../../node_modules/.cache');

/** An error that no file owns up to is nobody's to try again. */
const fileOf = (error: SerializedError): string =>
  typeof error.VITEST_TEST_PATH === 'string' ? relative(process.cwd(), error.VITEST_TEST_PATH) : 'unknown';

export class FailedFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const failed = modules.filter((module) => !module.ok()).map(({ relativeModuleId }) => relativeModuleId);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'failed-test-files'),
      [...new Set([...failed, ...errors.map(fileOf)])].map((file) => `${file}\n`).join(''),
    );
  }
}
