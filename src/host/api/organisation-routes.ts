// Organisations: who is in the network, what is asked of its root keys, what these signed.
import type { FastifyInstance } from 'fastify';
import { about } from './about.ts';
import type { ApiBackend } from './backend.ts';
import { documentInput, installInput, organisationInput, retireInput, signerInput } from './schemas.ts';
import type { DocumentInput, InstallInput, OrganisationInput, RetireInput, SignerInput } from './types.ts';

export function addOrganisationRoutes(app: FastifyInstance, { organisations }: ApiBackend): void {
  app.get(
    '/v1/organisations',
    about('listOrganisations', 'Organisations that are known here', { 200: 'OrganisationList' }),
    () => ({ organisations: organisations.list(), nextCursor: null }),
  );
  app.get('/v1/network', about('getNetwork', 'The network and its root keys', { 200: 'Network' }), () =>
    organisations.network(),
  );
  app.post<{ Body: OrganisationInput }>(
    '/v1/organisations',
    about(
      'createOrganisation',
      'Make the keys of an organisation and ask the root keys for it',
      { 200: 'SigningRequest' },
      { body: organisationInput },
    ),
    (request) => organisations.create(request.body.name),
  );
  app.post<{ Body: InstallInput }>(
    '/v1/organisations/install',
    about(
      'installDocument',
      'Take up what root keys signed for this node',
      { 200: 'InstallResult' },
      { body: installInput },
    ),
    (request) => organisations.install(request.body),
  );
  app.post<{ Body: SignerInput }>(
    '/v1/organisations/signers/request',
    about(
      'requestSigner',
      'Ask for this node to be a signer of its organisation',
      { 200: 'SigningRequest' },
      { body: signerInput },
    ),
    (request) => organisations.requestSigner(request.body.newKey === true),
  );
  app.post<{ Body: DocumentInput }>(
    '/v1/organisations/signers/approve',
    about(
      'approveSigner',
      'Approve that another node becomes a signer',
      { 200: 'SigningRequest' },
      { body: documentInput },
    ),
    (request) => organisations.approve(request.body.document),
  );
  app.post<{ Body: RetireInput }>(
    '/v1/organisations/signers/retire',
    about('retireSigner', 'Destroy the signing key of this node', { 204: '' }, { body: retireInput }),
    async (request, reply) => {
      await organisations.retire(request.body.force === true);
      return reply.code(204).send();
    },
  );
}
