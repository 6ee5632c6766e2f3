import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { portsFrom } from '../../local/ports.ts';

const start = fileURLToPath(new URL('../../local/start.ts', import.meta.url));

const runStart = (port: string): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [start], { env: { ...process.env, PORT: port } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code, output }));
  });

describe('ports', () => {
  it('follow from PORT', () => {
    expect(portsFrom(7071)).toEqual({
      assent: 7071,
      service: 7072,
      api: 7073,
      provider: 7074,
      vault: 7075,
      tables: 7076,
      identity: 7077,
      mcp: 7078,
      mail: 7079,
    });
  });

  it.each(['127.0.0.1', '::1'])('npm start says whose port is taken on %s, and exits with 1', async (address) => {
    const base = 8400 + Math.floor(Math.random() * 500);
    const squatter = createServer();
    await new Promise<void>((resolve, reject) => squatter.once('error', reject).listen(base + 4, address, resolve));
    const { code, output } = await runStart(String(base));
    await new Promise((resolve) => squatter.close(resolve));
    expect(output.trim()).toBe(`port ${base + 4} is taken (Key Vault emulator)`);
    expect(code).toBe(1);
  });

  it('npm start refuses a PORT that is none', async () => {
    const { code, output } = await runStart('seven');
    expect(output.trim()).toBe('PORT must be from 1 to 65527');
    expect(code).toBe(1);
  });
});
