import { compute } from './compute.ts';
import type { Kind } from './kind.ts';
import { network } from './network.ts';
import { platform } from './platform.ts';
import { services } from './services.ts';
import { storageAndSql } from './storage-and-sql.ts';

/** REGISTRY: every type that the sample subscription holds. */
export const KINDS: readonly Kind[] = [...compute, ...storageAndSql, ...network, ...platform, ...services];
