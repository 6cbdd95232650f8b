import { randomUUID } from 'node:crypto';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { adapter } from '../runtime/adapter.ts';
import { setting } from '../runtime/settings.ts';

/** One changing call, refused or not. Texts are capped by whoever fills it; none is a credential. */
export interface AuditLine {
  readonly time: string;
  readonly tenant: string | null;
  readonly actor: string | null;
  readonly role: string | null;
  readonly action: string;
  readonly provider: number | null;
  readonly source_address: string;
  readonly request_id: string;
  readonly result: number;
}

export interface AuditLog {
  write(line: AuditLine): Promise<void>;
}

/** Writes to the audit group, one stream per execution environment. */
export const auditLog = adapter('writeAudit', (): AuditLog => {
  const client = new CloudWatchLogsClient({});
  const group = setting('audit');
  let stream: Promise<string> | undefined;
  const makeStream = async (): Promise<string> => {
    const name = `${new Date().toISOString().slice(0, 10)}/${randomUUID()}`;
    await client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: name }));
    return name;
  };
  return {
    async write(line) {
      stream ??= makeStream();
      try {
        await client.send(
          new PutLogEventsCommand({
            logGroupName: group,
            logStreamName: await stream,
            logEvents: [{ timestamp: Date.parse(line.time), message: JSON.stringify(line) }],
          }),
        );
      } catch (error) {
        stream = undefined;
        throw error;
      }
    },
  };
});
