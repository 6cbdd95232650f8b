import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const storedSchema = z.object({
  schema: z.literal(1),
  name: z.string(),
  arn: z.string(),
  versionId: z.string(),
  /** Seconds since 1970, as the protocol has them. */
  createdAt: z.number(),
  value: z.union([z.object({ SecretString: z.string() }), z.object({ SecretBinary: z.string() })]),
  description: z.string().optional(),
  keyId: z.string().optional(),
  tags: z.record(z.string(), z.string()),
  /** When it is destroyed for good; readable no more from the moment this is set. */
  deletionDate: z.number().optional(),
});

export type StoredSecret = z.infer<typeof storedSchema>;

/**
 * Secrets as files of mode 0600 in a folder of mode 0700, one each. Written under another name and then renamed, so
 * that a process killed half-way leaves the old one or the new one.
 */
export class SecretFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** By name, ARN, or ARN without its random end. Those whose recovery window has passed are gone. */
  find(id: string): StoredSecret | undefined {
    const name = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id)?.[1];
    const names = name === undefined ? [id] : [name.replace(/-[A-Za-z0-9]{6}$/, ''), name];
    return names.map((each) => this.#read(this.#file(each))).find((secret) => secret !== undefined);
  }

  /** All that are left, ordered by name. */
  list(): StoredSecret[] {
    const files = readdirSync(this.#folder).filter((file) => file.endsWith('.json'));
    const secrets = files.map((file) => this.#read(join(this.#folder, file))).filter((secret) => secret !== undefined);
    return secrets.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  write(secret: StoredSecret): void {
    const file = this.#file(secret.name);
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    writeFileSync(draft, JSON.stringify(secret), { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  }

  remove(secret: StoredSecret): void {
    rmSync(this.#file(secret.name), { force: true });
  }

  /** Names hold slashes and may be longer than a file's name can be. */
  #file(name: string): string {
    return join(this.#folder, `${createHash('sha256').update(name).digest('hex')}.json`);
  }

  #read(file: string): StoredSecret | undefined {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    const secret = storedSchema.parse(JSON.parse(text));
    if (secret.deletionDate === undefined || secret.deletionDate > Date.now() / 1000) return secret;
    this.remove(secret);
    return undefined;
  }
}
