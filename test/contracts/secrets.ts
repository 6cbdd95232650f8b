import { describe, expect, test } from 'vitest';
import type { SecretCreator, SecretDeleter, SecretReader } from '../../functions/domain/ports.ts';
import { Secret } from '../../functions/runtime/secret.ts';

export interface SecretPorts {
  readonly creator: SecretCreator;
  readonly reader: SecretReader;
  readonly deleter: SecretDeleter;
}

/** What every store of secrets must do, the real one and its twin. */
export function secretContract(name: string, ports: () => SecretPorts): void {
  describe(`the secret contract: ${name}`, () => {
    let count = 0;
    const newName = (): string => `sim/secret-${++count}`;
    const value = new Secret('{"key":"value"}');

    test('what was created is read as it was', async () => {
      const { creator, reader } = ports();
      const secret = newName();
      expect(await reader.read(secret)).toBeUndefined();
      await creator.create(secret, value, { tag: 'x' });
      expect((await reader.read(secret))?.reveal()).toBe(value.reveal());
    });

    test('creating it again under its random name is the same call, its answer lost', async () => {
      const { creator, reader } = ports();
      const secret = newName();
      await creator.create(secret, value, {});
      await creator.create(secret, value, {});
      expect((await reader.read(secret))?.reveal()).toBe(value.reveal());
    });

    test('a forced removal is for good, and can be repeated', async () => {
      const { creator, reader, deleter } = ports();
      const secret = newName();
      await creator.create(secret, value, {});
      expect(await deleter.remove(secret, 'forced')).toBe('removed');
      expect(await reader.read(secret)).toBeUndefined();
      await deleter.remove(secret, 'forced');
      expect(await reader.read(secret)).toBeUndefined();
    });

    test('a recoverable removal hides the secret, says missing the second time, and can be made final', async () => {
      const { creator, reader, deleter } = ports();
      const secret = newName();
      expect(await deleter.remove(secret, 'recoverable')).toBe('missing');
      await creator.create(secret, value, {});
      expect(await deleter.remove(secret, 'recoverable')).toBe('removed');
      expect(await reader.read(secret)).toBeUndefined();
      expect(await deleter.remove(secret, 'recoverable')).toBe('missing');
      await expect(creator.create(secret, value, {})).rejects.toThrow();
      await deleter.remove(secret, 'forced');
      expect(await deleter.remove(secret, 'recoverable')).toBe('missing');
    });
  });
}
