import { randomUUID } from 'node:crypto';
import { JsonShapeSerializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { CborCodec, cbor } from '@smithy/core/cbor';
import type { Schema } from '@smithy/types';

/** How a service speaks. `rest-*` name the operation by method and path, the others by a parameter or header. */
export type Protocol = 'ec2' | 'query' | 'rest-xml' | 'json' | 'rest-json' | 'cbor';

/** A typed SDK output and the SDK's own schema of it, by which it is written. */
export interface Output {
  readonly schema: Schema;
  readonly value: unknown;
  /** REST-XML: the member that is the body, where it is not the whole output. */
  readonly root?: string;
}

export interface Written {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Format numbers of the SDK's serializers: date-time and epoch seconds. */
const DATE_TIME = 5;
const EPOCH_SECONDS = 7;
const XML = 'text/xml;charset=UTF-8';
const CBOR = 'application/cbor';
const CBOR_HEADERS = { 'smithy-protocol': 'rpc-v2-cbor' };

/** Writes an answer as the service's protocol has it; wrappers are ours, everything inside is the SDK's. */
export function writeAnswer(
  protocol: Protocol,
  operation: string,
  namespace: string,
  { schema, value, root }: Output,
): Written {
  if (protocol === 'json' || protocol === 'rest-json') {
    const type = protocol === 'json' ? 'application/x-amz-json-1.0' : 'application/json';
    return { status: 200, type, body: json(schema, value) };
  }
  if (protocol === 'cbor') {
    const serializer = new CborCodec().createSerializer();
    serializer.write(schema, value);
    return { status: 200, type: CBOR, headers: CBOR_HEADERS, body: serializer.flush() };
  }
  const inner = content(xml(schema, value));
  const id = randomUUID();
  const body =
    protocol === 'ec2'
      ? `<${operation}Response xmlns="${namespace}"><requestId>${id}</requestId>${inner}</${operation}Response>`
      : protocol === 'query'
        ? `<${operation}Response xmlns="${namespace}"><${operation}Result>${inner}</${operation}Result><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></${operation}Response>`
        : `<${root} xmlns="${namespace}">${inner}</${root}>`;
  return { status: 200, type: XML, body: `<?xml version="1.0" encoding="UTF-8"?>${body}` };
}

function xml(schema: Schema, value: unknown): string {
  const serializer = new XmlShapeSerializer({
    timestampFormat: { useTrait: true, default: DATE_TIME },
    httpBindings: false,
    xmlNamespace: '',
    serviceNamespace: '',
  });
  serializer.write(schema, value);
  return String(serializer.flush());
}

function json(schema: Schema, value: unknown): string {
  const serializer = new JsonShapeSerializer({
    timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
    jsonName: true,
  });
  serializer.write(schema, value);
  return String(serializer.flush());
}

/** What stands between the outermost tags. */
function content(text: string): string {
  if (/^<[^>]*\/>$/.test(text)) return '';
  return text.slice(text.indexOf('>') + 1, text.lastIndexOf('</'));
}

/** An error as the service's protocol has it. */
export function writeError(protocol: Protocol, status: number, code: string, message: string): Written {
  const id = randomUUID();
  if (protocol === 'json' || protocol === 'rest-json') {
    const type = protocol === 'json' ? 'application/x-amz-json-1.0' : 'application/json';
    const body = JSON.stringify({ ...(protocol === 'json' ? { __type: code } : {}), message });
    return { status, type, body, headers: { 'x-amzn-errortype': code, 'x-amzn-requestid': id } };
  }
  if (protocol === 'cbor') {
    return { status, type: CBOR, headers: CBOR_HEADERS, body: cbor.serialize({ __type: code, message }) };
  }
  const text = `<Code>${code}</Code><Message>${escaped(message)}</Message>`;
  const body =
    protocol === 'ec2'
      ? `<Response><Errors><Error>${text}</Error></Errors><RequestID>${id}</RequestID></Response>`
      : protocol === 'query'
        ? `<ErrorResponse><Error><Type>Sender</Type>${text}</Error><RequestId>${id}</RequestId></ErrorResponse>`
        : `<Error>${text}<RequestId>${id}</RequestId></Error>`;
  return { status, type: XML, body: `<?xml version="1.0" encoding="UTF-8"?>${body}` };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
