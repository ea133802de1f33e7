// /openapi.json. It is asked for rarely, so its plugin lives only in an instance made for the question.
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { ANSWERS } from './answers.ts';

/** `app`: without any route yet; it is closed afterwards. */
export async function describeApi(
  app: FastifyInstance,
  version: string,
  addRoutes: (app: FastifyInstance) => void,
): Promise<object> {
  for (const [name, schema] of Object.entries(ANSWERS)) app.addSchema({ $id: name, ...schema });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'mcc',
        version,
        description: 'The API of the mcc daemon.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [
        { url: '/', description: 'the socket, or the loopback address that the configuration names' },
      ],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'over TCP only: the text of the token file' },
        },
      },
      security: [{}, { token: [] }],
    },
    refResolver: { buildLocalReference: ({ $id }) => String($id) },
  });
  addRoutes(app);
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}
