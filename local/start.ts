/** `npm start`: Assent on one machine, in the small Functions host of this repository. */
import { startHostProcess } from './processes.ts';
import { runWorld } from './world.ts';

await runWorld(({ ports, settings }) => startHostProcess({ port: ports.assent, settings, print: true }));
