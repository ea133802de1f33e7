// Revocations: what is revoked, and revoking.
import type { FastifyInstance } from 'fastify';
import { about } from './about.ts';
import type { ApiBackend } from './backend.ts';
import type { RevokeInput } from './revocation-types.ts';
import { revokeInput } from './schemas.ts';

export function addRevocationRoutes(app: FastifyInstance, { revocations }: ApiBackend): void {
  app.get(
    '/v1/revocations',
    about('listRevocations', 'What was revoked, the newest first', { 200: 'RevocationList' }),
    () => ({ revocations: revocations.list(), nextCursor: null }),
  );
  app.post<{ Body: RevokeInput }>(
    '/v1/revocations',
    about(
      'revoke',
      'Revoke a node of the own organisation, or take up what root keys signed: for good',
      { 200: 'Revocation' },
      { body: revokeInput },
    ),
    (request) => revocations.revoke(request.body),
  );
}
