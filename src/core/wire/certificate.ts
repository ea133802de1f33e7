// Genesis, certificates, chains and tokens as bytes. Decoding accepts exactly what encoding gives; what the values mean,
// and whether the signatures hold, is identity's to judge.
import { ipFromBytes, ipToBytes } from '../base/ip.ts';
import type { PseudonymChain } from './epoch-types.ts';
import {
  CERTIFICATE_MAX,
  CHAIN_MAX,
  GENESIS_MAX,
  TOKEN_ADDRESSES_MAX,
  TOKEN_MAX,
  VALUE_MAX,
} from './limits.ts';
import { decodeCanonical, decodeMessage, encodeMessage, mcc, own } from './protobuf.ts';
import {
  CHAIN,
  GENESIS,
  GUEST_CERTIFICATE,
  GUEST_INVITATION,
  JOIN_TOKEN,
  MEMBER_CERTIFICATE,
  ORGANISATION_CERTIFICATE,
  SIGNER_NOTICE,
} from './rules.ts';
import type {
  Chain,
  Extension,
  Genesis,
  GuestCertificate,
  GuestChain,
  GuestInvitation,
  JoinToken,
  MemberCertificate,
  OrganisationCertificate,
  RootSignature,
  SignedCertificate,
  SignerNotice,
  TokenSigner,
} from './types.ts';
import { WireError } from './wire-error.ts';

export function encodeGenesis(genesis: Genesis): Uint8Array {
  return encodeMessage(
    mcc.Genesis,
    GENESIS,
    { ...genesis, rootKeys: [...genesis.rootKeys], extensions: [...genesis.extensions] },
    GENESIS_MAX,
  );
}

/** Throws WireError, as all decoders here. */
export function decodeGenesis(bytes: Uint8Array): Genesis {
  return decodeCanonical(bytes, GENESIS, encodeGenesis, () => {
    const genesis = decodeMessage(mcc.Genesis, GENESIS, bytes, GENESIS_MAX);
    return {
      network: genesis.network,
      threshold: genesis.threshold,
      rootKeys: genesis.rootKeys.map(own),
      created: genesis.created,
      random: own(genesis.random),
      extensions: genesis.extensions.map(extension),
    };
  });
}

export function encodeOrganisationCertificate(certificate: OrganisationCertificate): Uint8Array {
  return encodeMessage(
    mcc.OrganisationCertificate,
    ORGANISATION_CERTIFICATE,
    { ...certificate, extensions: [...certificate.extensions] },
    CERTIFICATE_MAX,
  );
}

export function decodeOrganisationCertificate(bytes: Uint8Array): OrganisationCertificate {
  return decodeCanonical(bytes, ORGANISATION_CERTIFICATE, encodeOrganisationCertificate, () => {
    const certificate = decodeMessage(
      mcc.OrganisationCertificate,
      ORGANISATION_CERTIFICATE,
      bytes,
      CERTIFICATE_MAX,
    );
    return {
      organisation: own(certificate.organisation),
      signer: own(certificate.signer),
      name: certificate.name,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      nonce: own(certificate.nonce),
      extensions: certificate.extensions.map(extension),
    };
  });
}

export function encodeMemberCertificate(certificate: MemberCertificate): Uint8Array {
  const { provides, tags, extensions } = certificate;
  return encodeMessage(
    mcc.MemberCertificate,
    MEMBER_CERTIFICATE,
    { ...certificate, provides: [...provides], tags: [...tags], extensions: [...extensions] },
    CERTIFICATE_MAX,
  );
}

export function decodeMemberCertificate(bytes: Uint8Array): MemberCertificate {
  return decodeCanonical(bytes, MEMBER_CERTIFICATE, encodeMemberCertificate, () => {
    const certificate = decodeMessage(mcc.MemberCertificate, MEMBER_CERTIFICATE, bytes, CERTIFICATE_MAX);
    return {
      organisation: own(certificate.organisation),
      issuer: own(certificate.issuer),
      nodeId: own(certificate.nodeId),
      name: certificate.name,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      nonce: own(certificate.nonce),
      provides: [...certificate.provides],
      tags: [...certificate.tags],
      extensions: certificate.extensions.map(extension),
    };
  });
}

export function encodeGuestCertificate(certificate: GuestCertificate): Uint8Array {
  return encodeMessage(
    mcc.GuestCertificate,
    GUEST_CERTIFICATE,
    { ...certificate, extensions: [...certificate.extensions] },
    CERTIFICATE_MAX,
  );
}

export function decodeGuestCertificate(bytes: Uint8Array): GuestCertificate {
  return decodeCanonical(bytes, GUEST_CERTIFICATE, encodeGuestCertificate, () => {
    const certificate = decodeMessage(mcc.GuestCertificate, GUEST_CERTIFICATE, bytes, CERTIFICATE_MAX);
    return {
      organisation: own(certificate.organisation),
      issuer: own(certificate.issuer),
      nodeId: own(certificate.nodeId),
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      extensions: certificate.extensions.map(extension),
    };
  });
}

export function encodeChain(chain: Chain | GuestChain | PseudonymChain): Uint8Array {
  const { organisation, ...leaf } = chain;
  return encodeMessage(
    mcc.Chain,
    CHAIN,
    { organisation: { ...organisation, signatures: [...organisation.signatures] }, ...leaf },
    CHAIN_MAX,
  );
}

