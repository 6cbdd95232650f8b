import { domain, type Mutant } from './mutant.ts';

/** Rules of jobs, events, connects and the sweep. */
export const ofFlows: readonly Mutant[] = [
  {
    name: 'fail-task works under whatever lease is there',
    file: domain('fail-task'),
    edits: [
      {
        find: 'const taken = await takeTask(ports, message, worker);',
        replace: `const held = await ports.table.get(
    keys.task({ tenant: message.tenant, id: message.provider }, message.job, message.task),
  );
  const taken = await takeTask(ports, message, {
    invocation: String(held?.lease_invocation ?? worker.invocation),
    message: String(held?.lease_message ?? worker.message),
  });`,
      },
    ],
    first: 'a task fails for good while a copy under another name is at work',
  },
  {
    name: 'fail-task does not wait for a lease that is held',
    file: domain('fail-task'),
    edits: [{ find: 'if (heldElsewhere) throw', replace: 'if (heldElsewhere && until < 0) throw' }],
    first: 'a task fails for good while a copy of it is at work, which then dies',
  },
  {
    name: 'a job without a row cannot be ended',
    file: domain('finish'),
    edits: [{ find: "condition: absent('outcome'),", replace: "condition: allOf(equal('v', 1), absent('outcome'))," }],
    first: 'a job is cancelled before it is planned',
  },
  {
    name: 'no quiet time after a job that ended early',
    file: domain('plan'),
    edits: [
      {
        find: '...(quiet > 0 ? { delaySeconds: quiet } : {})',
        replace: '...(quiet < 0 ? { delaySeconds: quiet } : {})',
      },
    ],
    first: 'a cancelled worker is stuck in a write while the next job is started',
  },
  {
    name: 'any link of a chain is taken for the next one',
    file: domain('lease'),
    edits: [
      {
        find: 'if (mine || (message.generation === generation && message.step === step)) return { generation, step };',
        replace: 'if (message.step <= step) return { generation, step };',
      },
    ],
    first: 'a chain whose every message comes twice',
  },
  {
    name: 'a first message that comes again begins no new generation',
    file: domain('lease'),
    edits: [{ find: 'return { generation: generation + 1, step: message.step };', replace: 'return undefined;' }],
    first: 'changed chain that nobody looks after',
  },
  {
    name: 'a task joins without a look whether it is pending',
    file: domain('finish'),
    edits: [{ find: "condition: holding('pending', task),", replace: '' }],
    first: 'changed sync that nobody looks after',
  },
  {
    name: 'a join that was refused is not read back',
    file: domain('finish'),
    edits: [
      {
        find: 'if (written.item === undefined) return;',
        replace: 'if (written.item === undefined || !written.applied) return;',
      },
    ],
    first: 'changed sync that nobody looks after',
  },
  {
    name: 'a scan that failed prunes what it did not read',
    file: domain('work-scan'),
    edits: [{ find: "if (end.end === 'complete') {", replace: "if (end.end !== 'out of time') {" }],
    first: 'a page that is refused deletes nothing',
  },
  {
    name: 'a dead worker’s changes are not told again',
    file: domain('write-rows'),
    edits: [
      { find: 'if (after === undefined || row.stamp <= after)', replace: "if (after !== '' || row.stamp <= after)" },
    ],
    first: 'changed sync that nobody looks after',
  },
  {
    name: 'the scan row is committed before its history is written',
    file: domain('scan-stream'),
    edits: [{ find: '    await this.#log.flush();\n    if (this.#careful', replace: '    if (this.#careful' }],
    first: 'changed sync',
  },
  {
    name: 'the provider is freed without a word to whoever listens',
    file: domain('events'),
    edits: [{ find: 'await events.publish(event);', replace: 'void events;' }],
    first: 'unchanged sync',
  },
  {
    name: 'a claim is freed whoever holds it',
    file: domain('claim'),
    edits: [{ find: "provider.account), equal('provider', ref.id));", replace: 'provider.account));' }],
    first: 'two connects of one account at once, and a third after a disconnect',
  },
  {
    name: 'a claim whose answer was lost is not known as its own',
    file: domain('claim'),
    edits: [
      {
        find: 'return written.applied || (written.item',
        replace: 'return written.applied || (!written.applied && written.item === undefined && written.item',
      },
    ],
    first: 'connect and first sync',
  },
  {
    name: 'an aborted connect leaves its secret',
    file: domain('connect'),
    edits: [
      {
        find: "await ports.deleter.remove(row.secret, 'recoverable')",
        replace: "await Promise.resolve<'removed' | 'missing'>('missing')",
      },
    ],
    first: 'connect and first sync',
  },
  {
    name: 'a disconnect that went on without its fence',
    file: domain('disconnect'),
    edits: [
      {
        find: "set: { state: 'disconnecting', ...dueAt(ref, ports.clock.now()) },",
        replace: 'set: { ...dueAt(ref, ports.clock.now()) },',
      },
    ],
    first: 'disconnect in the middle of a sync',
  },
  {
    name: 'the sweep knows no limit',
    file: domain('sweep'),
    edits: [{ find: 'if (stopped && isHalfDone(provider)) continue;', replace: '' }],
    first: 'a table restored to yesterday stops the sweep',
  },
  {
    name: 'a step whose answer was lost ends the chain',
    file: domain('next-link'),
    edits: [{ find: 'if (!written.applied && !mine) return;', replace: 'if (!written.applied && mine) return;' }],
    first: 'changed chain that nobody looks after',
  },
];
