import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { CANARY } from '../../../../lib/local/clouds/sample-cloud.ts';
import { startAzure } from './sample.ts';

/** Every notation in which a piece of a secret might be printed. */
const notations = (secret: string): string[] => {
  const pieces = Array.from({ length: secret.length - 15 }, (_, n) => secret.slice(n, n + 16));
  return pieces.flatMap((piece) => [
    piece,
    encodeURIComponent(piece),
    Buffer.from(piece).toString('hex'),
    Buffer.from(piece).toString('base64').slice(0, 20),
    Buffer.from(piece).toString('base64url').slice(0, 20),
  ]);
};

test('with every log that the libraries and Node know switched on, no piece of the secret or of a token is printed', async () => {
  const sample = await startAzure();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'run-verbose.ts')],
    {
      env: {
        ...process.env,
        AZURE_LOG_LEVEL: 'verbose',
        DEBUG: '*',
        NODE_DEBUG: 'http,https,http2,tls,net,undici,fetch',
      },
    },
  );
  child.stdin.end(JSON.stringify(sample.bodies.main));
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await sample.close();
  const said = `${out}\n${error}`;
  expect(out).toMatch(/done[\s\S]*AADSTS700016[\s\S]*\[redacted\][\s\S]*\d+ \d+/);
  expect(error).toMatch(/azure:identity|HTTP \d+/i);
  const { clientSecret = '' } = sample.bodies.main;
  for (const notation of notations(clientSecret)) expect(said.includes(notation), notation).toBe(false);
  expect(said).not.toContain('sample-arm-token');
  expect(said).not.toContain(CANARY);
});
