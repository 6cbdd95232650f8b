import { domain, type Mutant } from './mutant.ts';

/** Rules of costs, and of two kinds of jobs side by side. */
export const ofCosts: readonly Mutant[] = [
  {
    name: 'a day is written whatever its stamp',
    file: domain('cost-days'),
    edits: [
      { find: "anyOf(absent('stamp'), below('stamp', stamp))", replace: "anyOf(absent('stamp'), present('stamp'))" },
      { find: 'import { absent, anyOf, below }', replace: 'import { absent, anyOf, present }' },
    ],
    first: 'a day of a dead worker arrives after its successor wrote it',
  },
  {
    name: 'a day that does not differ is not stamped by who comes after a dead worker',
    file: domain('collect-costs'),
    edits: [{ find: 'lease.task.attempt > message.after + 1', replace: 'lease.task.attempt < message.after' }],
    first: 'a day of a dead worker arrives after its successor wrote it',
  },
  {
    name: 'no fence before a page of costs',
    file: domain('collect-costs'),
    edits: [
      { find: 'await fence.pass();\n    try {', replace: 'void fence;\n    try {' },
      { find: 'await fence.pass();\n          return source', replace: 'return source' },
    ],
    first: 'a disconnect ends the reading of costs',
  },
  {
    name: 'no fence before a day of costs',
    file: domain('cost-days'),
    edits: [{ find: '    await how.pass();\n', replace: '' }],
    first: 'a disconnect ends the writing of days',
  },
  {
    name: 'a reading that failed replaces its days all the same',
    file: domain('collect-costs'),
    edits: [
      {
        find: 'if (error instanceof CallFailedError) return stopped(error.failure);',
        replace: 'if (error instanceof CallFailedError) return rows;',
      },
    ],
    first: 'a page of costs that is refused leaves all days as they were',
  },
  {
    name: 'a call is counted only when it was answered',
    file: domain('cost-spend'),
    edits: [
      { find: 'add: { calls: 1 },', replace: 'add: { calls: 0 },' },
      {
        find: 'return { calls: 1, bytes: this.#budget.bytes };',
        replace: 'return { calls: 0, bytes: this.#budget.bytes };',
      },
    ],
    first: 'costs whose every message comes twice, and whose pages throttle',
  },
  {
    name: 'one kind’s due time forgets the other’s',
    file: domain('of-kind'),
    edits: [{ find: 'dueAt(ref, Math.min(at, ...times))', replace: 'dueAt(ref, Math.max(at, ...times))' }],
    first: 'connect, first sync and first costs',
  },
  {
    name: 'a sync that ends early keeps costs waiting, too',
    file: domain('finish'),
    edits: [
      {
        find: "...(job.ended_by === 'outside' ? quietUntil(kind, now + QUIET_MS) : {}),",
        replace:
          "...(job.ended_by === 'outside' ? { ...quietUntil('costs', now + QUIET_MS), ...quietUntil(kind, now + QUIET_MS) } : {}),",
      },
    ],
    first: 'two kinds end early, and each keeps its own quiet time',
  },
];
