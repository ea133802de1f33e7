// Holds answers against the description that the API gives of itself.
import build from '@fastify/ajv-compiler';

export interface Operation {
  operationId: string;
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

export interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

export interface Answered {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly status: number;
  /** Of the content, without parameters; empty: there is none. */
  readonly type: string;
  readonly body: string;
}

/** Returns what is wrong with an answer; undefined: nothing. */
export function describedBy(document: Description): (answered: Answered) => string | undefined {
  const compile = build()({}, { customOptions: { strict: false, validateFormats: false } } as never);
  return ({ method, path, status, type, body }) => {
    const operation = operationOf(document, method, path);
    if (operation === undefined) return 'no such operation';
    const { content } = operation.responses[status] ?? operation.responses.default;
    if (content === undefined) return body === '' ? undefined : 'there is a body';
    if (content[type] === undefined) return `${status} with ${type}`;
    if (!type.endsWith('json')) return undefined;
    const schema = { ...content[type].schema, components: document.components };
    const validate = compile({ schema, method, url: path, httpPart: 'body' } as never) as {
      (data: unknown): boolean;
      errors?: unknown;
    };
    return validate(JSON.parse(body)) ? undefined : JSON.stringify(validate.errors);
  };
}

export function operationOf({ paths }: Description, method: string, path: string): Operation | undefined {
  const known = Object.keys(paths).find((one) => new RegExp(`^${one.replace(/{\w+}/, '[^/]+')}$`).test(path));
  return known === undefined ? undefined : paths[known][method.toLowerCase()];
}
