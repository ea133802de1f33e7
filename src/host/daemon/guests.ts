// Guests, as the API asks for them: automatic admission at a signer, and the way in for whoever has no token.
import { CodedError } from '../../core/base/errors.ts';
import { decodeInvitation, idFromText, idToText, type Network } from '../../core/identity/identity.ts';
import type { JoinRequest } from '../../core/node/types.ts';
import type { GuestBackend } from '../api/api.ts';
import type {
  GuestInviteInput,
  GuestInviteResult,
  GuestProof,
  GuestsInput,
  GuestsResult,
  GuestWork,
  GuestWorkInput,
} from '../api/types.ts';
import { nodeCrypto } from '../crypto/crypto.ts';
import { nowMs, resolveAddresses } from '../io/io.ts';
import { DEFAULT_PORT } from './config.ts';
import { inviteWarnings } from './invite.ts';
import { type JoinTarget, targetOf } from './join.ts';
import type { NodeHost } from './node-host.ts';

/** For the cli of a signer and of a guest. */
export class Guests implements GuestBackend {
  readonly #host: NodeHost;
  /** The network that this state belongs to already. */
  readonly #own: () => Network | undefined;

  constructor(host: NodeHost, own: () => Network | undefined) {
    this.#host = host;
    this.#own = own;
  }

  view(): GuestsResult {
    const { isOpen, ...view } = this.#host.node().node.guests({}, nowMs());
    return { open: isOpen, ...view };
  }

  set(input: GuestsInput): GuestsResult {
    const { node } = this.#host.node();
    const { open, difficulty, max } = input;
    const wanted = {
      ...(open === undefined ? {} : { isOpen: open }),
      ...(difficulty === undefined ? {} : { difficulty }),
      ...(max === undefined ? {} : { max }),
    };
    const { isOpen, ...view } = this.#host.command((now) => node.guests(wanted, now));
    return { open: isOpen, ...view };
  }

  async invite(input: GuestInviteInput): Promise<GuestInviteResult> {
    const { node } = this.#host.node();
    const addresses = await resolveAddresses(input.addresses ?? [], DEFAULT_PORT);
    const result = node.inviteGuests(addresses);
    const view = this.view();
    const { warnings, ...where } = inviteWarnings(result.addresses, node.reach());
    const closed = { code: 'GUESTS_CLOSED', message: 'no guests are admitted yet: mcc guests open' };
    return { token: result.token, ...where, warnings: view.open ? warnings : [closed, ...warnings] };
  }

  async work(input: GuestWorkInput): Promise<GuestWork> {
    const target = await readInvitation(input.token, this.#own(), this.#host.isMember);
    return this.#host.change(async () => {
      const { terms, network, nodeId } = await this.#host.askForWork(target);
      return {
        networkId: network.idText,
        network: network.genesis.network,
        nodeId,
        signerNode: idToText(terms.nodeId),
        signer: Buffer.from(terms.signer).toString('base64url'),
        hour: terms.hour,
        difficulty: terms.difficulty,
      };
    });
  }
}

/** An invitation for guests, or a join token, that may be tried here: mistyped ones and those of other networks throw. */
export async function readInvitation(
  text: string,
  own: Network | undefined,
  isRunning: boolean,
  proof?: GuestProof,
): Promise<JoinTarget> {
  const decoded = decodeInvitation(nodeCrypto, text);
  if (!decoded.ok) throw new CodedError(decoded.code);
  const { invitation, network } = decoded;
  if (own !== undefined && own.idText !== network.idText) throw new CodedError('TOKEN_OTHER_NETWORK');
  if (isRunning) throw new CodedError('ALREADY_INITIALISED');
  const target = await targetOf(text, invitation.signers, network);
  if (proof === undefined) return { ...target, request: { ...target.request, guest: 'question' } };
  const guest = proofOf(proof);
  return { ...target, request: { ...target.request, guest }, signer: proof.signerNode };
}

function proofOf({
  signerNode,
  signer,
  hour,
  difficulty,
  solution,
}: GuestProof): NonNullable<JoinRequest['guest']> {
  const nodeId = idFromText(signerNode);
  if (nodeId === undefined) throw new CodedError('REQUEST_INVALID', 'guest.signerNode is no node ID');
  return { nodeId, hour, difficulty, signer: bytes(signer), solution: bytes(solution) };
}

function bytes(base64url: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}