/** Of a member, of a guest or of a pseudonym: it has the field of that name. */
export function decodeChain(bytes: Uint8Array): Chain | GuestChain | PseudonymChain {
  return decodeCanonical<Chain | GuestChain | PseudonymChain>(bytes, CHAIN, encodeChain, () => {
    const decoded = decodeMessage(mcc.Chain, CHAIN, bytes, CHAIN_MAX);
    const { member, guest, pseudonym } = decoded;
    if ([member, guest, pseudonym].filter((leaf) => leaf).length !== 1)
      throw new WireError('malformed', 'Chain: not one leaf');
    const organisation = signedOrganisation(decoded.organisation ?? {});
    if (member) return { organisation, member: signedCertificate(member) };
    if (guest) return { organisation, guest: signedCertificate(guest) };
    return {
      organisation,
      pseudonym: {
        epoch: own(pseudonym?.epoch),
        epochSignature: own(pseudonym?.epochSignature),
        pseudonym: own(pseudonym?.pseudonym),
        signature: own(pseudonym?.signature),
      },
    };
  });
}

function signedCertificate(signed: mcc.SignedMember.$Properties): SignedCertificate {
  return { certificate: own(signed.certificate), signature: own(signed.signature) };
}

export function encodeSignerNotice({ organisation, signature }: SignerNotice): Uint8Array {
  return encodeMessage(
    mcc.SignerNotice,
    SIGNER_NOTICE,
    { organisation: { ...organisation, signatures: [...organisation.signatures] }, signature },
    VALUE_MAX,
  );
}

export function decodeSignerNotice(bytes: Uint8Array): SignerNotice {
  return decodeCanonical(bytes, SIGNER_NOTICE, encodeSignerNotice, () => {
    const { organisation, signature } = decodeMessage(mcc.SignerNotice, SIGNER_NOTICE, bytes, VALUE_MAX);
    return { organisation: signedOrganisation(organisation ?? {}), signature: own(signature) };
  });
}

export function signedOrganisation(decoded: mcc.SignedOrganisation.$Properties): Chain['organisation'] {
  return {
    certificate: own(decoded.certificate),
    signatures: (decoded.signatures ?? []).map(rootSignature),
  };
}

export function rootSignature(decoded: mcc.RootSignature.$Properties): RootSignature {
  return { root: decoded.root ?? 0, signature: own(decoded.signature) };
}

export function encodeJoinToken(token: JoinToken): Uint8Array {
  for (const signer of token.signers)
    if (signer.addresses.length + signer.hosts.length > TOKEN_ADDRESSES_MAX)
      throw new RangeError(`a signer has at most ${TOKEN_ADDRESSES_MAX} addresses`);
  return encodeMessage(
    mcc.JoinToken,
    JOIN_TOKEN,
    { ...token, signers: token.signers.map(signerToProto), extensions: [...token.extensions] },
    TOKEN_MAX,
  );
}

export function decodeJoinToken(bytes: Uint8Array): JoinToken {
  return decodeCanonical(bytes, JOIN_TOKEN, encodeJoinToken, () => {
    const token = decodeMessage(mcc.JoinToken, JOIN_TOKEN, bytes, TOKEN_MAX);
    return {
      genesis: own(token.genesis),
      organisation: own(token.organisation),
      secret: own(token.secret),
      expires: token.expires,
      signers: token.signers.map(signerFromProto),
      extensions: token.extensions.map(extension),
    };
  });
}

/** RangeError when a list is too long. */
export function encodeGuestInvitation(invitation: GuestInvitation): Uint8Array {
  for (const signer of invitation.signers)
    if (signer.addresses.length + signer.hosts.length > TOKEN_ADDRESSES_MAX)
      throw new RangeError(`a signer has at most ${TOKEN_ADDRESSES_MAX} addresses`);
  return encodeMessage(
    mcc.GuestInvitation,
    GUEST_INVITATION,
    {
      ...invitation,
      signers: invitation.signers.map(signerToProto),
      extensions: [...invitation.extensions],
    },
    TOKEN_MAX,
  );
}

export function decodeGuestInvitation(bytes: Uint8Array): GuestInvitation {
  return decodeCanonical(bytes, GUEST_INVITATION, encodeGuestInvitation, () => {
    const invitation = decodeMessage(mcc.GuestInvitation, GUEST_INVITATION, bytes, TOKEN_MAX);
    return {
      genesis: own(invitation.genesis),
      organisation: own(invitation.organisation),
      signers: invitation.signers.map(signerFromProto),
      extensions: invitation.extensions.map(extension),
    };
  });
}

export function extension(decoded: mcc.Extension.$Properties): Extension {
  return { id: decoded.id ?? 0, critical: decoded.critical ?? false, value: own(decoded.value) };
}

// Addresses first, then names.
export function signerToProto(signer: TokenSigner): mcc.TokenSigner.$Properties {
  const addresses = signer.addresses.map(({ ip, port }) => ({ ip: ipToBytes(ip), port }));
  return { nodeId: signer.nodeId, addresses: [...addresses, ...signer.hosts] };
}

export function signerFromProto(signer: mcc.TokenSigner.$Properties): TokenSigner {
  const addresses: { ip: Uint8Array; port: number }[] = [];
  const hosts: { host: string; port: number }[] = [];
  for (const { ip, port, host } of signer.addresses ?? []) {
    const parsed = ipFromBytes(ip ?? new Uint8Array(0));
    if (host) {
      hosts.push({ host, port: port ?? 0 });
    } else if (parsed !== undefined) {
      addresses.push({ ip: parsed, port: port ?? 0 });
    } else {
      throw new WireError('malformed', 'TokenAddress: neither address nor name');
    }
  }
  return { nodeId: own(signer.nodeId), addresses, hosts };
}
