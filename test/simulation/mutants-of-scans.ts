import { domain, type Mutant } from './mutant.ts';

/** How a found resource's row is looked at before it is written. */
const FOUND = `const content = contentOf(print);
  if (row !== undefined && row.stamp > context.stamp) throw`;

/** Rules of lease, fence, rows and chains. */
export const ofScans: readonly Mutant[] = [
  {
    name: 'no fence before a page is read',
    file: domain('read-pages'),
    edits: [{ find: '  await pass();\n', replace: '  void pass;\n' }],
    first: 'a disconnect ends the reading of pages',
  },
  {
    name: 'no fence before a page of rows',
    file: domain('scan-stream'),
    edits: [{ find: '        await this.#context.fence.pass();\n', replace: '' }],
    first: 'a disconnect ends the writing of rows',
  },
  {
    name: 'rows are written whatever their stamp',
    file: domain('write-rows'),
    edits: [
      {
        find: "anyOf(absent('stamp'), below('stamp', context.stamp))",
        replace: "anyOf(absent('stamp'), present('stamp'))",
      },
    ],
    first: 'a row of a dead worker arrives after its successor wrote it',
  },
  {
    name: 'a worker goes on where a higher stamp refused it',
    file: domain('write-rows'),
    edits: [
      {
        find: 'if (item !== undefined && parseItem(resourceItem, item).stamp !== stamp) {',
        replace: 'if (item === null) {',
      },
      // Where rows are read before they are written, they say it too.
      { find: FOUND, replace: FOUND.replace('row.stamp > context.stamp', "row.stamp === ''") },
    ],
    first: 'a worker that outlived its lease stops where its successor wrote',
  },
  {
    name: 'no torn mark before the first row',
    file: domain('scan-stream'),
    edits: [{ find: '        await this.#markOnce();\n', replace: '' }],
    first: 'changed sync that nobody looks after',
  },
  {
    name: 'a scan row is written whatever its version',
    file: domain('scan-row'),
    edits: [
      {
        find: "version === 0 ? absent('pk') : equal('version', version)",
        replace: "version < 0 ? absent('pk') : { is: 'any', of: [absent('pk'), equal('v', 1)] }",
      },
    ],
    first: 'a commit of a dead worker arrives after its successor committed',
  },
  {
    name: 'no lease: whoever asks has it',
    file: domain('lease'),
    edits: [
      { find: '!mine && task.lease_until > isoTime(now)', replace: '!mine && task.lease_until < task.lease_until' },
      { find: "below('lease_until', isoTime(now))", replace: "present('lease_until')" },
      { find: 'import { absent,', replace: 'import { present, absent,' },
    ],
    first: 'every message comes twice at once, and the cloud changes meanwhile',
  },
  {
    name: 'its own lease is a stranger’s to an invocation',
    file: domain('lease'),
    edits: [
      {
        find: 'const mine = task?.lease_invocation === worker.invocation && task.lease_message === worker.message;',
        replace: 'const mine = task?.lease_invocation === worker.invocation.slice(1);',
      },
    ],
    first: 'changed sync that nobody looks after',
  },
  {
    name: 'a message whose own lease is held is acknowledged',
    file: domain('lease'),
    edits: [
      {
        find: 'return task.lease_message === worker.message',
        replace: 'return task.lease_message === worker.message.slice(1)',
      },
    ],
    first: 'changed sync that nobody looks after',
  },
  {
    name: 'a message whose task is held elsewhere waits for the lease',
    file: domain('lease'),
    edits: [
      { find: 'return task.lease_message === worker.message', replace: 'return task.lease_message !== undefined' },
    ],
    first: 'a chain that is planned again at each step',
  },
  {
    name: 'the job row is not looked at after the lease',
    file: domain('assignment'),
    edits: [{ find: 'if (!job.pending.has(message.task)) {', replace: 'if (job.job < 0) {' }],
    first: 'changed sync that nobody looks after',
  },
];
