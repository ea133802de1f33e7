// JSON schemas of the requests: fastify refuses what does not fit, and /openapi.json shows them. A refusal tells
// the description of the field, after "must be".

const NAME = {
  type: 'string',
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
  description: '1 to 63 lower-case letters, digits and hyphens, no hyphen at either end',
} as const;
const BASE64URL = {
  type: 'string',
  pattern: '^[A-Za-z0-9_-]+$',
  maxLength: 8192,
  description: 'base64url without padding, at most 8,192 characters',
} as const;
const ADDRESS = { type: 'string', minLength: 1, maxLength: 261, description: 'HOST:PORT' } as const;

const SHARE = {
  type: 'array',
  maxItems: 32,
  items: { type: 'string', minLength: 1, maxLength: 67, pattern: '^[^,]*$' },
  description: 'names or IDs of organisations, all, guests, own or tag:NAME',
} as const;

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
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'a port, 1 to 65535' },
    protocol: { enum: ['tcp', 'udp'] },
    target: { type: ['string', 'null'], maxLength: 261, description: 'HOST:PORT, or null: the own port' },
    weight: { type: 'integer', minimum: 1, maximum: 1000, description: 'a whole number from 1 to 1000' },
    share: SHARE,
    check: { enum: ['tcp', 'none'], description: 'tcp or none; default: tcp for TCP, none for UDP' },
  },
} as const;

export const accessInput = {
  type: 'object',
  required: ['from', 'to'],
  additionalProperties: false,
  properties: {
    from: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'a node, an organisation, tag:NAME or guests',
    },
    to: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'a service of this node, or its name with :PORT; /udp behind it',
    },
  },
} as const;

export const shareInput = {
  type: 'object',
  additionalProperties: false,
  properties: { share: SHARE },
} as const;

export const resolveName = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 255, description: 'a name, with or without the zone' },
  },
} as const;

export const recordKey = {
  type: 'object',
  required: ['key'],
  properties: { key: { type: 'string', description: '1 to 63 bytes of text without control characters' } },
} as const;

export const keptQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    cursor: { type: 'string', pattern: '^[0-9]{1,9}$', description: 'nextCursor of the page before' },
  },
} as const;

export const recordInput = {
  type: 'object',
  additionalProperties: false,
  oneOf: [{ required: ['value'] }, { required: ['valueBase64url'] }],
  description: 'either value or valueBase64url, 1 to 820 bytes',
  properties: {
    value: { type: 'string', description: 'text, stored as UTF-8' },
    valueBase64url: BASE64URL,
  },
} as const;

export const pingInput = {
  type: 'object',
  required: ['target'],
  additionalProperties: false,
  properties: {
    target: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'a node name, a node ID or a virtual address',
    },
    count: { type: 'integer', minimum: 1, maximum: 1000, description: 'a number of echoes, 1 to 1000' },
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
            properties: {
              root: {
                type: 'integer',
                minimum: 0,
                maximum: 255,
                description: 'a whole number from 0 to 255',
              },
              signature: BASE64URL,
            },
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
    organisation: {
      type: 'string',
      minLength: 1,
      maxLength: 63,
      description: 'a name or ID of an organisation',
    },
    uses: { type: 'integer', minimum: 1, maximum: 1000, description: 'a whole number from 1 to 1000' },
    expiresMs: {
      type: 'integer',
      minimum: 1000,
      maximum: 366 * 86_400_000,
      description: 'a number of milliseconds, one second to 366 days',
    },
    addresses: { type: 'array', maxItems: 8, items: ADDRESS },
    provides: { type: 'array', maxItems: 16, items: { type: 'string', minLength: 1, maxLength: 63 } },
    tags: { type: 'array', maxItems: 16, items: NAME },
    replaces: { type: 'string', minLength: 1, maxLength: 300, description: 'name or ID of a node' },
  },
} as const;

export const guestInviteInput = {
  type: 'object',
  additionalProperties: false,
  properties: { addresses: { type: 'array', maxItems: 8, items: ADDRESS } },
} as const;

