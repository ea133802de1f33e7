// Imports: names of this node for services of other organisations.
import type { FastifyInstance } from 'fastify';
import { about } from './about.ts';
import type { ApiBackend } from './backend.ts';
import type { ImportInput } from './import-types.ts';
import { importInput, serviceName } from './schemas.ts';

export function addImportRoutes(app: FastifyInstance, { imports }: ApiBackend): void {
  app.get(
    '/v1/imports',
    about('listImports', 'Services of other organisations that have a name here', { 200: 'ImportList' }),
    () => ({ imports: imports.list(), nextCursor: null }),
  );
  app.put<{ Params: { name: string }; Body: ImportInput }>(
    '/v1/imports/:name',
    about(
      'putImport',
      'Give a service of another organisation a name on this node',
      { 200: 'Import' },
      { params: serviceName, body: importInput },
    ),
    (request) => imports.add(request.params.name, request.body.service),
  );
  app.delete<{ Params: { name: string } }>(
    '/v1/imports/:name',
    about('deleteImport', 'Give such a name up', { 204: '' }, { params: serviceName }),
    (request, reply) => {
      imports.remove(request.params.name);
      return reply.code(204).send();
    },
  );
}
