/** `npm start`: Assent on one machine, in the small Functions host of this repository. */
import { startHostProcess } from './processes.ts';
import { runWorld } from './world.ts';

/** People see where a service or a device is, as they do in Azure; everybody here is at one address, and none of them is limited. */
const frontEnd = { LOCAL_FRONT_END: 'true', SOURCE_REQUESTS_PER_SECOND: '100000' };

await runWorld(({ ports, settings }) =>
  startHostProcess({ port: ports.assent, settings: { ...settings, ...frontEnd }, print: true }),
);
