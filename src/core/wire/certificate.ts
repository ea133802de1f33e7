// Genesis, certificates, chains and tokens as bytes. Decoding accepts exactly what encoding gives; what the values mean,
// and whether the signatures hold, is identity's to judge.
import { ipFromBytes, ipToBytes } from '../base/ip.ts';
import { CERTIFICATE_MAX, CHAIN_MAX, GENESIS_MAX, TOKEN_ADDRESSES_MAX, TOKEN_MAX } from './limits.ts';
import { decodeCanonical, decodeMessage, encodeMessage, mcc, own } from './protobuf.ts';
import { CHAIN, GENESIS, JOIN_TOKEN, MEMBER_CERTIFICATE, ORGANISATION_CERTIFICATE } from './rules.ts';
import type {
  Chain,
  Extension,
  Genesis,
  JoinToken,
  MemberCertificate,
  OrganisationCertificate,
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

export function encodeChain(chain: Chain): Uint8Array {
  const { organisation, member } = chain;
  return encodeMessage(
    mcc.Chain,
    CHAIN,
    { organisation: { ...organisation, signatures: [...organisation.signatures] }, member },
    CHAIN_MAX,
  );
}

export function decodeChain(bytes: Uint8Array): Chain {
  return decodeCanonical(bytes, CHAIN, encodeChain, () => {
    const { organisation, member } = decodeMessage(mcc.Chain, CHAIN, bytes, CHAIN_MAX);
    const signatures = (organisation?.signatures ?? []).map((root) => ({
      root: root.root ?? 0,
      signature: own(root.signature),
    }));
    return {
      organisation: { certificate: own(organisation?.certificate), signatures },
      member: { certificate: own(member?.certificate), signature: own(member?.signature) },
    };
  });
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

function extension(decoded: mcc.Extension.$Properties): Extension {
  return { id: decoded.id ?? 0, critical: decoded.critical ?? false, value: own(decoded.value) };
}

// Addresses first, then names.
function signerToProto(signer: TokenSigner): mcc.TokenSigner.$Properties {
  const addresses = signer.addresses.map(({ ip, port }) => ({ ip: ipToBytes(ip), port }));
  return { nodeId: signer.nodeId, addresses: [...addresses, ...signer.hosts] };
}

function signerFromProto(signer: mcc.TokenSigner.$Properties): TokenSigner {
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
