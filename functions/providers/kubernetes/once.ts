/**
 * Makes a thing at its first use. Marked pure, it leaves no trace in a bundle that does not use it, which a schema at the
 * top of a file would: whoever imports collectors for their facts alone carries no schema.
 */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
