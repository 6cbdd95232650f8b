/** RDS's lists also answer Neptune and DocumentDB: the engine says which service it is. */
export function serviceOfEngine(engine: string | undefined): 'rds' | 'neptune' | 'docdb' {
  if (engine === 'neptune') return 'neptune';
  return engine === 'docdb' ? 'docdb' : 'rds';
}

/** RDS's word for a state as the inventory has it. */
export function databaseStatus(status: string | undefined): string {
  return status === 'available' ? 'active' : (status ?? 'unknown').toLowerCase();
}
