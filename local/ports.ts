/** Every port of the local world follows from one. */
import { createServer } from 'node:net';

const parts = [
  { key: 'assent', offset: 0, name: 'Assent' },
  { key: 'service', offset: 1, name: 'demo service' },
  { key: 'api', offset: 2, name: 'demo API' },
  { key: 'provider', offset: 3, name: 'OpenID Provider' },
  { key: 'vault', offset: 4, name: 'Key Vault emulator' },
  { key: 'tables', offset: 5, name: 'Table Storage emulator' },
  { key: 'identity', offset: 6, name: 'managed identity emulator' },
  { key: 'mcp', offset: 7, name: 'example MCP server' },
  { key: 'mail', offset: 8, name: 'mail emulator' },
] as const;

export type Ports = Readonly<Record<(typeof parts)[number]['key'], number>>;

/** The last one that leaves room for the others. */
const highestBase = 65_535 - Math.max(...parts.map(({ offset }) => offset));

/** Throws an Error for a base that leaves no room for the others. */
export const portsFrom = (base: number): Ports => {
  if (!Number.isInteger(base) || base < 1 || base > highestBase)
    throw new Error(`PORT must be from 1 to ${highestBase}`);
  return Object.fromEntries(parts.map(({ key, offset }) => [key, base + offset])) as Ports;
};

/** Throws an Error that names the first port that something else listens on. */
export const assertFree = async (ports: Ports): Promise<void> => {
  for (const { key, name } of parts) {
    if (await isTaken(ports[key])) throw new Error(`port ${ports[key]} is taken (${name})`);
  }
};

/** On either loopback address: `localhost` may mean both, and browsers try ::1 first. */
export const isTaken = async (port: number): Promise<boolean> =>
  (await refuses(port, '127.0.0.1')) || (await refuses(port, '::1'));

const refuses = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(false);
      else if (error.code === 'EADDRINUSE') resolve(true);
      else reject(new Error(`port ${port} cannot be used: ${error.message}`));
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(false)));
  });
