/** For `npm run test:again`: every test fails its first try, when it has done everything, so its second must not stumble over it. */
import { afterEach } from 'vitest';

afterEach(({ task }) => {
  if (task.result?.retryCount === 0) throw new Error('This was the first try.');
});
