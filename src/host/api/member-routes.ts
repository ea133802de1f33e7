// Members of the own organisation, and what their certificates let them do.
import type { FastifyInstance } from 'fastify';
import { about } from './about.ts';
import type { ApiBackend } from './backend.ts';
import type { MemberInput } from './member-types.ts';
import { memberInput, memberParams } from './schemas.ts';

export function addMemberRoutes(app: FastifyInstance, { members }: ApiBackend): void {
  app.get(
    '/v1/members',
    about('listMembers', 'Nodes of the own organisation that are known here', { 200: 'MemberList' }),
    () => ({ members: members.list(), nextCursor: null }),
  );
  app.put<{ Params: { member: string }; Body: MemberInput }>(
    '/v1/members/:member',
    about(
      'putMember',
      'Give a node of the own organisation other tags, or let it offer other services, as its signer',
      { 200: 'Member' },
      { params: memberParams, body: memberInput },
    ),
    (request) => members.change(request.params.member, request.body),
  );
}
