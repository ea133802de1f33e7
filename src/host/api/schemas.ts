// JSON schemas of the requests: fastify refuses what does not fit, and /openapi.json shows them.

const NAME = { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' } as const;
const BASE64URL = { type: 'string', pattern: '^[A-Za-z0-9_-]+$', maxLength: 8192 } as const;
const ADDRESS = { type: 'string', minLength: 1, maxLength: 261 } as const;

export const serviceName = {
  type: 'object',
  required: ['name'],
  properties: { name: NAME },
} as const;

export const serviceInput = {
  type: 'object',
  required: ['port'],
  additionalProperties: false,
  properties: {
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    protocol: { enum: ['tcp', 'udp'] },
    target: { type: ['string', 'null'], maxLength: 261 },
    weight: { type: 'integer', minimum: 1, maximum: 1000 },
    share: { type: 'array', maxItems: 32, items: { type: 'string', maxLength: 63 } },
  },
} as const;

export const pingInput = {
  type: 'object',
  required: ['target'],
  additionalProperties: false,
  properties: {
    target: { type: 'string', minLength: 1, maxLength: 255 },
    count: { type: 'integer', minimum: 1, maximum: 1000 },
  },
} as const;

export const initInput = {
  type: 'object',
  required: ['genesis', 'organisation'],
  additionalProperties: false,
  properties: {
    genesis: BASE64URL,
    organisation: {
      type: 'object',
      required: ['certificate', 'signatures'],
      additionalProperties: false,
      properties: {
        certificate: BASE64URL,
        signatures: {
          type: 'array',
          minItems: 1,
          maxItems: 8,
          items: {
            type: 'object',
            required: ['root', 'signature'],
            additionalProperties: false,
            properties: { root: { type: 'integer', minimum: 0, maximum: 255 }, signature: BASE64URL },
          },
        },
      },
    },
    name: NAME,
  },
} as const;

export const inviteInput = {
  type: 'object',
  additionalProperties: false,
  properties: {
    organisation: { type: 'string', minLength: 1, maxLength: 63 },
    uses: { type: 'integer', minimum: 1, maximum: 1000 },
    expiresMs: { type: 'integer', minimum: 1000, maximum: 366 * 86_400_000 },
    addresses: { type: 'array', maxItems: 8, items: ADDRESS },
    provides: { type: 'array', maxItems: 16, items: { type: 'string', minLength: 1, maxLength: 63 } },
  },
} as const;

export const joinInput = {
  type: 'object',
  required: ['token'],
  additionalProperties: false,
  properties: { token: { type: 'string', minLength: 1, maxLength: 4096 }, name: NAME },
} as const;