const DIFFICULTY = {
  type: 'integer',
  minimum: 8,
  maximum: 30,
  description: 'a whole number from 8 to 30',
} as const;

export const guestsInput = {
  type: 'object',
  additionalProperties: false,
  properties: {
    open: { type: 'boolean', description: 'true or false' },
    difficulty: DIFFICULTY,
    max: { type: 'integer', minimum: 1, maximum: 10_000, description: 'a whole number from 1 to 10,000' },
  },
} as const;

export const guestWorkInput = {
  type: 'object',
  required: ['token'],
  additionalProperties: false,
  properties: {
    token: { type: 'string', minLength: 1, maxLength: 4096, description: 'what `mcc invite` printed' },
  },
} as const;

const GUEST_PROOF = {
  type: 'object',
  required: ['signerNode', 'signer', 'hour', 'difficulty', 'solution'],
  additionalProperties: false,
  properties: {
    signerNode: { type: 'string', minLength: 52, maxLength: 52, description: 'a node ID' },
    signer: BASE64URL,
    hour: { type: 'integer', minimum: 0, maximum: 0xffffffff, description: 'hours of Unix time' },
    difficulty: DIFFICULTY,
    solution: { type: 'string', pattern: '^[A-Za-z0-9_-]{171}$', description: '128 bytes as base64url' },
  },
} as const;

export const joinInput = {
  type: 'object',
  required: ['token'],
  additionalProperties: false,
  properties: {
    token: { type: 'string', minLength: 1, maxLength: 4096, description: 'what `mcc invite` printed' },
    name: NAME,
    guest: GUEST_PROOF,
  },
} as const;

const DOCUMENT = {
  type: 'string',
  minLength: 1,
  maxLength: 16_384,
  description: 'a text that starts with mccr1 or mccs1',
} as const;

export const organisationInput = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: { name: NAME },
} as const;

export const signerInput = {
  type: 'object',
  additionalProperties: false,
  properties: { newKey: { type: 'boolean', description: 'true or false' } },
} as const;

export const revokeInput = {
  type: 'object',
  additionalProperties: false,
  properties: {
    node: { type: 'string', minLength: 1, maxLength: 253, description: 'name or ID of a node' },
    reason: { type: 'string', maxLength: 120, description: 'at most 120 bytes of text' },
    statement: BASE64URL,
    confirmed: { type: 'boolean', description: 'true or false' },
  },
} as const;

export const importInput = {
  type: 'object',
  required: ['service'],
  additionalProperties: false,
  properties: {
    service: { type: 'string', minLength: 1, maxLength: 255, description: 'SERVICE.ORGANISATION' },
  },
} as const;

export const documentInput = {
  type: 'object',
  required: ['document'],
  additionalProperties: false,
  properties: { document: DOCUMENT },
} as const;

export const retireInput = {
  type: 'object',
  additionalProperties: false,
  properties: { force: { type: 'boolean', description: 'true or false' } },
} as const;

export const installInput = {
  type: 'object',
  required: ['document'],
  additionalProperties: false,
  properties: {
    document: DOCUMENT,
    name: NAME,
    contacts: {
      type: 'array',
      maxItems: 8,
      items: { type: 'string', minLength: 1, maxLength: 16_384 },
      description: 'NODEID@HOST:PORT, join tokens or documents that name nodes',
    },
  },
} as const;

export const memberParams = {
  type: 'object',
  required: ['member'],
  properties: {
    member: { type: 'string', minLength: 1, maxLength: 300, description: 'name or ID of a node' },
  },
} as const;

export const memberInput = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  description: 'tags, or patterns of service names, or both',
  properties: {
    provides: { type: 'array', maxItems: 16, items: { type: 'string', minLength: 1, maxLength: 63 } },
    tags: { type: 'array', maxItems: 16, items: NAME },
  },
} as const;

export const keyChangeInput = {
  type: 'object',
  required: ['token'],
  additionalProperties: false,
  properties: {
    token: { type: 'string', minLength: 1, maxLength: 4096, description: 'what `mcc invite` printed' },
    confirmed: { type: 'boolean', description: 'true or false' },
  },
} as const;
