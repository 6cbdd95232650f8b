import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { z } from 'zod';
import { PEERS } from './peers.ts';

/** Google's own descriptions of its APIs, as the Python client carries them, and JSON Schemas made of them. */
const object = z.record(z.string(), z.unknown());
const reference = z.object({ $ref: z.string() });
const methodSchema = z.object({
  id: z.string(),
  path: z.string(),
  flatPath: z.string().optional(),
  httpMethod: z.string(),
  parameters: z.record(z.string(), z.object({ location: z.string() })).default({}),
  request: reference.optional(),
  response: reference.optional(),
});
export type Method = z.infer<typeof methodSchema>;
interface Resources {
  readonly methods?: Record<string, unknown> | undefined;
  readonly resources?: Record<string, Resources> | undefined;
}
const resourcesSchema: z.ZodType<Resources> = z.object({
  methods: object.optional(),
  get resources() {
    return z.record(z.string(), resourcesSchema).optional();
  },
});
const documentSchema = z.object({
  schemas: object,
  basePath: z.string().optional(),
  servicePath: z.string().default(''),
  parameters: object.default({}),
  resources: z.record(z.string(), resourcesSchema).default({}),
});

function folder(): string {
  const lib = join(PEERS, 'googleapis/lib');
  const python = readdirSync(lib).find((name) => name.startsWith('python3'));
  return join(lib, python ?? '', 'site-packages/googleapiclient/discovery_cache/documents');
}

/** One API of one version, such as `cloudasset.v1`. */
export class Discovery {
  readonly #document: z.infer<typeof documentSchema>;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(name: string) {
    this.#document = documentSchema.parse(JSON.parse(readFileSync(join(folder(), `${name}.json`), 'utf8')));
    const $defs = Object.fromEntries(
      Object.entries(this.#document.schemas).map(([key, schema]) => [key, toJsonSchema(schema)]),
    );
    this.#ajv.addSchema({ $id: 'api', $defs });
  }

  /** What is wrong with a value by the schema of that name; empty: nothing. */
  errors(schema: string, value: unknown): readonly string[] {
    const validate = this.#validators.get(schema) ?? this.#ajv.compile({ $ref: `api#/$defs/${schema}` });
    this.#validators.set(schema, validate);
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${schema}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** The method that a call is. */
  find(httpMethod: string, path: string): Method | undefined {
    return methodsOf({ resources: this.#document.resources }).find((method) => {
      const template = `/${this.#document.servicePath}${method.flatPath ?? method.path}`;
      const pattern = template.replaceAll(/\{\+[^}]*\}/g, '.+').replaceAll(/\{[^}]*\}/g, '[^/:]+');
      return method.httpMethod === httpMethod && new RegExp(`^${pattern}$`).test(path);
    });
  }

  /** Whether a method has a parameter of the query, of its own or of every method. */
  takes(method: Method, parameter: string): boolean {
    return method.parameters[parameter]?.location === 'query' || Object.hasOwn(this.#document.parameters, parameter);
  }
}

function methodsOf({ methods = {}, resources = {} }: Resources): Method[] {
  return [
    ...Object.values(methods).map((one) => methodSchema.parse(one)),
    ...Object.values(resources).flatMap(methodsOf),
  ];
}

/** Their schemas are JSON Schema of an old draft. A field that they do not name is held to be wrong. */
function toJsonSchema(schema: unknown): Record<string, unknown> {
  const { $ref, type, properties, items, additionalProperties, enum: values } = object.parse(schema);
  if (typeof $ref === 'string') return { $ref: `api#/$defs/${$ref}` };
  if (type === 'any' || type === undefined) return {};
  if (type === 'array') return { type, items: toJsonSchema(items) };
  if (type !== 'object') return { type, ...(Array.isArray(values) ? { enum: values } : {}) };
  const named = Object.entries(object.parse(properties ?? {})).map(
    ([key, value]) => [key, toJsonSchema(value)] as const,
  );
  return {
    type,
    properties: Object.fromEntries(named),
    additionalProperties:
      additionalProperties === undefined ? properties === undefined : toJsonSchema(additionalProperties),
  };
}
