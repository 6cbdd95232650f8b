declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Makes a DynamoDB endpoint that does not listen yet; closing it closes its store too. */
  export default function dynalite(options: {
    /** The folder of its LevelDB store. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }): Server;
}
