import { Secret } from '../../../functions/runtime/secret.ts';

/** Secrets Manager as far as our functions call it. */
export class SecretStore {
  readonly #secrets = new Map<string, { readonly value: string; readonly deleted: boolean }>();

  /** @throws Error when the name is taken by one that waits for its deletion, as AWS has it. */
  create(name: string, value: Secret<string>): void {
    const there = this.#secrets.get(name);
    if (there?.deleted === true) throw new Error('A secret with this name is scheduled for deletion already.');
    // One that exists under that random name is mine.
    if (there === undefined) this.#secrets.set(name, { value: value.reveal(), deleted: false });
  }

  read(name: string): Secret<string> | undefined {
    const there = this.#secrets.get(name);
    return there === undefined || there.deleted ? undefined : new Secret(there.value);
  }

  /** A forced removal of what is not there succeeds, as at AWS. */
  remove(name: string, how: 'forced' | 'recoverable'): 'removed' | 'missing' {
    const there = this.#secrets.get(name);
    if (how === 'forced') {
      this.#secrets.delete(name);
      return 'removed';
    }
    if (there === undefined || there.deleted) return 'missing';
    this.#secrets.set(name, { ...there, deleted: true });
    return 'removed';
  }

  /** Names of those that can be read. */
  living(): readonly string[] {
    return [...this.#secrets].flatMap(([name, { deleted }]) => (deleted ? [] : [name]));
  }

  snapshot(): () => void {
    const copy = [...this.#secrets];
    return () => {
      this.#secrets.clear();
      for (const [name, secret] of copy) this.#secrets.set(name, secret);
    };
  }
}
