import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Key } from '../../../functions/domain/keys.ts';
import type { Change, Written } from '../../../functions/domain/ports.ts';
import { TableStore } from '../../simulation/memory/table-store.ts';

type Item = ReturnType<TableStore['get']>;

/** A table whose fingerprints are in files: they are DynamoDB's to hold, not the process's whose memory is measured. */
export class FiledTable extends TableStore {
  readonly #folder = mkdtempSync(join(tmpdir(), 'infraaudit-bench-table-'));
  #files = 0;

  override update(key: Key, change: Change): Written {
    const prints = change.set?.prints;
    if (!(prints instanceof Uint8Array)) return super.update(key, change);
    this.#files += 1;
    const file = String(this.#files);
    writeFileSync(join(this.#folder, file), prints);
    return super.update(key, { ...change, set: { ...change.set, prints: Buffer.from(file) } });
  }

  override get(key: Key): Item {
    return this.#whole(super.get(key));
  }

  #whole(item: Item): Item {
    const file = item?.prints;
    if (item === undefined || !(file instanceof Uint8Array)) return item;
    return { ...item, prints: readFileSync(join(this.#folder, Buffer.from(file).toString())) };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
