// Generated from proto/ by `npm run generate`; change the .proto files instead.
import * as $protobuf from "protobufjs/minimal.js";

/** Namespace mcc. */
export namespace mcc {

    /**
     * Properties of an Address.
     * @deprecated Use mcc.Address.$Properties instead.
     */
    interface IAddress extends mcc.Address.$Properties {
    }

    /** Represents an Address. */
    class Address {

        /**
         * Constructs a new Address.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Address.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Address ip. */
        ip: Uint8Array;

        /** Address port. */
        port: number;

        /**
         * Creates a new Address instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Address instance
         */
        static create(properties: mcc.Address.$Shape): mcc.Address & mcc.Address.$Shape;
        static create(properties?: mcc.Address.$Properties): mcc.Address;

        /**
         * Encodes the specified Address message. Does not implicitly {@link mcc.Address.verify|verify} messages.
         * @param message Address message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Address.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Address message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Address & mcc.Address.$Shape} Address
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Address & mcc.Address.$Shape;
    }

    namespace Address {

        /** Properties of an Address. */
        interface $Properties {

            /** Address ip */
            ip?: (Uint8Array|null);

            /** Address port */
            port?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Address. */
        type $Shape = mcc.Address.$Properties;
    }

    /**
     * Properties of a Genesis.
     * @deprecated Use mcc.Genesis.$Properties instead.
     */
    interface IGenesis extends mcc.Genesis.$Properties {
    }

    /** Represents a Genesis. */
    class Genesis {

        /**
         * Constructs a new Genesis.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Genesis.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Genesis network. */
        network: string;

        /** Genesis threshold. */
        threshold: number;

        /** Genesis rootKeys. */
        rootKeys: Uint8Array[];

        /** Genesis created. */
        created: number;

        /** Genesis random. */
        random: Uint8Array;

        /** Genesis extensions. */
        extensions: mcc.Extension.$Properties[];

        /**
         * Creates a new Genesis instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Genesis instance
         */
        static create(properties: mcc.Genesis.$Shape): mcc.Genesis & mcc.Genesis.$Shape;
        static create(properties?: mcc.Genesis.$Properties): mcc.Genesis;

        /**
         * Encodes the specified Genesis message. Does not implicitly {@link mcc.Genesis.verify|verify} messages.
         * @param message Genesis message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Genesis.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Genesis message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Genesis & mcc.Genesis.$Shape} Genesis
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Genesis & mcc.Genesis.$Shape;
    }

    namespace Genesis {

        /** Properties of a Genesis. */
        interface $Properties {

            /** Genesis network */
            network?: (string|null);

            /** Genesis threshold */
            threshold?: (number|null);

            /** Genesis rootKeys */
            rootKeys?: (Uint8Array[]|null);

            /** Genesis created */
            created?: (number|null);

            /** Genesis random */
            random?: (Uint8Array|null);

            /** Genesis extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Genesis. */
        type $Shape = mcc.Genesis.$Properties;
    }

    /**
     * Properties of an OrganisationCertificate.
     * @deprecated Use mcc.OrganisationCertificate.$Properties instead.
     */
    interface IOrganisationCertificate extends mcc.OrganisationCertificate.$Properties {
    }

    /** Represents an OrganisationCertificate. */
    class OrganisationCertificate {

        /**
         * Constructs a new OrganisationCertificate.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.OrganisationCertificate.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** OrganisationCertificate organisation. */
        organisation: Uint8Array;

        /** OrganisationCertificate signer. */
        signer: Uint8Array;

        /** OrganisationCertificate name. */
        name: string;

        /** OrganisationCertificate notBefore. */
        notBefore: number;

        /** OrganisationCertificate notAfter. */
        notAfter: number;

        /** OrganisationCertificate nonce. */
        nonce: Uint8Array;

        /** OrganisationCertificate extensions. */
        extensions: mcc.Extension.$Properties[];

        /**
         * Creates a new OrganisationCertificate instance using the specified properties.
         * @param [properties] Properties to set
         * @returns OrganisationCertificate instance
         */
        static create(properties: mcc.OrganisationCertificate.$Shape): mcc.OrganisationCertificate & mcc.OrganisationCertificate.$Shape;
        static create(properties?: mcc.OrganisationCertificate.$Properties): mcc.OrganisationCertificate;

        /**
         * Encodes the specified OrganisationCertificate message. Does not implicitly {@link mcc.OrganisationCertificate.verify|verify} messages.
         * @param message OrganisationCertificate message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.OrganisationCertificate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an OrganisationCertificate message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.OrganisationCertificate & mcc.OrganisationCertificate.$Shape} OrganisationCertificate
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.OrganisationCertificate & mcc.OrganisationCertificate.$Shape;
    }

    namespace OrganisationCertificate {

        /** Properties of an OrganisationCertificate. */
        interface $Properties {

            /** OrganisationCertificate organisation */
            organisation?: (Uint8Array|null);

            /** OrganisationCertificate signer */
            signer?: (Uint8Array|null);

            /** OrganisationCertificate name */
            name?: (string|null);

            /** OrganisationCertificate notBefore */
            notBefore?: (number|null);

            /** OrganisationCertificate notAfter */
            notAfter?: (number|null);

            /** OrganisationCertificate nonce */
            nonce?: (Uint8Array|null);

            /** OrganisationCertificate extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an OrganisationCertificate. */
        type $Shape = mcc.OrganisationCertificate.$Properties;
    }

    /**
     * Properties of a MemberCertificate.
     * @deprecated Use mcc.MemberCertificate.$Properties instead.
     */
    interface IMemberCertificate extends mcc.MemberCertificate.$Properties {
    }

    /** Represents a MemberCertificate. */
    class MemberCertificate {

        /**
         * Constructs a new MemberCertificate.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.MemberCertificate.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** MemberCertificate organisation. */
        organisation: Uint8Array;

        /** MemberCertificate issuer. */
        issuer: Uint8Array;

        /** MemberCertificate nodeId. */
        nodeId: Uint8Array;

        /** MemberCertificate name. */
        name: string;

        /** MemberCertificate notBefore. */
        notBefore: number;

        /** MemberCertificate notAfter. */
        notAfter: number;

        /** MemberCertificate nonce. */
        nonce: Uint8Array;

        /** MemberCertificate provides. */
        provides: string[];

        /** MemberCertificate tags. */
        tags: string[];

        /** MemberCertificate extensions. */
        extensions: mcc.Extension.$Properties[];

        /**
         * Creates a new MemberCertificate instance using the specified properties.
         * @param [properties] Properties to set
         * @returns MemberCertificate instance
         */
        static create(properties: mcc.MemberCertificate.$Shape): mcc.MemberCertificate & mcc.MemberCertificate.$Shape;
        static create(properties?: mcc.MemberCertificate.$Properties): mcc.MemberCertificate;

        /**
         * Encodes the specified MemberCertificate message. Does not implicitly {@link mcc.MemberCertificate.verify|verify} messages.
         * @param message MemberCertificate message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.MemberCertificate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a MemberCertificate message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.MemberCertificate & mcc.MemberCertificate.$Shape} MemberCertificate
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.MemberCertificate & mcc.MemberCertificate.$Shape;
    }

    namespace MemberCertificate {

        /** Properties of a MemberCertificate. */
        interface $Properties {

            /** MemberCertificate organisation */
            organisation?: (Uint8Array|null);

            /** MemberCertificate issuer */
            issuer?: (Uint8Array|null);

            /** MemberCertificate nodeId */
            nodeId?: (Uint8Array|null);

            /** MemberCertificate name */
            name?: (string|null);

            /** MemberCertificate notBefore */
            notBefore?: (number|null);

            /** MemberCertificate notAfter */
            notAfter?: (number|null);

            /** MemberCertificate nonce */
            nonce?: (Uint8Array|null);

            /** MemberCertificate provides */
            provides?: (string[]|null);

            /** MemberCertificate tags */
            tags?: (string[]|null);

            /** MemberCertificate extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a MemberCertificate. */
        type $Shape = mcc.MemberCertificate.$Properties;
    }

    /**
     * Properties of a GuestCertificate.
     * @deprecated Use mcc.GuestCertificate.$Properties instead.
     */
    interface IGuestCertificate extends mcc.GuestCertificate.$Properties {
    }

    /** Represents a GuestCertificate. */
    class GuestCertificate {

        /**
         * Constructs a new GuestCertificate.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.GuestCertificate.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** GuestCertificate organisation. */
        organisation: Uint8Array;

        /** GuestCertificate issuer. */
        issuer: Uint8Array;

        /** GuestCertificate nodeId. */
        nodeId: Uint8Array;

        /** GuestCertificate notBefore. */
        notBefore: number;

        /** GuestCertificate notAfter. */
        notAfter: number;

        /** GuestCertificate extensions. */
        extensions: mcc.Extension.$Properties[];

        /**
         * Creates a new GuestCertificate instance using the specified properties.
         * @param [properties] Properties to set
         * @returns GuestCertificate instance
         */
        static create(properties: mcc.GuestCertificate.$Shape): mcc.GuestCertificate & mcc.GuestCertificate.$Shape;
        static create(properties?: mcc.GuestCertificate.$Properties): mcc.GuestCertificate;

        /**
         * Encodes the specified GuestCertificate message. Does not implicitly {@link mcc.GuestCertificate.verify|verify} messages.
         * @param message GuestCertificate message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.GuestCertificate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a GuestCertificate message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.GuestCertificate & mcc.GuestCertificate.$Shape} GuestCertificate
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.GuestCertificate & mcc.GuestCertificate.$Shape;
    }

    namespace GuestCertificate {

        /** Properties of a GuestCertificate. */
        interface $Properties {

            /** GuestCertificate organisation */
            organisation?: (Uint8Array|null);

            /** GuestCertificate issuer */
            issuer?: (Uint8Array|null);

            /** GuestCertificate nodeId */
            nodeId?: (Uint8Array|null);

            /** GuestCertificate notBefore */
            notBefore?: (number|null);

            /** GuestCertificate notAfter */
            notAfter?: (number|null);

            /** GuestCertificate extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a GuestCertificate. */
        type $Shape = mcc.GuestCertificate.$Properties;
    }

    /**
     * Properties of an Extension.
     * @deprecated Use mcc.Extension.$Properties instead.
     */
    interface IExtension extends mcc.Extension.$Properties {
    }

    /** Represents an Extension. */
    class Extension {

        /**
         * Constructs a new Extension.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Extension.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Extension id. */
        id: number;

        /** Extension critical. */
        critical: boolean;

        /** Extension value. */
        value: Uint8Array;

        /**
         * Creates a new Extension instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Extension instance
         */
        static create(properties: mcc.Extension.$Shape): mcc.Extension & mcc.Extension.$Shape;
        static create(properties?: mcc.Extension.$Properties): mcc.Extension;

        /**
         * Encodes the specified Extension message. Does not implicitly {@link mcc.Extension.verify|verify} messages.
         * @param message Extension message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Extension.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Extension message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Extension & mcc.Extension.$Shape} Extension
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Extension & mcc.Extension.$Shape;
    }

    namespace Extension {

        /** Properties of an Extension. */
        interface $Properties {

            /** Extension id */
            id?: (number|null);

            /** Extension critical */
            critical?: (boolean|null);

            /** Extension value */
            value?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Extension. */
        type $Shape = mcc.Extension.$Properties;
    }

    /**
     * Properties of a RootSignature.
     * @deprecated Use mcc.RootSignature.$Properties instead.
     */
    interface IRootSignature extends mcc.RootSignature.$Properties {
    }

    /** Represents a RootSignature. */
    class RootSignature {

        /**
         * Constructs a new RootSignature.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RootSignature.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RootSignature root. */
        root: number;

        /** RootSignature signature. */
        signature: Uint8Array;

        /**
         * Creates a new RootSignature instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RootSignature instance
         */
        static create(properties: mcc.RootSignature.$Shape): mcc.RootSignature & mcc.RootSignature.$Shape;
        static create(properties?: mcc.RootSignature.$Properties): mcc.RootSignature;

        /**
         * Encodes the specified RootSignature message. Does not implicitly {@link mcc.RootSignature.verify|verify} messages.
         * @param message RootSignature message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RootSignature.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RootSignature message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RootSignature & mcc.RootSignature.$Shape} RootSignature
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RootSignature & mcc.RootSignature.$Shape;
    }

    namespace RootSignature {

        /** Properties of a RootSignature. */
        interface $Properties {

            /** RootSignature root */
            root?: (number|null);

            /** RootSignature signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RootSignature. */
        type $Shape = mcc.RootSignature.$Properties;
    }

    /**
     * Properties of a SignedOrganisation.
     * @deprecated Use mcc.SignedOrganisation.$Properties instead.
     */
    interface ISignedOrganisation extends mcc.SignedOrganisation.$Properties {
    }

    /** Represents a SignedOrganisation. */
    class SignedOrganisation {

        /**
         * Constructs a new SignedOrganisation.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SignedOrganisation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedOrganisation certificate. */
        certificate: Uint8Array;

        /** SignedOrganisation signatures. */
        signatures: mcc.RootSignature.$Properties[];

        /**
         * Creates a new SignedOrganisation instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignedOrganisation instance
         */
        static create(properties: mcc.SignedOrganisation.$Shape): mcc.SignedOrganisation & mcc.SignedOrganisation.$Shape;
        static create(properties?: mcc.SignedOrganisation.$Properties): mcc.SignedOrganisation;

        /**
         * Encodes the specified SignedOrganisation message. Does not implicitly {@link mcc.SignedOrganisation.verify|verify} messages.
         * @param message SignedOrganisation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SignedOrganisation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedOrganisation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SignedOrganisation & mcc.SignedOrganisation.$Shape} SignedOrganisation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SignedOrganisation & mcc.SignedOrganisation.$Shape;
    }

    namespace SignedOrganisation {

        /** Properties of a SignedOrganisation. */
        interface $Properties {

            /** SignedOrganisation certificate */
            certificate?: (Uint8Array|null);

            /** SignedOrganisation signatures */
            signatures?: (mcc.RootSignature.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignedOrganisation. */
        type $Shape = mcc.SignedOrganisation.$Properties;
    }

    /**
     * Properties of a SignedMember.
     * @deprecated Use mcc.SignedMember.$Properties instead.
     */
    interface ISignedMember extends mcc.SignedMember.$Properties {
    }

    /** Represents a SignedMember. */
    class SignedMember {

        /**
         * Constructs a new SignedMember.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SignedMember.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedMember certificate. */
        certificate: Uint8Array;

        /** SignedMember signature. */
        signature: Uint8Array;

        /**
         * Creates a new SignedMember instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignedMember instance
         */
        static create(properties: mcc.SignedMember.$Shape): mcc.SignedMember & mcc.SignedMember.$Shape;
        static create(properties?: mcc.SignedMember.$Properties): mcc.SignedMember;

        /**
         * Encodes the specified SignedMember message. Does not implicitly {@link mcc.SignedMember.verify|verify} messages.
         * @param message SignedMember message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SignedMember.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedMember message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SignedMember & mcc.SignedMember.$Shape} SignedMember
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SignedMember & mcc.SignedMember.$Shape;
    }

    namespace SignedMember {

        /** Properties of a SignedMember. */
        interface $Properties {

            /** SignedMember certificate */
            certificate?: (Uint8Array|null);

            /** SignedMember signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignedMember. */
        type $Shape = mcc.SignedMember.$Properties;
    }

    /**
     * Properties of a SignedGuest.
     * @deprecated Use mcc.SignedGuest.$Properties instead.
     */
    interface ISignedGuest extends mcc.SignedGuest.$Properties {
    }

    /** Represents a SignedGuest. */
    class SignedGuest {

        /**
         * Constructs a new SignedGuest.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SignedGuest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedGuest certificate. */
        certificate: Uint8Array;

        /** SignedGuest signature. */
        signature: Uint8Array;

        /**
         * Creates a new SignedGuest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignedGuest instance
         */
        static create(properties: mcc.SignedGuest.$Shape): mcc.SignedGuest & mcc.SignedGuest.$Shape;
        static create(properties?: mcc.SignedGuest.$Properties): mcc.SignedGuest;

        /**
         * Encodes the specified SignedGuest message. Does not implicitly {@link mcc.SignedGuest.verify|verify} messages.
         * @param message SignedGuest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SignedGuest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedGuest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SignedGuest & mcc.SignedGuest.$Shape} SignedGuest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SignedGuest & mcc.SignedGuest.$Shape;
    }

    namespace SignedGuest {

        /** Properties of a SignedGuest. */
        interface $Properties {

            /** SignedGuest certificate */
            certificate?: (Uint8Array|null);

            /** SignedGuest signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignedGuest. */
        type $Shape = mcc.SignedGuest.$Properties;
    }

    /**
     * Properties of an Epoch.
     * @deprecated Use mcc.Epoch.$Properties instead.
     */
    interface IEpoch extends mcc.Epoch.$Properties {
    }

    /** Represents an Epoch. */
    class Epoch {

        /**
         * Constructs a new Epoch.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Epoch.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Epoch organisation. */
        organisation: Uint8Array;

        /** Epoch signer. */
        signer: Uint8Array;

        /** Epoch number. */
        number: number;

        /** Epoch created. */
        created: number;

        /** Epoch vouchingKey. */
        vouchingKey: Uint8Array;

        /** Epoch meetingKey. */
        meetingKey: Uint8Array;

        /** Epoch cause. */
        cause: Uint8Array;

        /** Epoch extensions. */
        extensions: mcc.Extension.$Properties[];

        /**
         * Creates a new Epoch instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Epoch instance
         */
        static create(properties: mcc.Epoch.$Shape): mcc.Epoch & mcc.Epoch.$Shape;
        static create(properties?: mcc.Epoch.$Properties): mcc.Epoch;

        /**
         * Encodes the specified Epoch message. Does not implicitly {@link mcc.Epoch.verify|verify} messages.
         * @param message Epoch message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Epoch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Epoch message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Epoch & mcc.Epoch.$Shape} Epoch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Epoch & mcc.Epoch.$Shape;
    }

    namespace Epoch {

        /** Properties of an Epoch. */
        interface $Properties {

            /** Epoch organisation */
            organisation?: (Uint8Array|null);

            /** Epoch signer */
            signer?: (Uint8Array|null);

            /** Epoch number */
            number?: (number|null);

            /** Epoch created */
            created?: (number|null);

            /** Epoch vouchingKey */
            vouchingKey?: (Uint8Array|null);

            /** Epoch meetingKey */
            meetingKey?: (Uint8Array|null);

            /** Epoch cause */
            cause?: (Uint8Array|null);

            /** Epoch extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Epoch. */
        type $Shape = mcc.Epoch.$Properties;
    }

    /**
     * Properties of a SignedEpoch.
     * @deprecated Use mcc.SignedEpoch.$Properties instead.
     */
    interface ISignedEpoch extends mcc.SignedEpoch.$Properties {
    }

    /** Represents a SignedEpoch. */
    class SignedEpoch {

        /**
         * Constructs a new SignedEpoch.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SignedEpoch.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedEpoch organisation. */
        organisation?: (mcc.SignedOrganisation.$Properties|null);

        /** SignedEpoch epoch. */
        epoch: Uint8Array;

        /** SignedEpoch signature. */
        signature: Uint8Array;

        /**
         * Creates a new SignedEpoch instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignedEpoch instance
         */
        static create(properties: mcc.SignedEpoch.$Shape): mcc.SignedEpoch & mcc.SignedEpoch.$Shape;
        static create(properties?: mcc.SignedEpoch.$Properties): mcc.SignedEpoch;

        /**
         * Encodes the specified SignedEpoch message. Does not implicitly {@link mcc.SignedEpoch.verify|verify} messages.
         * @param message SignedEpoch message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SignedEpoch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedEpoch message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SignedEpoch & mcc.SignedEpoch.$Shape} SignedEpoch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SignedEpoch & mcc.SignedEpoch.$Shape;
    }

    namespace SignedEpoch {

        /** Properties of a SignedEpoch. */
        interface $Properties {

            /** SignedEpoch organisation */
            organisation?: (mcc.SignedOrganisation.$Properties|null);

            /** SignedEpoch epoch */
            epoch?: (Uint8Array|null);

            /** SignedEpoch signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignedEpoch. */
        type $Shape = mcc.SignedEpoch.$Properties;
    }

    /**
     * Properties of a Pseudonym.
     * @deprecated Use mcc.Pseudonym.$Properties instead.
     */
    interface IPseudonym extends mcc.Pseudonym.$Properties {
    }

    /** Represents a Pseudonym. */
    class Pseudonym {

        /**
         * Constructs a new Pseudonym.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Pseudonym.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Pseudonym key. */
        key: Uint8Array;

        /** Pseudonym notAfter. */
        notAfter: number;

        /**
         * Creates a new Pseudonym instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Pseudonym instance
         */
        static create(properties: mcc.Pseudonym.$Shape): mcc.Pseudonym & mcc.Pseudonym.$Shape;
        static create(properties?: mcc.Pseudonym.$Properties): mcc.Pseudonym;

        /**
         * Encodes the specified Pseudonym message. Does not implicitly {@link mcc.Pseudonym.verify|verify} messages.
         * @param message Pseudonym message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Pseudonym.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Pseudonym message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Pseudonym & mcc.Pseudonym.$Shape} Pseudonym
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Pseudonym & mcc.Pseudonym.$Shape;
    }

    namespace Pseudonym {

        /** Properties of a Pseudonym. */
        interface $Properties {

            /** Pseudonym key */
            key?: (Uint8Array|null);

            /** Pseudonym notAfter */
            notAfter?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Pseudonym. */
        type $Shape = mcc.Pseudonym.$Properties;
    }

    /**
     * Properties of a SignedPseudonym.
     * @deprecated Use mcc.SignedPseudonym.$Properties instead.
     */
    interface ISignedPseudonym extends mcc.SignedPseudonym.$Properties {
    }

    /** Represents a SignedPseudonym. */
    class SignedPseudonym {

        /**
         * Constructs a new SignedPseudonym.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SignedPseudonym.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedPseudonym epoch. */
        epoch: Uint8Array;

        /** SignedPseudonym epochSignature. */
        epochSignature: Uint8Array;

        /** SignedPseudonym pseudonym. */
        pseudonym: Uint8Array;

        /** SignedPseudonym signature. */
        signature: Uint8Array;

        /**
         * Creates a new SignedPseudonym instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignedPseudonym instance
         */
        static create(properties: mcc.SignedPseudonym.$Shape): mcc.SignedPseudonym & mcc.SignedPseudonym.$Shape;
        static create(properties?: mcc.SignedPseudonym.$Properties): mcc.SignedPseudonym;

        /**
         * Encodes the specified SignedPseudonym message. Does not implicitly {@link mcc.SignedPseudonym.verify|verify} messages.
         * @param message SignedPseudonym message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SignedPseudonym.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedPseudonym message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SignedPseudonym & mcc.SignedPseudonym.$Shape} SignedPseudonym
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SignedPseudonym & mcc.SignedPseudonym.$Shape;
    }

    namespace SignedPseudonym {

        /** Properties of a SignedPseudonym. */
        interface $Properties {

            /** SignedPseudonym epoch */
            epoch?: (Uint8Array|null);

            /** SignedPseudonym epochSignature */
            epochSignature?: (Uint8Array|null);

            /** SignedPseudonym pseudonym */
            pseudonym?: (Uint8Array|null);

            /** SignedPseudonym signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignedPseudonym. */
        type $Shape = mcc.SignedPseudonym.$Properties;
    }

    /**
     * Properties of a Chain.
     * @deprecated Use mcc.Chain.$Properties instead.
     */
    interface IChain extends mcc.Chain.$Properties {
    }

    /** Represents a Chain. */
    class Chain {

        /**
         * Constructs a new Chain.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Chain.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Chain organisation. */
        organisation?: (mcc.SignedOrganisation.$Properties|null);

        /** Chain member. */
        member?: (mcc.SignedMember.$Properties|null);

        /** Chain guest. */
        guest?: (mcc.SignedGuest.$Properties|null);

        /** Chain pseudonym. */
        pseudonym?: (mcc.SignedPseudonym.$Properties|null);

        /**
         * Creates a new Chain instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Chain instance
         */
        static create(properties: mcc.Chain.$Shape): mcc.Chain & mcc.Chain.$Shape;
        static create(properties?: mcc.Chain.$Properties): mcc.Chain;

        /**
         * Encodes the specified Chain message. Does not implicitly {@link mcc.Chain.verify|verify} messages.
         * @param message Chain message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Chain.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Chain message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Chain & mcc.Chain.$Shape} Chain
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Chain & mcc.Chain.$Shape;
    }

    namespace Chain {

        /** Properties of a Chain. */
        interface $Properties {

            /** Chain organisation */
            organisation?: (mcc.SignedOrganisation.$Properties|null);

            /** Chain member */
            member?: (mcc.SignedMember.$Properties|null);

            /** Chain guest */
            guest?: (mcc.SignedGuest.$Properties|null);

            /** Chain pseudonym */
            pseudonym?: (mcc.SignedPseudonym.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Chain. */
        type $Shape = mcc.Chain.$Properties;
    }

    /**
     * Properties of a SignerNotice.
     * @deprecated Use mcc.SignerNotice.$Properties instead.
     */
    interface ISignerNotice extends mcc.SignerNotice.$Properties {
    }

    /** Represents a SignerNotice. */
    class SignerNotice {

        /**
         * Constructs a new SignerNotice.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SignerNotice.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignerNotice organisation. */
        organisation?: (mcc.SignedOrganisation.$Properties|null);

        /** SignerNotice signature. */
        signature: Uint8Array;

        /**
         * Creates a new SignerNotice instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignerNotice instance
         */
        static create(properties: mcc.SignerNotice.$Shape): mcc.SignerNotice & mcc.SignerNotice.$Shape;
        static create(properties?: mcc.SignerNotice.$Properties): mcc.SignerNotice;

        /**
         * Encodes the specified SignerNotice message. Does not implicitly {@link mcc.SignerNotice.verify|verify} messages.
         * @param message SignerNotice message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SignerNotice.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignerNotice message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SignerNotice & mcc.SignerNotice.$Shape} SignerNotice
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SignerNotice & mcc.SignerNotice.$Shape;
    }

    namespace SignerNotice {

        /** Properties of a SignerNotice. */
        interface $Properties {

            /** SignerNotice organisation */
            organisation?: (mcc.SignedOrganisation.$Properties|null);

            /** SignerNotice signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignerNotice. */
        type $Shape = mcc.SignerNotice.$Properties;
    }

    /**
     * Properties of a JoinToken.
     * @deprecated Use mcc.JoinToken.$Properties instead.
     */
    interface IJoinToken extends mcc.JoinToken.$Properties {
    }

    /** Represents a JoinToken. */
    class JoinToken {

        /**
         * Constructs a new JoinToken.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.JoinToken.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** JoinToken genesis. */
        genesis: Uint8Array;

        /** JoinToken organisation. */
        organisation: Uint8Array;

        /** JoinToken secret. */
        secret: Uint8Array;

        /** JoinToken expires. */
        expires: number;

        /** JoinToken signers. */
        signers: mcc.TokenSigner.$Properties[];

        /** JoinToken extensions. */
        extensions: mcc.Extension.$Properties[];

        /**
         * Creates a new JoinToken instance using the specified properties.
         * @param [properties] Properties to set
         * @returns JoinToken instance
         */
        static create(properties: mcc.JoinToken.$Shape): mcc.JoinToken & mcc.JoinToken.$Shape;
        static create(properties?: mcc.JoinToken.$Properties): mcc.JoinToken;

        /**
         * Encodes the specified JoinToken message. Does not implicitly {@link mcc.JoinToken.verify|verify} messages.
         * @param message JoinToken message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.JoinToken.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a JoinToken message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.JoinToken & mcc.JoinToken.$Shape} JoinToken
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.JoinToken & mcc.JoinToken.$Shape;
    }

    namespace JoinToken {

        /** Properties of a JoinToken. */
        interface $Properties {

            /** JoinToken genesis */
            genesis?: (Uint8Array|null);

            /** JoinToken organisation */
            organisation?: (Uint8Array|null);

            /** JoinToken secret */
            secret?: (Uint8Array|null);

            /** JoinToken expires */
            expires?: (number|null);

            /** JoinToken signers */
            signers?: (mcc.TokenSigner.$Properties[]|null);

            /** JoinToken extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a JoinToken. */
        type $Shape = mcc.JoinToken.$Properties;
    }

    /**
     * Properties of a GuestInvitation.
     * @deprecated Use mcc.GuestInvitation.$Properties instead.
     */
    interface IGuestInvitation extends mcc.GuestInvitation.$Properties {
    }

    /** Represents a GuestInvitation. */
    class GuestInvitation {

        /**
         * Constructs a new GuestInvitation.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.GuestInvitation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** GuestInvitation genesis. */
        genesis: Uint8Array;

        /** GuestInvitation organisation. */
        organisation: Uint8Array;

        /** GuestInvitation signers. */
        signers: mcc.TokenSigner.$Properties[];

        /** GuestInvitation extensions. */
        extensions: mcc.Extension.$Properties[];

        /**
         * Creates a new GuestInvitation instance using the specified properties.
         * @param [properties] Properties to set
         * @returns GuestInvitation instance
         */
        static create(properties: mcc.GuestInvitation.$Shape): mcc.GuestInvitation & mcc.GuestInvitation.$Shape;
        static create(properties?: mcc.GuestInvitation.$Properties): mcc.GuestInvitation;

        /**
         * Encodes the specified GuestInvitation message. Does not implicitly {@link mcc.GuestInvitation.verify|verify} messages.
         * @param message GuestInvitation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.GuestInvitation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a GuestInvitation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.GuestInvitation & mcc.GuestInvitation.$Shape} GuestInvitation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.GuestInvitation & mcc.GuestInvitation.$Shape;
    }

    namespace GuestInvitation {

        /** Properties of a GuestInvitation. */
        interface $Properties {

            /** GuestInvitation genesis */
            genesis?: (Uint8Array|null);

            /** GuestInvitation organisation */
            organisation?: (Uint8Array|null);

            /** GuestInvitation signers */
            signers?: (mcc.TokenSigner.$Properties[]|null);

            /** GuestInvitation extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a GuestInvitation. */
        type $Shape = mcc.GuestInvitation.$Properties;
    }

    /**
     * Properties of a SigningRequest.
     * @deprecated Use mcc.SigningRequest.$Properties instead.
     */
    interface ISigningRequest extends mcc.SigningRequest.$Properties {
    }

    /** Represents a SigningRequest. */
    class SigningRequest {

        /**
         * Constructs a new SigningRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SigningRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SigningRequest organisation. */
        organisation?: (mcc.OrganisationRequest.$Properties|null);

        /** SigningRequest revocation. */
        revocation?: (mcc.RevocationRequest.$Properties|null);

        /** SigningRequest what. */
        what?: ("organisation"|"revocation");

        /**
         * Creates a new SigningRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SigningRequest instance
         */
        static create(properties: mcc.SigningRequest.$Shape): mcc.SigningRequest & mcc.SigningRequest.$Shape;
        static create(properties?: mcc.SigningRequest.$Properties): mcc.SigningRequest;

        /**
         * Encodes the specified SigningRequest message. Does not implicitly {@link mcc.SigningRequest.verify|verify} messages.
         * @param message SigningRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SigningRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SigningRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SigningRequest & mcc.SigningRequest.$Shape} SigningRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SigningRequest & mcc.SigningRequest.$Shape;
    }

    namespace SigningRequest {

        /** Properties of a SigningRequest. */
        interface $Properties {

            /** SigningRequest organisation */
            organisation?: (mcc.OrganisationRequest.$Properties|null);

            /** SigningRequest revocation */
            revocation?: (mcc.RevocationRequest.$Properties|null);

            /** SigningRequest what */
            what?: ("organisation"|"revocation");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a SigningRequest. */
        type $Shape = {
          organisation?: mcc.OrganisationRequest.$Shape|null;
          revocation?: mcc.RevocationRequest.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ what?: undefined; organisation?: null; revocation?: null }|{ what?: "organisation"; organisation: mcc.OrganisationRequest.$Shape; revocation?: null }|{ what?: "revocation"; organisation?: null; revocation: mcc.RevocationRequest.$Shape })
        );
    }

    /**
     * Properties of a RevocationRequest.
     * @deprecated Use mcc.RevocationRequest.$Properties instead.
     */
    interface IRevocationRequest extends mcc.RevocationRequest.$Properties {
    }

    /** Represents a RevocationRequest. */
    class RevocationRequest {

        /**
         * Constructs a new RevocationRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RevocationRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RevocationRequest networkId. */
        networkId: Uint8Array;

        /** RevocationRequest statement. */
        statement: Uint8Array;

        /**
         * Creates a new RevocationRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RevocationRequest instance
         */
        static create(properties: mcc.RevocationRequest.$Shape): mcc.RevocationRequest & mcc.RevocationRequest.$Shape;
        static create(properties?: mcc.RevocationRequest.$Properties): mcc.RevocationRequest;

        /**
         * Encodes the specified RevocationRequest message. Does not implicitly {@link mcc.RevocationRequest.verify|verify} messages.
         * @param message RevocationRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RevocationRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RevocationRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RevocationRequest & mcc.RevocationRequest.$Shape} RevocationRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RevocationRequest & mcc.RevocationRequest.$Shape;
    }

    namespace RevocationRequest {

        /** Properties of a RevocationRequest. */
        interface $Properties {

            /** RevocationRequest networkId */
            networkId?: (Uint8Array|null);

            /** RevocationRequest statement */
            statement?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RevocationRequest. */
        type $Shape = mcc.RevocationRequest.$Properties;
    }

    /**
     * Properties of an OrganisationRequest.
     * @deprecated Use mcc.OrganisationRequest.$Properties instead.
     */
    interface IOrganisationRequest extends mcc.OrganisationRequest.$Properties {
    }

    /** Represents an OrganisationRequest. */
    class OrganisationRequest {

        /**
         * Constructs a new OrganisationRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.OrganisationRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** OrganisationRequest wanted. */
        wanted: Uint8Array;

        /** OrganisationRequest proof. */
        proof: Uint8Array;

        /** OrganisationRequest sponsor. */
        sponsor?: (mcc.SignedOrganisation.$Properties|null);

        /** OrganisationRequest approval. */
        approval: Uint8Array;

        /**
         * Creates a new OrganisationRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns OrganisationRequest instance
         */
        static create(properties: mcc.OrganisationRequest.$Shape): mcc.OrganisationRequest & mcc.OrganisationRequest.$Shape;
        static create(properties?: mcc.OrganisationRequest.$Properties): mcc.OrganisationRequest;

        /**
         * Encodes the specified OrganisationRequest message. Does not implicitly {@link mcc.OrganisationRequest.verify|verify} messages.
         * @param message OrganisationRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.OrganisationRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an OrganisationRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.OrganisationRequest & mcc.OrganisationRequest.$Shape} OrganisationRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.OrganisationRequest & mcc.OrganisationRequest.$Shape;
    }

    namespace OrganisationRequest {

        /** Properties of an OrganisationRequest. */
        interface $Properties {

            /** OrganisationRequest wanted */
            wanted?: (Uint8Array|null);

            /** OrganisationRequest proof */
            proof?: (Uint8Array|null);

            /** OrganisationRequest sponsor */
            sponsor?: (mcc.SignedOrganisation.$Properties|null);

            /** OrganisationRequest approval */
            approval?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an OrganisationRequest. */
        type $Shape = mcc.OrganisationRequest.$Properties;
    }

    /**
     * Properties of a WantedSigner.
     * @deprecated Use mcc.WantedSigner.$Properties instead.
     */
    interface IWantedSigner extends mcc.WantedSigner.$Properties {
    }

    /** Represents a WantedSigner. */
    class WantedSigner {

        /**
         * Constructs a new WantedSigner.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.WantedSigner.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** WantedSigner networkId. */
        networkId: Uint8Array;

        /** WantedSigner organisation. */
        organisation: Uint8Array;

        /** WantedSigner signer. */
        signer: Uint8Array;

        /** WantedSigner name. */
        name: string;

        /** WantedSigner created. */
        created: number;

        /** WantedSigner extensions. */
        extensions: mcc.Extension.$Properties[];

        /**
         * Creates a new WantedSigner instance using the specified properties.
         * @param [properties] Properties to set
         * @returns WantedSigner instance
         */
        static create(properties: mcc.WantedSigner.$Shape): mcc.WantedSigner & mcc.WantedSigner.$Shape;
        static create(properties?: mcc.WantedSigner.$Properties): mcc.WantedSigner;

        /**
         * Encodes the specified WantedSigner message. Does not implicitly {@link mcc.WantedSigner.verify|verify} messages.
         * @param message WantedSigner message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.WantedSigner.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a WantedSigner message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.WantedSigner & mcc.WantedSigner.$Shape} WantedSigner
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.WantedSigner & mcc.WantedSigner.$Shape;
    }

    namespace WantedSigner {

        /** Properties of a WantedSigner. */
        interface $Properties {

            /** WantedSigner networkId */
            networkId?: (Uint8Array|null);

            /** WantedSigner organisation */
            organisation?: (Uint8Array|null);

            /** WantedSigner signer */
            signer?: (Uint8Array|null);

            /** WantedSigner name */
            name?: (string|null);

            /** WantedSigner created */
            created?: (number|null);

            /** WantedSigner extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a WantedSigner. */
        type $Shape = mcc.WantedSigner.$Properties;
    }

    /**
     * Properties of a SignedDocument.
     * @deprecated Use mcc.SignedDocument.$Properties instead.
     */
    interface ISignedDocument extends mcc.SignedDocument.$Properties {
    }

    /** Represents a SignedDocument. */
    class SignedDocument {

        /**
         * Constructs a new SignedDocument.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SignedDocument.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedDocument genesis. */
        genesis: Uint8Array;

        /** SignedDocument signatures. */
        signatures: mcc.RootSignature.$Properties[];

        /** SignedDocument contacts. */
        contacts: mcc.TokenSigner.$Properties[];

        /** SignedDocument request. */
        request: Uint8Array;

        /** SignedDocument organisation. */
        organisation?: (Uint8Array|null);

        /** SignedDocument revocation. */
        revocation?: (Uint8Array|null);

        /** SignedDocument extensions. */
        extensions: mcc.Extension.$Properties[];

        /** SignedDocument statement. */
        statement?: ("organisation"|"revocation");

        /**
         * Creates a new SignedDocument instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignedDocument instance
         */
        static create(properties: mcc.SignedDocument.$Shape): mcc.SignedDocument & mcc.SignedDocument.$Shape;
        static create(properties?: mcc.SignedDocument.$Properties): mcc.SignedDocument;

        /**
         * Encodes the specified SignedDocument message. Does not implicitly {@link mcc.SignedDocument.verify|verify} messages.
         * @param message SignedDocument message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SignedDocument.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedDocument message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SignedDocument & mcc.SignedDocument.$Shape} SignedDocument
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SignedDocument & mcc.SignedDocument.$Shape;
    }

    namespace SignedDocument {

        /** Properties of a SignedDocument. */
        interface $Properties {

            /** SignedDocument genesis */
            genesis?: (Uint8Array|null);

            /** SignedDocument signatures */
            signatures?: (mcc.RootSignature.$Properties[]|null);

            /** SignedDocument contacts */
            contacts?: (mcc.TokenSigner.$Properties[]|null);

            /** SignedDocument request */
            request?: (Uint8Array|null);

            /** SignedDocument organisation */
            organisation?: (Uint8Array|null);

            /** SignedDocument revocation */
            revocation?: (Uint8Array|null);

            /** SignedDocument extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** SignedDocument statement */
            statement?: ("organisation"|"revocation");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a SignedDocument. */
        type $Shape = {
          genesis?: Uint8Array|null;
          signatures?: mcc.RootSignature.$Shape[]|null;
          contacts?: mcc.TokenSigner.$Shape[]|null;
          request?: Uint8Array|null;
          organisation?: Uint8Array|null;
          revocation?: Uint8Array|null;
          extensions?: mcc.Extension.$Shape[]|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ statement?: undefined; organisation?: null; revocation?: null }|{ statement?: "organisation"; organisation: Uint8Array; revocation?: null }|{ statement?: "revocation"; organisation?: null; revocation: Uint8Array })
        );
    }

    /**
     * Properties of a TokenSigner.
     * @deprecated Use mcc.TokenSigner.$Properties instead.
     */
    interface ITokenSigner extends mcc.TokenSigner.$Properties {
    }

    /** Represents a TokenSigner. */
    class TokenSigner {

        /**
         * Constructs a new TokenSigner.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.TokenSigner.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** TokenSigner nodeId. */
        nodeId: Uint8Array;

        /** TokenSigner addresses. */
        addresses: mcc.TokenAddress.$Properties[];

        /**
         * Creates a new TokenSigner instance using the specified properties.
         * @param [properties] Properties to set
         * @returns TokenSigner instance
         */
        static create(properties: mcc.TokenSigner.$Shape): mcc.TokenSigner & mcc.TokenSigner.$Shape;
        static create(properties?: mcc.TokenSigner.$Properties): mcc.TokenSigner;

        /**
         * Encodes the specified TokenSigner message. Does not implicitly {@link mcc.TokenSigner.verify|verify} messages.
         * @param message TokenSigner message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.TokenSigner.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a TokenSigner message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.TokenSigner & mcc.TokenSigner.$Shape} TokenSigner
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.TokenSigner & mcc.TokenSigner.$Shape;
    }

    namespace TokenSigner {

        /** Properties of a TokenSigner. */
        interface $Properties {

            /** TokenSigner nodeId */
            nodeId?: (Uint8Array|null);

            /** TokenSigner addresses */
            addresses?: (mcc.TokenAddress.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a TokenSigner. */
        type $Shape = mcc.TokenSigner.$Properties;
    }

    /**
     * Properties of a TokenAddress.
     * @deprecated Use mcc.TokenAddress.$Properties instead.
     */
    interface ITokenAddress extends mcc.TokenAddress.$Properties {
    }

    /** Represents a TokenAddress. */
    class TokenAddress {

        /**
         * Constructs a new TokenAddress.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.TokenAddress.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** TokenAddress ip. */
        ip: Uint8Array;

        /** TokenAddress port. */
        port: number;

        /** TokenAddress host. */
        host: string;

        /**
         * Creates a new TokenAddress instance using the specified properties.
         * @param [properties] Properties to set
         * @returns TokenAddress instance
         */
        static create(properties: mcc.TokenAddress.$Shape): mcc.TokenAddress & mcc.TokenAddress.$Shape;
        static create(properties?: mcc.TokenAddress.$Properties): mcc.TokenAddress;

        /**
         * Encodes the specified TokenAddress message. Does not implicitly {@link mcc.TokenAddress.verify|verify} messages.
         * @param message TokenAddress message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.TokenAddress.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a TokenAddress message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.TokenAddress & mcc.TokenAddress.$Shape} TokenAddress
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.TokenAddress & mcc.TokenAddress.$Shape;
    }

    namespace TokenAddress {

        /** Properties of a TokenAddress. */
        interface $Properties {

            /** TokenAddress ip */
            ip?: (Uint8Array|null);

            /** TokenAddress port */
            port?: (number|null);

            /** TokenAddress host */
            host?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a TokenAddress. */
        type $Shape = mcc.TokenAddress.$Properties;
    }

    /**
     * Properties of a Control.
     * @deprecated Use mcc.Control.$Properties instead.
     */
    interface IControl extends mcc.Control.$Properties {
    }

    /** Represents a Control. */
    class Control {

        /**
         * Constructs a new Control.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Control.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Control ping. */
        ping?: (mcc.Ping.$Properties|null);

        /** Control pong. */
        pong?: (mcc.Pong.$Properties|null);

        /** Control observedAddress. */
        observedAddress?: (mcc.Address.$Properties|null);

        /** Control admissionRequest. */
        admissionRequest?: (mcc.AdmissionRequest.$Properties|null);

        /** Control admissionAnswer. */
        admissionAnswer?: (mcc.AdmissionAnswer.$Properties|null);

        /** Control admissionRefusal. */
        admissionRefusal?: (mcc.AdmissionRefusal.$Properties|null);

        /** Control nodeRecords. */
        nodeRecords?: (mcc.NodeRecords.$Properties|null);

        /** Control close. */
        close?: (mcc.Close.$Properties|null);

        /** Control dhtQuestion. */
        dhtQuestion?: (mcc.DhtQuestion.$Properties|null);

        /** Control dhtAnswer. */
        dhtAnswer?: (mcc.DhtAnswer.$Properties|null);

        /** Control dhtStore. */
        dhtStore?: (mcc.DhtStore.$Properties|null);

        /** Control dhtStoreAnswer. */
        dhtStoreAnswer?: (mcc.DhtStoreAnswer.$Properties|null);

        /** Control dialRequest. */
        dialRequest?: (mcc.DialRequest.$Properties|null);

        /** Control relayRequest. */
        relayRequest?: (mcc.RelayRequest.$Properties|null);

        /** Control relayGrant. */
        relayGrant?: (mcc.RelayGrant.$Properties|null);

        /** Control relayRefusal. */
        relayRefusal?: (mcc.RelayRefusal.$Properties|null);

        /** Control circuitOpen. */
        circuitOpen?: (mcc.CircuitOpen.$Properties|null);

        /** Control circuitOffer. */
        circuitOffer?: (mcc.CircuitOffer.$Properties|null);

        /** Control circuitClose. */
        circuitClose?: (mcc.CircuitClose.$Properties|null);

        /** Control pathChallenge. */
        pathChallenge?: (mcc.PathChallenge.$Properties|null);

        /** Control pathResponse. */
        pathResponse?: (mcc.PathResponse.$Properties|null);

        /** Control punch. */
        punch?: (mcc.Punch.$Properties|null);

        /** Control circuitEnd. */
        circuitEnd?: (mcc.CircuitEnd.$Properties|null);

        /** Control renewalRequest. */
        renewalRequest?: (mcc.RenewalRequest.$Properties|null);

        /** Control guestQuestion. */
        guestQuestion?: (mcc.GuestQuestion.$Properties|null);

        /** Control guestTerms. */
        guestTerms?: (mcc.GuestTerms.$Properties|null);

        /** Control guestRequest. */
        guestRequest?: (mcc.GuestRequest.$Properties|null);

        /** Control revocationHead. */
        revocationHead?: (mcc.RevocationHead.$Properties|null);

        /** Control revocationQuery. */
        revocationQuery?: (mcc.RevocationQuery.$Properties|null);

        /** Control revocationAnswer. */
        revocationAnswer?: (mcc.RevocationAnswer.$Properties|null);

        /** Control revocations. */
        revocations?: (mcc.Revocations.$Properties|null);

        /** Control confirmation. */
        confirmation?: (mcc.Confirmation.$Properties|null);

        /** Control flowRefusal. */
        flowRefusal?: (mcc.FlowRefusal.$Properties|null);

        /** Control relayCall. */
        relayCall?: (mcc.RelayCall.$Properties|null);

        /** Control epochHeld. */
        epochHeld?: (mcc.EpochHeld.$Properties|null);

        /** Control epochDelivery. */
        epochDelivery?: (mcc.EpochDelivery.$Properties|null);

        /** Control body. */
        body?: ("ping"|"pong"|"observedAddress"|"admissionRequest"|"admissionAnswer"|"admissionRefusal"|"nodeRecords"|"close"|"dhtQuestion"|"dhtAnswer"|"dhtStore"|"dhtStoreAnswer"|"dialRequest"|"relayRequest"|"relayGrant"|"relayRefusal"|"circuitOpen"|"circuitOffer"|"circuitClose"|"pathChallenge"|"pathResponse"|"punch"|"circuitEnd"|"renewalRequest"|"guestQuestion"|"guestTerms"|"guestRequest"|"revocationHead"|"revocationQuery"|"revocationAnswer"|"revocations"|"confirmation"|"flowRefusal"|"relayCall"|"epochHeld"|"epochDelivery");

        /**
         * Creates a new Control instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Control instance
         */
        static create(properties: mcc.Control.$Shape): mcc.Control & mcc.Control.$Shape;
        static create(properties?: mcc.Control.$Properties): mcc.Control;

        /**
         * Encodes the specified Control message. Does not implicitly {@link mcc.Control.verify|verify} messages.
         * @param message Control message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Control.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Control message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Control & mcc.Control.$Shape} Control
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Control & mcc.Control.$Shape;
    }

    namespace Control {

        /** Properties of a Control. */
        interface $Properties {

            /** Control ping */
            ping?: (mcc.Ping.$Properties|null);

            /** Control pong */
            pong?: (mcc.Pong.$Properties|null);

            /** Control observedAddress */
            observedAddress?: (mcc.Address.$Properties|null);

            /** Control admissionRequest */
            admissionRequest?: (mcc.AdmissionRequest.$Properties|null);

            /** Control admissionAnswer */
            admissionAnswer?: (mcc.AdmissionAnswer.$Properties|null);

            /** Control admissionRefusal */
            admissionRefusal?: (mcc.AdmissionRefusal.$Properties|null);

            /** Control nodeRecords */
            nodeRecords?: (mcc.NodeRecords.$Properties|null);

            /** Control close */
            close?: (mcc.Close.$Properties|null);

            /** Control dhtQuestion */
            dhtQuestion?: (mcc.DhtQuestion.$Properties|null);

            /** Control dhtAnswer */
            dhtAnswer?: (mcc.DhtAnswer.$Properties|null);

            /** Control dhtStore */
            dhtStore?: (mcc.DhtStore.$Properties|null);

            /** Control dhtStoreAnswer */
            dhtStoreAnswer?: (mcc.DhtStoreAnswer.$Properties|null);

            /** Control dialRequest */
            dialRequest?: (mcc.DialRequest.$Properties|null);

            /** Control relayRequest */
            relayRequest?: (mcc.RelayRequest.$Properties|null);

            /** Control relayGrant */
            relayGrant?: (mcc.RelayGrant.$Properties|null);

            /** Control relayRefusal */
            relayRefusal?: (mcc.RelayRefusal.$Properties|null);

            /** Control circuitOpen */
            circuitOpen?: (mcc.CircuitOpen.$Properties|null);

            /** Control circuitOffer */
            circuitOffer?: (mcc.CircuitOffer.$Properties|null);

            /** Control circuitClose */
            circuitClose?: (mcc.CircuitClose.$Properties|null);

            /** Control pathChallenge */
            pathChallenge?: (mcc.PathChallenge.$Properties|null);

            /** Control pathResponse */
            pathResponse?: (mcc.PathResponse.$Properties|null);

            /** Control punch */
            punch?: (mcc.Punch.$Properties|null);

            /** Control circuitEnd */
            circuitEnd?: (mcc.CircuitEnd.$Properties|null);

            /** Control renewalRequest */
            renewalRequest?: (mcc.RenewalRequest.$Properties|null);

            /** Control guestQuestion */
            guestQuestion?: (mcc.GuestQuestion.$Properties|null);

            /** Control guestTerms */
            guestTerms?: (mcc.GuestTerms.$Properties|null);

            /** Control guestRequest */
            guestRequest?: (mcc.GuestRequest.$Properties|null);

            /** Control revocationHead */
            revocationHead?: (mcc.RevocationHead.$Properties|null);

            /** Control revocationQuery */
            revocationQuery?: (mcc.RevocationQuery.$Properties|null);

            /** Control revocationAnswer */
            revocationAnswer?: (mcc.RevocationAnswer.$Properties|null);

            /** Control revocations */
            revocations?: (mcc.Revocations.$Properties|null);

            /** Control confirmation */
            confirmation?: (mcc.Confirmation.$Properties|null);

            /** Control flowRefusal */
            flowRefusal?: (mcc.FlowRefusal.$Properties|null);

            /** Control relayCall */
            relayCall?: (mcc.RelayCall.$Properties|null);

            /** Control epochHeld */
            epochHeld?: (mcc.EpochHeld.$Properties|null);

            /** Control epochDelivery */
            epochDelivery?: (mcc.EpochDelivery.$Properties|null);

            /** Control body */
            body?: ("ping"|"pong"|"observedAddress"|"admissionRequest"|"admissionAnswer"|"admissionRefusal"|"nodeRecords"|"close"|"dhtQuestion"|"dhtAnswer"|"dhtStore"|"dhtStoreAnswer"|"dialRequest"|"relayRequest"|"relayGrant"|"relayRefusal"|"circuitOpen"|"circuitOffer"|"circuitClose"|"pathChallenge"|"pathResponse"|"punch"|"circuitEnd"|"renewalRequest"|"guestQuestion"|"guestTerms"|"guestRequest"|"revocationHead"|"revocationQuery"|"revocationAnswer"|"revocations"|"confirmation"|"flowRefusal"|"relayCall"|"epochHeld"|"epochDelivery");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a Control. */
        type $Shape = {
          ping?: mcc.Ping.$Shape|null;
          pong?: mcc.Pong.$Shape|null;
          observedAddress?: mcc.Address.$Shape|null;
          admissionRequest?: mcc.AdmissionRequest.$Shape|null;
          admissionAnswer?: mcc.AdmissionAnswer.$Shape|null;
          admissionRefusal?: mcc.AdmissionRefusal.$Shape|null;
          nodeRecords?: mcc.NodeRecords.$Shape|null;
          close?: mcc.Close.$Shape|null;
          dhtQuestion?: mcc.DhtQuestion.$Shape|null;
          dhtAnswer?: mcc.DhtAnswer.$Shape|null;
          dhtStore?: mcc.DhtStore.$Shape|null;
          dhtStoreAnswer?: mcc.DhtStoreAnswer.$Shape|null;
          dialRequest?: mcc.DialRequest.$Shape|null;
          relayRequest?: mcc.RelayRequest.$Shape|null;
          relayGrant?: mcc.RelayGrant.$Shape|null;
          relayRefusal?: mcc.RelayRefusal.$Shape|null;
          circuitOpen?: mcc.CircuitOpen.$Shape|null;
          circuitOffer?: mcc.CircuitOffer.$Shape|null;
          circuitClose?: mcc.CircuitClose.$Shape|null;
          pathChallenge?: mcc.PathChallenge.$Shape|null;
          pathResponse?: mcc.PathResponse.$Shape|null;
          punch?: mcc.Punch.$Shape|null;
          circuitEnd?: mcc.CircuitEnd.$Shape|null;
          renewalRequest?: mcc.RenewalRequest.$Shape|null;
          guestQuestion?: mcc.GuestQuestion.$Shape|null;
          guestTerms?: mcc.GuestTerms.$Shape|null;
          guestRequest?: mcc.GuestRequest.$Shape|null;
          revocationHead?: mcc.RevocationHead.$Shape|null;
          revocationQuery?: mcc.RevocationQuery.$Shape|null;
          revocationAnswer?: mcc.RevocationAnswer.$Shape|null;
          revocations?: mcc.Revocations.$Shape|null;
          confirmation?: mcc.Confirmation.$Shape|null;
          flowRefusal?: mcc.FlowRefusal.$Shape|null;
          relayCall?: mcc.RelayCall.$Shape|null;
          epochHeld?: mcc.EpochHeld.$Shape|null;
          epochDelivery?: mcc.EpochDelivery.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ body?: undefined; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "ping"; ping: mcc.Ping.$Shape; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "pong"; ping?: null; pong: mcc.Pong.$Shape; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "observedAddress"; ping?: null; pong?: null; observedAddress: mcc.Address.$Shape; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "admissionRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest: mcc.AdmissionRequest.$Shape; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "admissionAnswer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer: mcc.AdmissionAnswer.$Shape; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "admissionRefusal"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal: mcc.AdmissionRefusal.$Shape; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "nodeRecords"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords: mcc.NodeRecords.$Shape; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "close"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close: mcc.Close.$Shape; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dhtQuestion"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion: mcc.DhtQuestion.$Shape; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dhtAnswer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer: mcc.DhtAnswer.$Shape; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dhtStore"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore: mcc.DhtStore.$Shape; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dhtStoreAnswer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer: mcc.DhtStoreAnswer.$Shape; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dialRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest: mcc.DialRequest.$Shape; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "relayRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest: mcc.RelayRequest.$Shape; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "relayGrant"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant: mcc.RelayGrant.$Shape; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "relayRefusal"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal: mcc.RelayRefusal.$Shape; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "circuitOpen"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen: mcc.CircuitOpen.$Shape; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "circuitOffer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer: mcc.CircuitOffer.$Shape; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "circuitClose"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose: mcc.CircuitClose.$Shape; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "pathChallenge"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge: mcc.PathChallenge.$Shape; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "pathResponse"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse: mcc.PathResponse.$Shape; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "punch"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch: mcc.Punch.$Shape; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "circuitEnd"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd: mcc.CircuitEnd.$Shape; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "renewalRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest: mcc.RenewalRequest.$Shape; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "guestQuestion"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion: mcc.GuestQuestion.$Shape; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "guestTerms"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms: mcc.GuestTerms.$Shape; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "guestRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest: mcc.GuestRequest.$Shape; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "revocationHead"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead: mcc.RevocationHead.$Shape; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "revocationQuery"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery: mcc.RevocationQuery.$Shape; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "revocationAnswer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer: mcc.RevocationAnswer.$Shape; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "revocations"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations: mcc.Revocations.$Shape; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "confirmation"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation: mcc.Confirmation.$Shape; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "flowRefusal"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal: mcc.FlowRefusal.$Shape; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "relayCall"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall: mcc.RelayCall.$Shape; epochHeld?: null; epochDelivery?: null }|{ body?: "epochHeld"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld: mcc.EpochHeld.$Shape; epochDelivery?: null }|{ body?: "epochDelivery"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery: mcc.EpochDelivery.$Shape })
        );
    }

    /**
     * Properties of a Confirmation.
     * @deprecated Use mcc.Confirmation.$Properties instead.
     */
    interface IConfirmation extends mcc.Confirmation.$Properties {
    }

    /** Represents a Confirmation. */
    class Confirmation {

        /**
         * Constructs a new Confirmation.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Confirmation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Confirmation wayToken. */
        wayToken: Uint8Array;

        /**
         * Creates a new Confirmation instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Confirmation instance
         */
        static create(properties: mcc.Confirmation.$Shape): mcc.Confirmation & mcc.Confirmation.$Shape;
        static create(properties?: mcc.Confirmation.$Properties): mcc.Confirmation;

        /**
         * Encodes the specified Confirmation message. Does not implicitly {@link mcc.Confirmation.verify|verify} messages.
         * @param message Confirmation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Confirmation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Confirmation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Confirmation & mcc.Confirmation.$Shape} Confirmation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Confirmation & mcc.Confirmation.$Shape;
    }

    namespace Confirmation {

        /** Properties of a Confirmation. */
        interface $Properties {

            /** Confirmation wayToken */
            wayToken?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Confirmation. */
        type $Shape = mcc.Confirmation.$Properties;
    }

    /**
     * Properties of a Ping.
     * @deprecated Use mcc.Ping.$Properties instead.
     */
    interface IPing extends mcc.Ping.$Properties {
    }

    /** Represents a Ping. */
    class Ping {

        /**
         * Constructs a new Ping.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Ping.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Ping id. */
        id: number;

        /**
         * Creates a new Ping instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Ping instance
         */
        static create(properties: mcc.Ping.$Shape): mcc.Ping & mcc.Ping.$Shape;
        static create(properties?: mcc.Ping.$Properties): mcc.Ping;

        /**
         * Encodes the specified Ping message. Does not implicitly {@link mcc.Ping.verify|verify} messages.
         * @param message Ping message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Ping.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Ping message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Ping & mcc.Ping.$Shape} Ping
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Ping & mcc.Ping.$Shape;
    }

    namespace Ping {

        /** Properties of a Ping. */
        interface $Properties {

            /** Ping id */
            id?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Ping. */
        type $Shape = mcc.Ping.$Properties;
    }

    /**
     * Properties of a Pong.
     * @deprecated Use mcc.Pong.$Properties instead.
     */
    interface IPong extends mcc.Pong.$Properties {
    }

    /** Represents a Pong. */
    class Pong {

        /**
         * Constructs a new Pong.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Pong.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Pong id. */
        id: number;

        /** Pong observed. */
        observed?: (mcc.Address.$Properties|null);

        /**
         * Creates a new Pong instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Pong instance
         */
        static create(properties: mcc.Pong.$Shape): mcc.Pong & mcc.Pong.$Shape;
        static create(properties?: mcc.Pong.$Properties): mcc.Pong;

        /**
         * Encodes the specified Pong message. Does not implicitly {@link mcc.Pong.verify|verify} messages.
         * @param message Pong message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Pong.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Pong message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Pong & mcc.Pong.$Shape} Pong
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Pong & mcc.Pong.$Shape;
    }

    namespace Pong {

        /** Properties of a Pong. */
        interface $Properties {

            /** Pong id */
            id?: (number|null);

            /** Pong observed */
            observed?: (mcc.Address.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Pong. */
        type $Shape = mcc.Pong.$Properties;
    }

    /**
     * Properties of an AdmissionRequest.
     * @deprecated Use mcc.AdmissionRequest.$Properties instead.
     */
    interface IAdmissionRequest extends mcc.AdmissionRequest.$Properties {
    }

    /** Represents an AdmissionRequest. */
    class AdmissionRequest {

        /**
         * Constructs a new AdmissionRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.AdmissionRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** AdmissionRequest tokenId. */
        tokenId: Uint8Array;

        /** AdmissionRequest proof. */
        proof: Uint8Array;

        /** AdmissionRequest name. */
        name: string;

        /**
         * Creates a new AdmissionRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns AdmissionRequest instance
         */
        static create(properties: mcc.AdmissionRequest.$Shape): mcc.AdmissionRequest & mcc.AdmissionRequest.$Shape;
        static create(properties?: mcc.AdmissionRequest.$Properties): mcc.AdmissionRequest;

        /**
         * Encodes the specified AdmissionRequest message. Does not implicitly {@link mcc.AdmissionRequest.verify|verify} messages.
         * @param message AdmissionRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.AdmissionRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an AdmissionRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.AdmissionRequest & mcc.AdmissionRequest.$Shape} AdmissionRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.AdmissionRequest & mcc.AdmissionRequest.$Shape;
    }

    namespace AdmissionRequest {

        /** Properties of an AdmissionRequest. */
        interface $Properties {

            /** AdmissionRequest tokenId */
            tokenId?: (Uint8Array|null);

            /** AdmissionRequest proof */
            proof?: (Uint8Array|null);

            /** AdmissionRequest name */
            name?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an AdmissionRequest. */
        type $Shape = mcc.AdmissionRequest.$Properties;
    }

    /**
     * Properties of an AdmissionAnswer.
     * @deprecated Use mcc.AdmissionAnswer.$Properties instead.
     */
    interface IAdmissionAnswer extends mcc.AdmissionAnswer.$Properties {
    }

    /** Represents an AdmissionAnswer. */
    class AdmissionAnswer {

        /**
         * Constructs a new AdmissionAnswer.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.AdmissionAnswer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** AdmissionAnswer chain. */
        chain: Uint8Array;

        /** AdmissionAnswer nodes. */
        nodes: mcc.NodeRecord.$Properties[];

        /**
         * Creates a new AdmissionAnswer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns AdmissionAnswer instance
         */
        static create(properties: mcc.AdmissionAnswer.$Shape): mcc.AdmissionAnswer & mcc.AdmissionAnswer.$Shape;
        static create(properties?: mcc.AdmissionAnswer.$Properties): mcc.AdmissionAnswer;

        /**
         * Encodes the specified AdmissionAnswer message. Does not implicitly {@link mcc.AdmissionAnswer.verify|verify} messages.
         * @param message AdmissionAnswer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.AdmissionAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an AdmissionAnswer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.AdmissionAnswer & mcc.AdmissionAnswer.$Shape} AdmissionAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.AdmissionAnswer & mcc.AdmissionAnswer.$Shape;
    }

    namespace AdmissionAnswer {

        /** Properties of an AdmissionAnswer. */
        interface $Properties {

            /** AdmissionAnswer chain */
            chain?: (Uint8Array|null);

            /** AdmissionAnswer nodes */
            nodes?: (mcc.NodeRecord.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an AdmissionAnswer. */
        type $Shape = mcc.AdmissionAnswer.$Properties;
    }

    /**
     * Properties of an AdmissionRefusal.
     * @deprecated Use mcc.AdmissionRefusal.$Properties instead.
     */
    interface IAdmissionRefusal extends mcc.AdmissionRefusal.$Properties {
    }

    /** Represents an AdmissionRefusal. */
    class AdmissionRefusal {

        /**
         * Constructs a new AdmissionRefusal.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.AdmissionRefusal.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** AdmissionRefusal code. */
        code: mcc.RefusalCode;

        /**
         * Creates a new AdmissionRefusal instance using the specified properties.
         * @param [properties] Properties to set
         * @returns AdmissionRefusal instance
         */
        static create(properties: mcc.AdmissionRefusal.$Shape): mcc.AdmissionRefusal & mcc.AdmissionRefusal.$Shape;
        static create(properties?: mcc.AdmissionRefusal.$Properties): mcc.AdmissionRefusal;

        /**
         * Encodes the specified AdmissionRefusal message. Does not implicitly {@link mcc.AdmissionRefusal.verify|verify} messages.
         * @param message AdmissionRefusal message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.AdmissionRefusal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an AdmissionRefusal message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.AdmissionRefusal & mcc.AdmissionRefusal.$Shape} AdmissionRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.AdmissionRefusal & mcc.AdmissionRefusal.$Shape;
    }

    namespace AdmissionRefusal {

        /** Properties of an AdmissionRefusal. */
        interface $Properties {

            /** AdmissionRefusal code */
            code?: (mcc.RefusalCode|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an AdmissionRefusal. */
        type $Shape = mcc.AdmissionRefusal.$Properties;
    }

    /** RefusalCode enum. */
    enum RefusalCode {

        /** REFUSAL_OTHER value */
        REFUSAL_OTHER = 0,

        /** REFUSAL_EXPIRED value */
        REFUSAL_EXPIRED = 1,

        /** REFUSAL_USED value */
        REFUSAL_USED = 2,

        /** REFUSAL_UNKNOWN value */
        REFUSAL_UNKNOWN = 3,

        /** REFUSAL_PROOF value */
        REFUSAL_PROOF = 4,

        /** REFUSAL_NAME_TAKEN value */
        REFUSAL_NAME_TAKEN = 5,

        /** REFUSAL_NAME_INVALID value */
        REFUSAL_NAME_INVALID = 6,

        /** REFUSAL_NOT_SIGNER value */
        REFUSAL_NOT_SIGNER = 7,

        /** REFUSAL_BUSY value */
        REFUSAL_BUSY = 8,

        /** REFUSAL_CLOSED value */
        REFUSAL_CLOSED = 9,

        /** REFUSAL_FULL value */
        REFUSAL_FULL = 10,

        /** REFUSAL_WORK value */
        REFUSAL_WORK = 11,

        /** REFUSAL_STALE value */
        REFUSAL_STALE = 12,

        /** REFUSAL_REVOKED value */
        REFUSAL_REVOKED = 13
    }

    /**
     * Properties of a RenewalRequest.
     * @deprecated Use mcc.RenewalRequest.$Properties instead.
     */
    interface IRenewalRequest extends mcc.RenewalRequest.$Properties {
    }

    /** Represents a RenewalRequest. */
    class RenewalRequest {

        /**
         * Constructs a new RenewalRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RenewalRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Creates a new RenewalRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RenewalRequest instance
         */
        static create(properties: mcc.RenewalRequest.$Shape): mcc.RenewalRequest & mcc.RenewalRequest.$Shape;
        static create(properties?: mcc.RenewalRequest.$Properties): mcc.RenewalRequest;

        /**
         * Encodes the specified RenewalRequest message. Does not implicitly {@link mcc.RenewalRequest.verify|verify} messages.
         * @param message RenewalRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RenewalRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RenewalRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RenewalRequest & mcc.RenewalRequest.$Shape} RenewalRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RenewalRequest & mcc.RenewalRequest.$Shape;
    }

    namespace RenewalRequest {

        /** Properties of a RenewalRequest. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RenewalRequest. */
        type $Shape = mcc.RenewalRequest.$Properties;
    }

    /**
     * Properties of a FlowRefusal.
     * @deprecated Use mcc.FlowRefusal.$Properties instead.
     */
    interface IFlowRefusal extends mcc.FlowRefusal.$Properties {
    }

    /** Represents a FlowRefusal. */
    class FlowRefusal {

        /**
         * Constructs a new FlowRefusal.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.FlowRefusal.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** FlowRefusal family. */
        family: number;

        /** FlowRefusal protocol. */
        protocol: number;

        /** FlowRefusal selectors. */
        selectors: number;

        /** FlowRefusal ports. */
        ports: number;

        /** FlowRefusal code. */
        code: mcc.FlowRefusalCode;

        /**
         * Creates a new FlowRefusal instance using the specified properties.
         * @param [properties] Properties to set
         * @returns FlowRefusal instance
         */
        static create(properties: mcc.FlowRefusal.$Shape): mcc.FlowRefusal & mcc.FlowRefusal.$Shape;
        static create(properties?: mcc.FlowRefusal.$Properties): mcc.FlowRefusal;

        /**
         * Encodes the specified FlowRefusal message. Does not implicitly {@link mcc.FlowRefusal.verify|verify} messages.
         * @param message FlowRefusal message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.FlowRefusal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a FlowRefusal message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.FlowRefusal & mcc.FlowRefusal.$Shape} FlowRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.FlowRefusal & mcc.FlowRefusal.$Shape;
    }

    namespace FlowRefusal {

        /** Properties of a FlowRefusal. */
        interface $Properties {

            /** FlowRefusal family */
            family?: (number|null);

            /** FlowRefusal protocol */
            protocol?: (number|null);

            /** FlowRefusal selectors */
            selectors?: (number|null);

            /** FlowRefusal ports */
            ports?: (number|null);

            /** FlowRefusal code */
            code?: (mcc.FlowRefusalCode|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a FlowRefusal. */
        type $Shape = mcc.FlowRefusal.$Properties;
    }

    /** FlowRefusalCode enum. */
    enum FlowRefusalCode {

        /** FLOW_POLICY value */
        FLOW_POLICY = 0,

        /** FLOW_TAG value */
        FLOW_TAG = 1,

        /** FLOW_CLOSED value */
        FLOW_CLOSED = 2
    }

    /**
     * Properties of a NodeRecords.
     * @deprecated Use mcc.NodeRecords.$Properties instead.
     */
    interface INodeRecords extends mcc.NodeRecords.$Properties {
    }

    /** Represents a NodeRecords. */
    class NodeRecords {

        /**
         * Constructs a new NodeRecords.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.NodeRecords.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** NodeRecords nodes. */
        nodes: mcc.NodeRecord.$Properties[];

        /** NodeRecords relayLeg. */
        relayLeg: number;

        /**
         * Creates a new NodeRecords instance using the specified properties.
         * @param [properties] Properties to set
         * @returns NodeRecords instance
         */
        static create(properties: mcc.NodeRecords.$Shape): mcc.NodeRecords & mcc.NodeRecords.$Shape;
        static create(properties?: mcc.NodeRecords.$Properties): mcc.NodeRecords;

        /**
         * Encodes the specified NodeRecords message. Does not implicitly {@link mcc.NodeRecords.verify|verify} messages.
         * @param message NodeRecords message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.NodeRecords.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a NodeRecords message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.NodeRecords & mcc.NodeRecords.$Shape} NodeRecords
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.NodeRecords & mcc.NodeRecords.$Shape;
    }

    namespace NodeRecords {

        /** Properties of a NodeRecords. */
        interface $Properties {

            /** NodeRecords nodes */
            nodes?: (mcc.NodeRecord.$Properties[]|null);

            /** NodeRecords relayLeg */
            relayLeg?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a NodeRecords. */
        type $Shape = mcc.NodeRecords.$Properties;
    }

    /**
     * Properties of a NodeRecord.
     * @deprecated Use mcc.NodeRecord.$Properties instead.
     */
    interface INodeRecord extends mcc.NodeRecord.$Properties {
    }

    /** Represents a NodeRecord. */
    class NodeRecord {

        /**
         * Constructs a new NodeRecord.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.NodeRecord.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** NodeRecord nodeId. */
        nodeId: Uint8Array;

        /** NodeRecord name. */
        name: string;

        /** NodeRecord organisation. */
        organisation: Uint8Array;

        /** NodeRecord addresses. */
        addresses: mcc.Address.$Properties[];

        /** NodeRecord core. */
        core: boolean;

        /** NodeRecord relays. */
        relays: mcc.RelayHint.$Properties[];

        /**
         * Creates a new NodeRecord instance using the specified properties.
         * @param [properties] Properties to set
         * @returns NodeRecord instance
         */
        static create(properties: mcc.NodeRecord.$Shape): mcc.NodeRecord & mcc.NodeRecord.$Shape;
        static create(properties?: mcc.NodeRecord.$Properties): mcc.NodeRecord;

        /**
         * Encodes the specified NodeRecord message. Does not implicitly {@link mcc.NodeRecord.verify|verify} messages.
         * @param message NodeRecord message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.NodeRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a NodeRecord message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.NodeRecord & mcc.NodeRecord.$Shape} NodeRecord
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.NodeRecord & mcc.NodeRecord.$Shape;
    }

    namespace NodeRecord {

        /** Properties of a NodeRecord. */
        interface $Properties {

            /** NodeRecord nodeId */
            nodeId?: (Uint8Array|null);

            /** NodeRecord name */
            name?: (string|null);

            /** NodeRecord organisation */
            organisation?: (Uint8Array|null);

            /** NodeRecord addresses */
            addresses?: (mcc.Address.$Properties[]|null);

            /** NodeRecord core */
            core?: (boolean|null);

            /** NodeRecord relays */
            relays?: (mcc.RelayHint.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a NodeRecord. */
        type $Shape = mcc.NodeRecord.$Properties;
    }

    /**
     * Properties of a DialRequest.
     * @deprecated Use mcc.DialRequest.$Properties instead.
     */
    interface IDialRequest extends mcc.DialRequest.$Properties {
    }

    /** Represents a DialRequest. */
    class DialRequest {

        /**
         * Constructs a new DialRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.DialRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DialRequest nodeId. */
        nodeId: Uint8Array;

        /** DialRequest address. */
        address?: (mcc.Address.$Properties|null);

        /** DialRequest padding. */
        padding: Uint8Array;

        /**
         * Creates a new DialRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns DialRequest instance
         */
        static create(properties: mcc.DialRequest.$Shape): mcc.DialRequest & mcc.DialRequest.$Shape;
        static create(properties?: mcc.DialRequest.$Properties): mcc.DialRequest;

        /**
         * Encodes the specified DialRequest message. Does not implicitly {@link mcc.DialRequest.verify|verify} messages.
         * @param message DialRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.DialRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DialRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.DialRequest & mcc.DialRequest.$Shape} DialRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.DialRequest & mcc.DialRequest.$Shape;
    }

    namespace DialRequest {

        /** Properties of a DialRequest. */
        interface $Properties {

            /** DialRequest nodeId */
            nodeId?: (Uint8Array|null);

            /** DialRequest address */
            address?: (mcc.Address.$Properties|null);

            /** DialRequest padding */
            padding?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DialRequest. */
        type $Shape = mcc.DialRequest.$Properties;
    }

    /**
     * Properties of a Close.
     * @deprecated Use mcc.Close.$Properties instead.
     */
    interface IClose extends mcc.Close.$Properties {
    }

    /** Represents a Close. */
    class Close {

        /**
         * Constructs a new Close.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Close.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Close reason. */
        reason: mcc.CloseReason;

        /**
         * Creates a new Close instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Close instance
         */
        static create(properties: mcc.Close.$Shape): mcc.Close & mcc.Close.$Shape;
        static create(properties?: mcc.Close.$Properties): mcc.Close;

        /**
         * Encodes the specified Close message. Does not implicitly {@link mcc.Close.verify|verify} messages.
         * @param message Close message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Close.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Close message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Close & mcc.Close.$Shape} Close
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Close & mcc.Close.$Shape;
    }

    namespace Close {

        /** Properties of a Close. */
        interface $Properties {

            /** Close reason */
            reason?: (mcc.CloseReason|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Close. */
        type $Shape = mcc.Close.$Properties;
    }

    /** CloseReason enum. */
    enum CloseReason {

        /** CLOSE_OTHER value */
        CLOSE_OTHER = 0,

        /** CLOSE_SHUTDOWN value */
        CLOSE_SHUTDOWN = 1,

        /** CLOSE_EVICTED value */
        CLOSE_EVICTED = 2,

        /** CLOSE_REVOKED value */
        CLOSE_REVOKED = 3,

        /** CLOSE_NOT_MEMBER value */
        CLOSE_NOT_MEMBER = 4,

        /** CLOSE_EXPIRED value */
        CLOSE_EXPIRED = 5
    }

    /**
     * Properties of a DhtQuestion.
     * @deprecated Use mcc.DhtQuestion.$Properties instead.
     */
    interface IDhtQuestion extends mcc.DhtQuestion.$Properties {
    }

    /** Represents a DhtQuestion. */
    class DhtQuestion {

        /**
         * Constructs a new DhtQuestion.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.DhtQuestion.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DhtQuestion id. */
        id: number;

        /** DhtQuestion key. */
        key: Uint8Array;

        /** DhtQuestion records. */
        records: boolean;

        /** DhtQuestion client. */
        client: boolean;

        /** DhtQuestion seed. */
        seed: number;

        /** DhtQuestion offset. */
        offset: number;

        /** DhtQuestion publisher. */
        publisher: Uint8Array;

        /**
         * Creates a new DhtQuestion instance using the specified properties.
         * @param [properties] Properties to set
         * @returns DhtQuestion instance
         */
        static create(properties: mcc.DhtQuestion.$Shape): mcc.DhtQuestion & mcc.DhtQuestion.$Shape;
        static create(properties?: mcc.DhtQuestion.$Properties): mcc.DhtQuestion;

        /**
         * Encodes the specified DhtQuestion message. Does not implicitly {@link mcc.DhtQuestion.verify|verify} messages.
         * @param message DhtQuestion message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.DhtQuestion.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DhtQuestion message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.DhtQuestion & mcc.DhtQuestion.$Shape} DhtQuestion
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.DhtQuestion & mcc.DhtQuestion.$Shape;
    }

    namespace DhtQuestion {

        /** Properties of a DhtQuestion. */
        interface $Properties {

            /** DhtQuestion id */
            id?: (number|null);

            /** DhtQuestion key */
            key?: (Uint8Array|null);

            /** DhtQuestion records */
            records?: (boolean|null);

            /** DhtQuestion client */
            client?: (boolean|null);

            /** DhtQuestion seed */
            seed?: (number|null);

            /** DhtQuestion offset */
            offset?: (number|null);

            /** DhtQuestion publisher */
            publisher?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DhtQuestion. */
        type $Shape = mcc.DhtQuestion.$Properties;
    }

    /**
     * Properties of a DhtAnswer.
     * @deprecated Use mcc.DhtAnswer.$Properties instead.
     */
    interface IDhtAnswer extends mcc.DhtAnswer.$Properties {
    }

    /** Represents a DhtAnswer. */
    class DhtAnswer {

        /**
         * Constructs a new DhtAnswer.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.DhtAnswer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DhtAnswer id. */
        id: number;

        /** DhtAnswer contacts. */
        contacts: mcc.DhtContact.$Properties[];

        /** DhtAnswer records. */
        records: Uint8Array[];

        /** DhtAnswer total. */
        total: number;

        /** DhtAnswer token. */
        token: Uint8Array;

        /** DhtAnswer spread. */
        spread: number;

        /** DhtAnswer chain. */
        chain: Uint8Array;

        /**
         * Creates a new DhtAnswer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns DhtAnswer instance
         */
        static create(properties: mcc.DhtAnswer.$Shape): mcc.DhtAnswer & mcc.DhtAnswer.$Shape;
        static create(properties?: mcc.DhtAnswer.$Properties): mcc.DhtAnswer;

        /**
         * Encodes the specified DhtAnswer message. Does not implicitly {@link mcc.DhtAnswer.verify|verify} messages.
         * @param message DhtAnswer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.DhtAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DhtAnswer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.DhtAnswer & mcc.DhtAnswer.$Shape} DhtAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.DhtAnswer & mcc.DhtAnswer.$Shape;
    }

    namespace DhtAnswer {

        /** Properties of a DhtAnswer. */
        interface $Properties {

            /** DhtAnswer id */
            id?: (number|null);

            /** DhtAnswer contacts */
            contacts?: (mcc.DhtContact.$Properties[]|null);

            /** DhtAnswer records */
            records?: (Uint8Array[]|null);

            /** DhtAnswer total */
            total?: (number|null);

            /** DhtAnswer token */
            token?: (Uint8Array|null);

            /** DhtAnswer spread */
            spread?: (number|null);

            /** DhtAnswer chain */
            chain?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DhtAnswer. */
        type $Shape = mcc.DhtAnswer.$Properties;
    }

    /**
     * Properties of a DhtContact.
     * @deprecated Use mcc.DhtContact.$Properties instead.
     */
    interface IDhtContact extends mcc.DhtContact.$Properties {
    }

    /** Represents a DhtContact. */
    class DhtContact {

        /**
         * Constructs a new DhtContact.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.DhtContact.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DhtContact nodeId. */
        nodeId: Uint8Array;

        /** DhtContact nonce. */
        nonce: Uint8Array;

        /** DhtContact addresses. */
        addresses: mcc.Address.$Properties[];

        /**
         * Creates a new DhtContact instance using the specified properties.
         * @param [properties] Properties to set
         * @returns DhtContact instance
         */
        static create(properties: mcc.DhtContact.$Shape): mcc.DhtContact & mcc.DhtContact.$Shape;
        static create(properties?: mcc.DhtContact.$Properties): mcc.DhtContact;

        /**
         * Encodes the specified DhtContact message. Does not implicitly {@link mcc.DhtContact.verify|verify} messages.
         * @param message DhtContact message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.DhtContact.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DhtContact message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.DhtContact & mcc.DhtContact.$Shape} DhtContact
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.DhtContact & mcc.DhtContact.$Shape;
    }

    namespace DhtContact {

        /** Properties of a DhtContact. */
        interface $Properties {

            /** DhtContact nodeId */
            nodeId?: (Uint8Array|null);

            /** DhtContact nonce */
            nonce?: (Uint8Array|null);

            /** DhtContact addresses */
            addresses?: (mcc.Address.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DhtContact. */
        type $Shape = mcc.DhtContact.$Properties;
    }

    /**
     * Properties of a DhtStore.
     * @deprecated Use mcc.DhtStore.$Properties instead.
     */
    interface IDhtStore extends mcc.DhtStore.$Properties {
    }

    /** Represents a DhtStore. */
    class DhtStore {

        /**
         * Constructs a new DhtStore.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.DhtStore.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DhtStore id. */
        id: number;

        /** DhtStore token. */
        token: Uint8Array;

        /** DhtStore record. */
        record: Uint8Array;

        /** DhtStore chain. */
        chain: Uint8Array;

        /** DhtStore shard. */
        shard: number;

        /** DhtStore replica. */
        replica: boolean;

        /** DhtStore spread. */
        spread: number;

        /**
         * Creates a new DhtStore instance using the specified properties.
         * @param [properties] Properties to set
         * @returns DhtStore instance
         */
        static create(properties: mcc.DhtStore.$Shape): mcc.DhtStore & mcc.DhtStore.$Shape;
        static create(properties?: mcc.DhtStore.$Properties): mcc.DhtStore;

        /**
         * Encodes the specified DhtStore message. Does not implicitly {@link mcc.DhtStore.verify|verify} messages.
         * @param message DhtStore message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.DhtStore.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DhtStore message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.DhtStore & mcc.DhtStore.$Shape} DhtStore
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.DhtStore & mcc.DhtStore.$Shape;
    }

    namespace DhtStore {

        /** Properties of a DhtStore. */
        interface $Properties {

            /** DhtStore id */
            id?: (number|null);

            /** DhtStore token */
            token?: (Uint8Array|null);

            /** DhtStore record */
            record?: (Uint8Array|null);

            /** DhtStore chain */
            chain?: (Uint8Array|null);

            /** DhtStore shard */
            shard?: (number|null);

            /** DhtStore replica */
            replica?: (boolean|null);

            /** DhtStore spread */
            spread?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DhtStore. */
        type $Shape = mcc.DhtStore.$Properties;
    }

    /**
     * Properties of a DhtStoreAnswer.
     * @deprecated Use mcc.DhtStoreAnswer.$Properties instead.
     */
    interface IDhtStoreAnswer extends mcc.DhtStoreAnswer.$Properties {
    }

    /** Represents a DhtStoreAnswer. */
    class DhtStoreAnswer {

        /**
         * Constructs a new DhtStoreAnswer.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.DhtStoreAnswer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DhtStoreAnswer id. */
        id: number;

        /** DhtStoreAnswer code. */
        code: mcc.DhtStoreCode;

        /** DhtStoreAnswer spread. */
        spread: number;

        /**
         * Creates a new DhtStoreAnswer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns DhtStoreAnswer instance
         */
        static create(properties: mcc.DhtStoreAnswer.$Shape): mcc.DhtStoreAnswer & mcc.DhtStoreAnswer.$Shape;
        static create(properties?: mcc.DhtStoreAnswer.$Properties): mcc.DhtStoreAnswer;

        /**
         * Encodes the specified DhtStoreAnswer message. Does not implicitly {@link mcc.DhtStoreAnswer.verify|verify} messages.
         * @param message DhtStoreAnswer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.DhtStoreAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DhtStoreAnswer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.DhtStoreAnswer & mcc.DhtStoreAnswer.$Shape} DhtStoreAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.DhtStoreAnswer & mcc.DhtStoreAnswer.$Shape;
    }

    namespace DhtStoreAnswer {

        /** Properties of a DhtStoreAnswer. */
        interface $Properties {

            /** DhtStoreAnswer id */
            id?: (number|null);

            /** DhtStoreAnswer code */
            code?: (mcc.DhtStoreCode|null);

            /** DhtStoreAnswer spread */
            spread?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DhtStoreAnswer. */
        type $Shape = mcc.DhtStoreAnswer.$Properties;
    }

    /** DhtStoreCode enum. */
    enum DhtStoreCode {

        /** DHT_STORE_REFUSED value */
        DHT_STORE_REFUSED = 0,

        /** DHT_STORE_DONE value */
        DHT_STORE_DONE = 1,

        /** DHT_STORE_FULL value */
        DHT_STORE_FULL = 2,

        /** DHT_STORE_OLD value */
        DHT_STORE_OLD = 3,

        /** DHT_STORE_TOKEN value */
        DHT_STORE_TOKEN = 4,

        /** DHT_STORE_CHAIN value */
        DHT_STORE_CHAIN = 5,

        /** DHT_STORE_BUSY value */
        DHT_STORE_BUSY = 6
    }

    /**
     * Properties of a SignedRecord.
     * @deprecated Use mcc.SignedRecord.$Properties instead.
     */
    interface ISignedRecord extends mcc.SignedRecord.$Properties {
    }

    /** Represents a SignedRecord. */
    class SignedRecord {

        /**
         * Constructs a new SignedRecord.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SignedRecord.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedRecord record. */
        record: Uint8Array;

        /** SignedRecord signature. */
        signature: Uint8Array;

        /**
         * Creates a new SignedRecord instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignedRecord instance
         */
        static create(properties: mcc.SignedRecord.$Shape): mcc.SignedRecord & mcc.SignedRecord.$Shape;
        static create(properties?: mcc.SignedRecord.$Properties): mcc.SignedRecord;

        /**
         * Encodes the specified SignedRecord message. Does not implicitly {@link mcc.SignedRecord.verify|verify} messages.
         * @param message SignedRecord message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SignedRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedRecord message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SignedRecord & mcc.SignedRecord.$Shape} SignedRecord
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SignedRecord & mcc.SignedRecord.$Shape;
    }

    namespace SignedRecord {

        /** Properties of a SignedRecord. */
        interface $Properties {

            /** SignedRecord record */
            record?: (Uint8Array|null);

            /** SignedRecord signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignedRecord. */
        type $Shape = mcc.SignedRecord.$Properties;
    }

    /**
     * Properties of a Record.
     * @deprecated Use mcc.Record.$Properties instead.
     */
    interface IRecord extends mcc.Record.$Properties {
    }

    /** Represents a Record. */
    class Record {

        /**
         * Constructs a new Record.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Record.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Record kind. */
        kind: mcc.RecordKind;

        /** Record publisher. */
        publisher: Uint8Array;

        /** Record sequence. */
        sequence: number;

        /** Record expires. */
        expires: number;

        /** Record name. */
        name: string;

        /** Record withdrawn. */
        withdrawn: boolean;

        /** Record node. */
        node?: (mcc.NodeBody.$Properties|null);

        /** Record service. */
        service?: (mcc.ServiceBody.$Properties|null);

        /** Record value. */
        value: Uint8Array;

        /** Record place. */
        place: Uint8Array;

        /** Record epoch. */
        epoch: Uint8Array;

        /**
         * Creates a new Record instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Record instance
         */
        static create(properties: mcc.Record.$Shape): mcc.Record & mcc.Record.$Shape;
        static create(properties?: mcc.Record.$Properties): mcc.Record;

        /**
         * Encodes the specified Record message. Does not implicitly {@link mcc.Record.verify|verify} messages.
         * @param message Record message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Record.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Record message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Record & mcc.Record.$Shape} Record
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Record & mcc.Record.$Shape;
    }

    namespace Record {

        /** Properties of a Record. */
        interface $Properties {

            /** Record kind */
            kind?: (mcc.RecordKind|null);

            /** Record publisher */
            publisher?: (Uint8Array|null);

            /** Record sequence */
            sequence?: (number|null);

            /** Record expires */
            expires?: (number|null);

            /** Record name */
            name?: (string|null);

            /** Record withdrawn */
            withdrawn?: (boolean|null);

            /** Record node */
            node?: (mcc.NodeBody.$Properties|null);

            /** Record service */
            service?: (mcc.ServiceBody.$Properties|null);

            /** Record value */
            value?: (Uint8Array|null);

            /** Record place */
            place?: (Uint8Array|null);

            /** Record epoch */
            epoch?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Record. */
        type $Shape = mcc.Record.$Properties;
    }

    /** RecordKind enum. */
    enum RecordKind {

        /** RECORD_NODE value */
        RECORD_NODE = 0,

        /** RECORD_NODE_NAME value */
        RECORD_NODE_NAME = 1,

        /** RECORD_SERVICE value */
        RECORD_SERVICE = 2,

        /** RECORD_USER value */
        RECORD_USER = 3,

        /** RECORD_IMMUTABLE value */
        RECORD_IMMUTABLE = 4,

        /** RECORD_SEALED value */
        RECORD_SEALED = 5
    }

    /**
     * Properties of a NodeBody.
     * @deprecated Use mcc.NodeBody.$Properties instead.
     */
    interface INodeBody extends mcc.NodeBody.$Properties {
    }

    /** Represents a NodeBody. */
    class NodeBody {

        /**
         * Constructs a new NodeBody.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.NodeBody.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** NodeBody addresses. */
        addresses: mcc.Address.$Properties[];

        /** NodeBody core. */
        core: boolean;

        /** NodeBody relays. */
        relays: mcc.RelayHint.$Properties[];

        /**
         * Creates a new NodeBody instance using the specified properties.
         * @param [properties] Properties to set
         * @returns NodeBody instance
         */
        static create(properties: mcc.NodeBody.$Shape): mcc.NodeBody & mcc.NodeBody.$Shape;
        static create(properties?: mcc.NodeBody.$Properties): mcc.NodeBody;

        /**
         * Encodes the specified NodeBody message. Does not implicitly {@link mcc.NodeBody.verify|verify} messages.
         * @param message NodeBody message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.NodeBody.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a NodeBody message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.NodeBody & mcc.NodeBody.$Shape} NodeBody
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.NodeBody & mcc.NodeBody.$Shape;
    }

    namespace NodeBody {

        /** Properties of a NodeBody. */
        interface $Properties {

            /** NodeBody addresses */
            addresses?: (mcc.Address.$Properties[]|null);

            /** NodeBody core */
            core?: (boolean|null);

            /** NodeBody relays */
            relays?: (mcc.RelayHint.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a NodeBody. */
        type $Shape = mcc.NodeBody.$Properties;
    }

    /**
     * Properties of a ServiceBody.
     * @deprecated Use mcc.ServiceBody.$Properties instead.
     */
    interface IServiceBody extends mcc.ServiceBody.$Properties {
    }

    /** Represents a ServiceBody. */
    class ServiceBody {

        /**
         * Constructs a new ServiceBody.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.ServiceBody.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ServiceBody selector. */
        selector: number;

        /** ServiceBody protocol. */
        protocol: number;

        /** ServiceBody port. */
        port: number;

        /** ServiceBody weight. */
        weight: number;

        /** ServiceBody families. */
        families: number;

        /** ServiceBody unhealthy. */
        unhealthy: boolean;

        /** ServiceBody addresses. */
        addresses: mcc.Address.$Properties[];

        /** ServiceBody relays. */
        relays: mcc.RelayHint.$Properties[];

        /**
         * Creates a new ServiceBody instance using the specified properties.
         * @param [properties] Properties to set
         * @returns ServiceBody instance
         */
        static create(properties: mcc.ServiceBody.$Shape): mcc.ServiceBody & mcc.ServiceBody.$Shape;
        static create(properties?: mcc.ServiceBody.$Properties): mcc.ServiceBody;

        /**
         * Encodes the specified ServiceBody message. Does not implicitly {@link mcc.ServiceBody.verify|verify} messages.
         * @param message ServiceBody message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.ServiceBody.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ServiceBody message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.ServiceBody & mcc.ServiceBody.$Shape} ServiceBody
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.ServiceBody & mcc.ServiceBody.$Shape;
    }

    namespace ServiceBody {

        /** Properties of a ServiceBody. */
        interface $Properties {

            /** ServiceBody selector */
            selector?: (number|null);

            /** ServiceBody protocol */
            protocol?: (number|null);

            /** ServiceBody port */
            port?: (number|null);

            /** ServiceBody weight */
            weight?: (number|null);

            /** ServiceBody families */
            families?: (number|null);

            /** ServiceBody unhealthy */
            unhealthy?: (boolean|null);

            /** ServiceBody addresses */
            addresses?: (mcc.Address.$Properties[]|null);

            /** ServiceBody relays */
            relays?: (mcc.RelayHint.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ServiceBody. */
        type $Shape = mcc.ServiceBody.$Properties;
    }

    /**
     * Properties of a RelayHint.
     * @deprecated Use mcc.RelayHint.$Properties instead.
     */
    interface IRelayHint extends mcc.RelayHint.$Properties {
    }

    /** Represents a RelayHint. */
    class RelayHint {

        /**
         * Constructs a new RelayHint.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RelayHint.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RelayHint nodeId. */
        nodeId: Uint8Array;

        /** RelayHint addresses. */
        addresses: mcc.Address.$Properties[];

        /**
         * Creates a new RelayHint instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RelayHint instance
         */
        static create(properties: mcc.RelayHint.$Shape): mcc.RelayHint & mcc.RelayHint.$Shape;
        static create(properties?: mcc.RelayHint.$Properties): mcc.RelayHint;

        /**
         * Encodes the specified RelayHint message. Does not implicitly {@link mcc.RelayHint.verify|verify} messages.
         * @param message RelayHint message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RelayHint.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RelayHint message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RelayHint & mcc.RelayHint.$Shape} RelayHint
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RelayHint & mcc.RelayHint.$Shape;
    }

    namespace RelayHint {

        /** Properties of a RelayHint. */
        interface $Properties {

            /** RelayHint nodeId */
            nodeId?: (Uint8Array|null);

            /** RelayHint addresses */
            addresses?: (mcc.Address.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RelayHint. */
        type $Shape = mcc.RelayHint.$Properties;
    }

    /**
     * Properties of a RelayRequest.
     * @deprecated Use mcc.RelayRequest.$Properties instead.
     */
    interface IRelayRequest extends mcc.RelayRequest.$Properties {
    }

    /** Represents a RelayRequest. */
    class RelayRequest {

        /**
         * Constructs a new RelayRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RelayRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RelayRequest leg. */
        leg: number;

        /** RelayRequest inward. */
        inward: boolean;

        /**
         * Creates a new RelayRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RelayRequest instance
         */
        static create(properties: mcc.RelayRequest.$Shape): mcc.RelayRequest & mcc.RelayRequest.$Shape;
        static create(properties?: mcc.RelayRequest.$Properties): mcc.RelayRequest;

        /**
         * Encodes the specified RelayRequest message. Does not implicitly {@link mcc.RelayRequest.verify|verify} messages.
         * @param message RelayRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RelayRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RelayRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RelayRequest & mcc.RelayRequest.$Shape} RelayRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RelayRequest & mcc.RelayRequest.$Shape;
    }

    namespace RelayRequest {

        /** Properties of a RelayRequest. */
        interface $Properties {

            /** RelayRequest leg */
            leg?: (number|null);

            /** RelayRequest inward */
            inward?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RelayRequest. */
        type $Shape = mcc.RelayRequest.$Properties;
    }

    /**
     * Properties of a RelayGrant.
     * @deprecated Use mcc.RelayGrant.$Properties instead.
     */
    interface IRelayGrant extends mcc.RelayGrant.$Properties {
    }

    /** Represents a RelayGrant. */
    class RelayGrant {

        /**
         * Constructs a new RelayGrant.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RelayGrant.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RelayGrant leg. */
        leg: number;

        /** RelayGrant seconds. */
        seconds: number;

        /** RelayGrant inward. */
        inward: boolean;

        /**
         * Creates a new RelayGrant instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RelayGrant instance
         */
        static create(properties: mcc.RelayGrant.$Shape): mcc.RelayGrant & mcc.RelayGrant.$Shape;
        static create(properties?: mcc.RelayGrant.$Properties): mcc.RelayGrant;

        /**
         * Encodes the specified RelayGrant message. Does not implicitly {@link mcc.RelayGrant.verify|verify} messages.
         * @param message RelayGrant message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RelayGrant.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RelayGrant message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RelayGrant & mcc.RelayGrant.$Shape} RelayGrant
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RelayGrant & mcc.RelayGrant.$Shape;
    }

    namespace RelayGrant {

        /** Properties of a RelayGrant. */
        interface $Properties {

            /** RelayGrant leg */
            leg?: (number|null);

            /** RelayGrant seconds */
            seconds?: (number|null);

            /** RelayGrant inward */
            inward?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RelayGrant. */
        type $Shape = mcc.RelayGrant.$Properties;
    }

    /**
     * Properties of a RelayRefusal.
     * @deprecated Use mcc.RelayRefusal.$Properties instead.
     */
    interface IRelayRefusal extends mcc.RelayRefusal.$Properties {
    }

    /** Represents a RelayRefusal. */
    class RelayRefusal {

        /**
         * Constructs a new RelayRefusal.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RelayRefusal.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RelayRefusal code. */
        code: mcc.RelayCode;

        /**
         * Creates a new RelayRefusal instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RelayRefusal instance
         */
        static create(properties: mcc.RelayRefusal.$Shape): mcc.RelayRefusal & mcc.RelayRefusal.$Shape;
        static create(properties?: mcc.RelayRefusal.$Properties): mcc.RelayRefusal;

        /**
         * Encodes the specified RelayRefusal message. Does not implicitly {@link mcc.RelayRefusal.verify|verify} messages.
         * @param message RelayRefusal message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RelayRefusal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RelayRefusal message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RelayRefusal & mcc.RelayRefusal.$Shape} RelayRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RelayRefusal & mcc.RelayRefusal.$Shape;
    }

    namespace RelayRefusal {

        /** Properties of a RelayRefusal. */
        interface $Properties {

            /** RelayRefusal code */
            code?: (mcc.RelayCode|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RelayRefusal. */
        type $Shape = mcc.RelayRefusal.$Properties;
    }

    /** RelayCode enum. */
    enum RelayCode {

        /** RELAY_OTHER value */
        RELAY_OTHER = 0,

        /** RELAY_NOT_OFFERED value */
        RELAY_NOT_OFFERED = 1,

        /** RELAY_FULL value */
        RELAY_FULL = 2,

        /** RELAY_NO_SUCH_NODE value */
        RELAY_NO_SUCH_NODE = 3,

        /** RELAY_NO_GRANT value */
        RELAY_NO_GRANT = 4,

        /** RELAY_ENDED value */
        RELAY_ENDED = 5
    }

    /**
     * Properties of a CircuitOpen.
     * @deprecated Use mcc.CircuitOpen.$Properties instead.
     */
    interface ICircuitOpen extends mcc.CircuitOpen.$Properties {
    }

    /** Represents a CircuitOpen. */
    class CircuitOpen {

        /**
         * Constructs a new CircuitOpen.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.CircuitOpen.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** CircuitOpen nodeId. */
        nodeId: Uint8Array;

        /** CircuitOpen number. */
        number: number;

        /**
         * Creates a new CircuitOpen instance using the specified properties.
         * @param [properties] Properties to set
         * @returns CircuitOpen instance
         */
        static create(properties: mcc.CircuitOpen.$Shape): mcc.CircuitOpen & mcc.CircuitOpen.$Shape;
        static create(properties?: mcc.CircuitOpen.$Properties): mcc.CircuitOpen;

        /**
         * Encodes the specified CircuitOpen message. Does not implicitly {@link mcc.CircuitOpen.verify|verify} messages.
         * @param message CircuitOpen message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.CircuitOpen.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a CircuitOpen message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.CircuitOpen & mcc.CircuitOpen.$Shape} CircuitOpen
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.CircuitOpen & mcc.CircuitOpen.$Shape;
    }

    namespace CircuitOpen {

        /** Properties of a CircuitOpen. */
        interface $Properties {

            /** CircuitOpen nodeId */
            nodeId?: (Uint8Array|null);

            /** CircuitOpen number */
            number?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a CircuitOpen. */
        type $Shape = mcc.CircuitOpen.$Properties;
    }

    /**
     * Properties of a CircuitOffer.
     * @deprecated Use mcc.CircuitOffer.$Properties instead.
     */
    interface ICircuitOffer extends mcc.CircuitOffer.$Properties {
    }

    /** Represents a CircuitOffer. */
    class CircuitOffer {

        /**
         * Constructs a new CircuitOffer.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.CircuitOffer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** CircuitOffer nodeId. */
        nodeId: Uint8Array;

        /** CircuitOffer number. */
        number: number;

        /**
         * Creates a new CircuitOffer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns CircuitOffer instance
         */
        static create(properties: mcc.CircuitOffer.$Shape): mcc.CircuitOffer & mcc.CircuitOffer.$Shape;
        static create(properties?: mcc.CircuitOffer.$Properties): mcc.CircuitOffer;

        /**
         * Encodes the specified CircuitOffer message. Does not implicitly {@link mcc.CircuitOffer.verify|verify} messages.
         * @param message CircuitOffer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.CircuitOffer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a CircuitOffer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.CircuitOffer & mcc.CircuitOffer.$Shape} CircuitOffer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.CircuitOffer & mcc.CircuitOffer.$Shape;
    }

    namespace CircuitOffer {

        /** Properties of a CircuitOffer. */
        interface $Properties {

            /** CircuitOffer nodeId */
            nodeId?: (Uint8Array|null);

            /** CircuitOffer number */
            number?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a CircuitOffer. */
        type $Shape = mcc.CircuitOffer.$Properties;
    }

    /**
     * Properties of a CircuitClose.
     * @deprecated Use mcc.CircuitClose.$Properties instead.
     */
    interface ICircuitClose extends mcc.CircuitClose.$Properties {
    }

    /** Represents a CircuitClose. */
    class CircuitClose {

        /**
         * Constructs a new CircuitClose.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.CircuitClose.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** CircuitClose number. */
        number: number;

        /** CircuitClose code. */
        code: mcc.RelayCode;

        /**
         * Creates a new CircuitClose instance using the specified properties.
         * @param [properties] Properties to set
         * @returns CircuitClose instance
         */
        static create(properties: mcc.CircuitClose.$Shape): mcc.CircuitClose & mcc.CircuitClose.$Shape;
        static create(properties?: mcc.CircuitClose.$Properties): mcc.CircuitClose;

        /**
         * Encodes the specified CircuitClose message. Does not implicitly {@link mcc.CircuitClose.verify|verify} messages.
         * @param message CircuitClose message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.CircuitClose.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a CircuitClose message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.CircuitClose & mcc.CircuitClose.$Shape} CircuitClose
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.CircuitClose & mcc.CircuitClose.$Shape;
    }

    namespace CircuitClose {

        /** Properties of a CircuitClose. */
        interface $Properties {

            /** CircuitClose number */
            number?: (number|null);

            /** CircuitClose code */
            code?: (mcc.RelayCode|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a CircuitClose. */
        type $Shape = mcc.CircuitClose.$Properties;
    }

    /**
     * Properties of a CircuitEnd.
     * @deprecated Use mcc.CircuitEnd.$Properties instead.
     */
    interface ICircuitEnd extends mcc.CircuitEnd.$Properties {
    }

    /** Represents a CircuitEnd. */
    class CircuitEnd {

        /**
         * Constructs a new CircuitEnd.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.CircuitEnd.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** CircuitEnd nodeId. */
        nodeId: Uint8Array;

        /** CircuitEnd address. */
        address?: (mcc.Address.$Properties|null);

        /**
         * Creates a new CircuitEnd instance using the specified properties.
         * @param [properties] Properties to set
         * @returns CircuitEnd instance
         */
        static create(properties: mcc.CircuitEnd.$Shape): mcc.CircuitEnd & mcc.CircuitEnd.$Shape;
        static create(properties?: mcc.CircuitEnd.$Properties): mcc.CircuitEnd;

        /**
         * Encodes the specified CircuitEnd message. Does not implicitly {@link mcc.CircuitEnd.verify|verify} messages.
         * @param message CircuitEnd message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.CircuitEnd.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a CircuitEnd message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.CircuitEnd & mcc.CircuitEnd.$Shape} CircuitEnd
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.CircuitEnd & mcc.CircuitEnd.$Shape;
    }

    namespace CircuitEnd {

        /** Properties of a CircuitEnd. */
        interface $Properties {

            /** CircuitEnd nodeId */
            nodeId?: (Uint8Array|null);

            /** CircuitEnd address */
            address?: (mcc.Address.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a CircuitEnd. */
        type $Shape = mcc.CircuitEnd.$Properties;
    }

    /**
     * Properties of a RelayCall.
     * @deprecated Use mcc.RelayCall.$Properties instead.
     */
    interface IRelayCall extends mcc.RelayCall.$Properties {
    }

    /** Represents a RelayCall. */
    class RelayCall {

        /**
         * Constructs a new RelayCall.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RelayCall.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RelayCall relay. */
        relay?: (mcc.RelayHint.$Properties|null);

        /** RelayCall padding. */
        padding: Uint8Array;

        /**
         * Creates a new RelayCall instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RelayCall instance
         */
        static create(properties: mcc.RelayCall.$Shape): mcc.RelayCall & mcc.RelayCall.$Shape;
        static create(properties?: mcc.RelayCall.$Properties): mcc.RelayCall;

        /**
         * Encodes the specified RelayCall message. Does not implicitly {@link mcc.RelayCall.verify|verify} messages.
         * @param message RelayCall message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RelayCall.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RelayCall message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RelayCall & mcc.RelayCall.$Shape} RelayCall
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RelayCall & mcc.RelayCall.$Shape;
    }

    namespace RelayCall {

        /** Properties of a RelayCall. */
        interface $Properties {

            /** RelayCall relay */
            relay?: (mcc.RelayHint.$Properties|null);

            /** RelayCall padding */
            padding?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RelayCall. */
        type $Shape = mcc.RelayCall.$Properties;
    }

    /**
     * Properties of a PathChallenge.
     * @deprecated Use mcc.PathChallenge.$Properties instead.
     */
    interface IPathChallenge extends mcc.PathChallenge.$Properties {
    }

    /** Represents a PathChallenge. */
    class PathChallenge {

        /**
         * Constructs a new PathChallenge.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.PathChallenge.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PathChallenge token. */
        token: Uint8Array;

        /** PathChallenge full. */
        full: boolean;

        /** PathChallenge padding. */
        padding: Uint8Array;

        /** PathChallenge delayS. */
        delayS: number;

        /**
         * Creates a new PathChallenge instance using the specified properties.
         * @param [properties] Properties to set
         * @returns PathChallenge instance
         */
        static create(properties: mcc.PathChallenge.$Shape): mcc.PathChallenge & mcc.PathChallenge.$Shape;
        static create(properties?: mcc.PathChallenge.$Properties): mcc.PathChallenge;

        /**
         * Encodes the specified PathChallenge message. Does not implicitly {@link mcc.PathChallenge.verify|verify} messages.
         * @param message PathChallenge message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.PathChallenge.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PathChallenge message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.PathChallenge & mcc.PathChallenge.$Shape} PathChallenge
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.PathChallenge & mcc.PathChallenge.$Shape;
    }

    namespace PathChallenge {

        /** Properties of a PathChallenge. */
        interface $Properties {

            /** PathChallenge token */
            token?: (Uint8Array|null);

            /** PathChallenge full */
            full?: (boolean|null);

            /** PathChallenge padding */
            padding?: (Uint8Array|null);

            /** PathChallenge delayS */
            delayS?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PathChallenge. */
        type $Shape = mcc.PathChallenge.$Properties;
    }

    /**
     * Properties of a PathResponse.
     * @deprecated Use mcc.PathResponse.$Properties instead.
     */
    interface IPathResponse extends mcc.PathResponse.$Properties {
    }

    /** Represents a PathResponse. */
    class PathResponse {

        /**
         * Constructs a new PathResponse.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.PathResponse.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PathResponse token. */
        token: Uint8Array;

        /** PathResponse observed. */
        observed?: (mcc.Address.$Properties|null);

        /** PathResponse padding. */
        padding: Uint8Array;

        /**
         * Creates a new PathResponse instance using the specified properties.
         * @param [properties] Properties to set
         * @returns PathResponse instance
         */
        static create(properties: mcc.PathResponse.$Shape): mcc.PathResponse & mcc.PathResponse.$Shape;
        static create(properties?: mcc.PathResponse.$Properties): mcc.PathResponse;

        /**
         * Encodes the specified PathResponse message. Does not implicitly {@link mcc.PathResponse.verify|verify} messages.
         * @param message PathResponse message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.PathResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PathResponse message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.PathResponse & mcc.PathResponse.$Shape} PathResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.PathResponse & mcc.PathResponse.$Shape;
    }

    namespace PathResponse {

        /** Properties of a PathResponse. */
        interface $Properties {

            /** PathResponse token */
            token?: (Uint8Array|null);

            /** PathResponse observed */
            observed?: (mcc.Address.$Properties|null);

            /** PathResponse padding */
            padding?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PathResponse. */
        type $Shape = mcc.PathResponse.$Properties;
    }

    /**
     * Properties of a Punch.
     * @deprecated Use mcc.Punch.$Properties instead.
     */
    interface IPunch extends mcc.Punch.$Properties {
    }

    /** Represents a Punch. */
    class Punch {

        /**
         * Constructs a new Punch.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Punch.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Punch round. */
        round: number;

        /** Punch step. */
        step: mcc.PunchStep;

        /** Punch addresses. */
        addresses: mcc.Address.$Properties[];

        /** Punch mapping. */
        mapping: number;

        /** Punch filtering. */
        filtering: number;

        /**
         * Creates a new Punch instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Punch instance
         */
        static create(properties: mcc.Punch.$Shape): mcc.Punch & mcc.Punch.$Shape;
        static create(properties?: mcc.Punch.$Properties): mcc.Punch;

        /**
         * Encodes the specified Punch message. Does not implicitly {@link mcc.Punch.verify|verify} messages.
         * @param message Punch message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Punch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Punch message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Punch & mcc.Punch.$Shape} Punch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Punch & mcc.Punch.$Shape;
    }

    namespace Punch {

        /** Properties of a Punch. */
        interface $Properties {

            /** Punch round */
            round?: (number|null);

            /** Punch step */
            step?: (mcc.PunchStep|null);

            /** Punch addresses */
            addresses?: (mcc.Address.$Properties[]|null);

            /** Punch mapping */
            mapping?: (number|null);

            /** Punch filtering */
            filtering?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Punch. */
        type $Shape = mcc.Punch.$Properties;
    }

    /** PunchStep enum. */
    enum PunchStep {

        /** PUNCH_REQUEST value */
        PUNCH_REQUEST = 0,

        /** PUNCH_ANSWER value */
        PUNCH_ANSWER = 1,

        /** PUNCH_GO value */
        PUNCH_GO = 2
    }

    /**
     * Properties of an EpochHeld.
     * @deprecated Use mcc.EpochHeld.$Properties instead.
     */
    interface IEpochHeld extends mcc.EpochHeld.$Properties {
    }

    /** Represents an EpochHeld. */
    class EpochHeld {

        /**
         * Constructs a new EpochHeld.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.EpochHeld.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** EpochHeld number. */
        number: number;

        /** EpochHeld id. */
        id: Uint8Array;

        /** EpochHeld answer. */
        answer: boolean;

        /**
         * Creates a new EpochHeld instance using the specified properties.
         * @param [properties] Properties to set
         * @returns EpochHeld instance
         */
        static create(properties: mcc.EpochHeld.$Shape): mcc.EpochHeld & mcc.EpochHeld.$Shape;
        static create(properties?: mcc.EpochHeld.$Properties): mcc.EpochHeld;

        /**
         * Encodes the specified EpochHeld message. Does not implicitly {@link mcc.EpochHeld.verify|verify} messages.
         * @param message EpochHeld message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.EpochHeld.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an EpochHeld message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.EpochHeld & mcc.EpochHeld.$Shape} EpochHeld
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.EpochHeld & mcc.EpochHeld.$Shape;
    }

    namespace EpochHeld {

        /** Properties of an EpochHeld. */
        interface $Properties {

            /** EpochHeld number */
            number?: (number|null);

            /** EpochHeld id */
            id?: (Uint8Array|null);

            /** EpochHeld answer */
            answer?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an EpochHeld. */
        type $Shape = mcc.EpochHeld.$Properties;
    }

    /**
     * Properties of an EpochDelivery.
     * @deprecated Use mcc.EpochDelivery.$Properties instead.
     */
    interface IEpochDelivery extends mcc.EpochDelivery.$Properties {
    }

    /** Represents an EpochDelivery. */
    class EpochDelivery {

        /**
         * Constructs a new EpochDelivery.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.EpochDelivery.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** EpochDelivery epoch. */
        epoch: Uint8Array;

        /** EpochDelivery secret. */
        secret: Uint8Array;

        /**
         * Creates a new EpochDelivery instance using the specified properties.
         * @param [properties] Properties to set
         * @returns EpochDelivery instance
         */
        static create(properties: mcc.EpochDelivery.$Shape): mcc.EpochDelivery & mcc.EpochDelivery.$Shape;
        static create(properties?: mcc.EpochDelivery.$Properties): mcc.EpochDelivery;

        /**
         * Encodes the specified EpochDelivery message. Does not implicitly {@link mcc.EpochDelivery.verify|verify} messages.
         * @param message EpochDelivery message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.EpochDelivery.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an EpochDelivery message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.EpochDelivery & mcc.EpochDelivery.$Shape} EpochDelivery
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.EpochDelivery & mcc.EpochDelivery.$Shape;
    }

    namespace EpochDelivery {

        /** Properties of an EpochDelivery. */
        interface $Properties {

            /** EpochDelivery epoch */
            epoch?: (Uint8Array|null);

            /** EpochDelivery secret */
            secret?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an EpochDelivery. */
        type $Shape = mcc.EpochDelivery.$Properties;
    }

    /**
     * Properties of a GuestQuestion.
     * @deprecated Use mcc.GuestQuestion.$Properties instead.
     */
    interface IGuestQuestion extends mcc.GuestQuestion.$Properties {
    }

    /** Represents a GuestQuestion. */
    class GuestQuestion {

        /**
         * Constructs a new GuestQuestion.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.GuestQuestion.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Creates a new GuestQuestion instance using the specified properties.
         * @param [properties] Properties to set
         * @returns GuestQuestion instance
         */
        static create(properties: mcc.GuestQuestion.$Shape): mcc.GuestQuestion & mcc.GuestQuestion.$Shape;
        static create(properties?: mcc.GuestQuestion.$Properties): mcc.GuestQuestion;

        /**
         * Encodes the specified GuestQuestion message. Does not implicitly {@link mcc.GuestQuestion.verify|verify} messages.
         * @param message GuestQuestion message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.GuestQuestion.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a GuestQuestion message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.GuestQuestion & mcc.GuestQuestion.$Shape} GuestQuestion
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.GuestQuestion & mcc.GuestQuestion.$Shape;
    }

    namespace GuestQuestion {

        /** Properties of a GuestQuestion. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a GuestQuestion. */
        type $Shape = mcc.GuestQuestion.$Properties;
    }

    /**
     * Properties of a GuestTerms.
     * @deprecated Use mcc.GuestTerms.$Properties instead.
     */
    interface IGuestTerms extends mcc.GuestTerms.$Properties {
    }

    /** Represents a GuestTerms. */
    class GuestTerms {

        /**
         * Constructs a new GuestTerms.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.GuestTerms.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** GuestTerms hour. */
        hour: number;

        /** GuestTerms difficulty. */
        difficulty: number;

        /** GuestTerms signer. */
        signer: Uint8Array;

        /**
         * Creates a new GuestTerms instance using the specified properties.
         * @param [properties] Properties to set
         * @returns GuestTerms instance
         */
        static create(properties: mcc.GuestTerms.$Shape): mcc.GuestTerms & mcc.GuestTerms.$Shape;
        static create(properties?: mcc.GuestTerms.$Properties): mcc.GuestTerms;

        /**
         * Encodes the specified GuestTerms message. Does not implicitly {@link mcc.GuestTerms.verify|verify} messages.
         * @param message GuestTerms message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.GuestTerms.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a GuestTerms message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.GuestTerms & mcc.GuestTerms.$Shape} GuestTerms
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.GuestTerms & mcc.GuestTerms.$Shape;
    }

    namespace GuestTerms {

        /** Properties of a GuestTerms. */
        interface $Properties {

            /** GuestTerms hour */
            hour?: (number|null);

            /** GuestTerms difficulty */
            difficulty?: (number|null);

            /** GuestTerms signer */
            signer?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a GuestTerms. */
        type $Shape = mcc.GuestTerms.$Properties;
    }

    /**
     * Properties of a GuestRequest.
     * @deprecated Use mcc.GuestRequest.$Properties instead.
     */
    interface IGuestRequest extends mcc.GuestRequest.$Properties {
    }

    /** Represents a GuestRequest. */
    class GuestRequest {

        /**
         * Constructs a new GuestRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.GuestRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** GuestRequest hour. */
        hour: number;

        /** GuestRequest difficulty. */
        difficulty: number;

        /** GuestRequest solution. */
        solution: Uint8Array;

        /**
         * Creates a new GuestRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns GuestRequest instance
         */
        static create(properties: mcc.GuestRequest.$Shape): mcc.GuestRequest & mcc.GuestRequest.$Shape;
        static create(properties?: mcc.GuestRequest.$Properties): mcc.GuestRequest;

        /**
         * Encodes the specified GuestRequest message. Does not implicitly {@link mcc.GuestRequest.verify|verify} messages.
         * @param message GuestRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.GuestRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a GuestRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.GuestRequest & mcc.GuestRequest.$Shape} GuestRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.GuestRequest & mcc.GuestRequest.$Shape;
    }

    namespace GuestRequest {

        /** Properties of a GuestRequest. */
        interface $Properties {

            /** GuestRequest hour */
            hour?: (number|null);

            /** GuestRequest difficulty */
            difficulty?: (number|null);

            /** GuestRequest solution */
            solution?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a GuestRequest. */
        type $Shape = mcc.GuestRequest.$Properties;
    }

    /**
     * Properties of a Revocation.
     * @deprecated Use mcc.Revocation.$Properties instead.
     */
    interface IRevocation extends mcc.Revocation.$Properties {
    }

    /** Represents a Revocation. */
    class Revocation {

        /**
         * Constructs a new Revocation.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Revocation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Revocation kind. */
        kind: mcc.RevocationKind;

        /** Revocation target. */
        target: Uint8Array;

        /** Revocation since. */
        since: number;

        /** Revocation issued. */
        issued: number;

        /** Revocation reason. */
        reason: string;

        /** Revocation organisation. */
        organisation: Uint8Array;

        /** Revocation issuer. */
        issuer: Uint8Array;

        /** Revocation extensions. */
        extensions: mcc.Extension.$Properties[];

        /**
         * Creates a new Revocation instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Revocation instance
         */
        static create(properties: mcc.Revocation.$Shape): mcc.Revocation & mcc.Revocation.$Shape;
        static create(properties?: mcc.Revocation.$Properties): mcc.Revocation;

        /**
         * Encodes the specified Revocation message. Does not implicitly {@link mcc.Revocation.verify|verify} messages.
         * @param message Revocation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Revocation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Revocation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Revocation & mcc.Revocation.$Shape} Revocation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Revocation & mcc.Revocation.$Shape;
    }

    namespace Revocation {

        /** Properties of a Revocation. */
        interface $Properties {

            /** Revocation kind */
            kind?: (mcc.RevocationKind|null);

            /** Revocation target */
            target?: (Uint8Array|null);

            /** Revocation since */
            since?: (number|null);

            /** Revocation issued */
            issued?: (number|null);

            /** Revocation reason */
            reason?: (string|null);

            /** Revocation organisation */
            organisation?: (Uint8Array|null);

            /** Revocation issuer */
            issuer?: (Uint8Array|null);

            /** Revocation extensions */
            extensions?: (mcc.Extension.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Revocation. */
        type $Shape = mcc.Revocation.$Properties;
    }

    /** RevocationKind enum. */
    enum RevocationKind {

        /** REVOCATION_NODE value */
        REVOCATION_NODE = 0,

        /** REVOCATION_SIGNER value */
        REVOCATION_SIGNER = 1,

        /** REVOCATION_ORGANISATION value */
        REVOCATION_ORGANISATION = 2
    }

    /**
     * Properties of a SignedRevocation.
     * @deprecated Use mcc.SignedRevocation.$Properties instead.
     */
    interface ISignedRevocation extends mcc.SignedRevocation.$Properties {
    }

    /** Represents a SignedRevocation. */
    class SignedRevocation {

        /**
         * Constructs a new SignedRevocation.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.SignedRevocation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedRevocation statement. */
        statement: Uint8Array;

        /** SignedRevocation signature. */
        signature: Uint8Array;

        /** SignedRevocation authority. */
        authority?: (mcc.SignedOrganisation.$Properties|null);

        /** SignedRevocation signatures. */
        signatures: mcc.RootSignature.$Properties[];

        /**
         * Creates a new SignedRevocation instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignedRevocation instance
         */
        static create(properties: mcc.SignedRevocation.$Shape): mcc.SignedRevocation & mcc.SignedRevocation.$Shape;
        static create(properties?: mcc.SignedRevocation.$Properties): mcc.SignedRevocation;

        /**
         * Encodes the specified SignedRevocation message. Does not implicitly {@link mcc.SignedRevocation.verify|verify} messages.
         * @param message SignedRevocation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.SignedRevocation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedRevocation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.SignedRevocation & mcc.SignedRevocation.$Shape} SignedRevocation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.SignedRevocation & mcc.SignedRevocation.$Shape;
    }

    namespace SignedRevocation {

        /** Properties of a SignedRevocation. */
        interface $Properties {

            /** SignedRevocation statement */
            statement?: (Uint8Array|null);

            /** SignedRevocation signature */
            signature?: (Uint8Array|null);

            /** SignedRevocation authority */
            authority?: (mcc.SignedOrganisation.$Properties|null);

            /** SignedRevocation signatures */
            signatures?: (mcc.RootSignature.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignedRevocation. */
        type $Shape = mcc.SignedRevocation.$Properties;
    }

    /**
     * Properties of a RevocationHead.
     * @deprecated Use mcc.RevocationHead.$Properties instead.
     */
    interface IRevocationHead extends mcc.RevocationHead.$Properties {
    }

    /** Represents a RevocationHead. */
    class RevocationHead {

        /**
         * Constructs a new RevocationHead.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RevocationHead.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RevocationHead digest. */
        digest: Uint8Array;

        /**
         * Creates a new RevocationHead instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RevocationHead instance
         */
        static create(properties: mcc.RevocationHead.$Shape): mcc.RevocationHead & mcc.RevocationHead.$Shape;
        static create(properties?: mcc.RevocationHead.$Properties): mcc.RevocationHead;

        /**
         * Encodes the specified RevocationHead message. Does not implicitly {@link mcc.RevocationHead.verify|verify} messages.
         * @param message RevocationHead message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RevocationHead.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RevocationHead message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RevocationHead & mcc.RevocationHead.$Shape} RevocationHead
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RevocationHead & mcc.RevocationHead.$Shape;
    }

    namespace RevocationHead {

        /** Properties of a RevocationHead. */
        interface $Properties {

            /** RevocationHead digest */
            digest?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RevocationHead. */
        type $Shape = mcc.RevocationHead.$Properties;
    }

    /**
     * Properties of a RevocationQuery.
     * @deprecated Use mcc.RevocationQuery.$Properties instead.
     */
    interface IRevocationQuery extends mcc.RevocationQuery.$Properties {
    }

    /** Represents a RevocationQuery. */
    class RevocationQuery {

        /**
         * Constructs a new RevocationQuery.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RevocationQuery.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RevocationQuery lower. */
        lower: Uint8Array;

        /** RevocationQuery upper. */
        upper: Uint8Array;

        /** RevocationQuery digest. */
        digest: Uint8Array;

        /** RevocationQuery wanted. */
        wanted: Uint8Array[];

        /**
         * Creates a new RevocationQuery instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RevocationQuery instance
         */
        static create(properties: mcc.RevocationQuery.$Shape): mcc.RevocationQuery & mcc.RevocationQuery.$Shape;
        static create(properties?: mcc.RevocationQuery.$Properties): mcc.RevocationQuery;

        /**
         * Encodes the specified RevocationQuery message. Does not implicitly {@link mcc.RevocationQuery.verify|verify} messages.
         * @param message RevocationQuery message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RevocationQuery.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RevocationQuery message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RevocationQuery & mcc.RevocationQuery.$Shape} RevocationQuery
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RevocationQuery & mcc.RevocationQuery.$Shape;
    }

    namespace RevocationQuery {

        /** Properties of a RevocationQuery. */
        interface $Properties {

            /** RevocationQuery lower */
            lower?: (Uint8Array|null);

            /** RevocationQuery upper */
            upper?: (Uint8Array|null);

            /** RevocationQuery digest */
            digest?: (Uint8Array|null);

            /** RevocationQuery wanted */
            wanted?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RevocationQuery. */
        type $Shape = mcc.RevocationQuery.$Properties;
    }

    /**
     * Properties of a RevocationAnswer.
     * @deprecated Use mcc.RevocationAnswer.$Properties instead.
     */
    interface IRevocationAnswer extends mcc.RevocationAnswer.$Properties {
    }

    /** Represents a RevocationAnswer. */
    class RevocationAnswer {

        /**
         * Constructs a new RevocationAnswer.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RevocationAnswer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RevocationAnswer lower. */
        lower: Uint8Array;

        /** RevocationAnswer upper. */
        upper: Uint8Array;

        /** RevocationAnswer hashes. */
        hashes: Uint8Array[];

        /** RevocationAnswer parts. */
        parts: mcc.RevocationPart.$Properties[];

        /**
         * Creates a new RevocationAnswer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RevocationAnswer instance
         */
        static create(properties: mcc.RevocationAnswer.$Shape): mcc.RevocationAnswer & mcc.RevocationAnswer.$Shape;
        static create(properties?: mcc.RevocationAnswer.$Properties): mcc.RevocationAnswer;

        /**
         * Encodes the specified RevocationAnswer message. Does not implicitly {@link mcc.RevocationAnswer.verify|verify} messages.
         * @param message RevocationAnswer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RevocationAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RevocationAnswer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RevocationAnswer & mcc.RevocationAnswer.$Shape} RevocationAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RevocationAnswer & mcc.RevocationAnswer.$Shape;
    }

    namespace RevocationAnswer {

        /** Properties of a RevocationAnswer. */
        interface $Properties {

            /** RevocationAnswer lower */
            lower?: (Uint8Array|null);

            /** RevocationAnswer upper */
            upper?: (Uint8Array|null);

            /** RevocationAnswer hashes */
            hashes?: (Uint8Array[]|null);

            /** RevocationAnswer parts */
            parts?: (mcc.RevocationPart.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RevocationAnswer. */
        type $Shape = mcc.RevocationAnswer.$Properties;
    }

    /**
     * Properties of a RevocationPart.
     * @deprecated Use mcc.RevocationPart.$Properties instead.
     */
    interface IRevocationPart extends mcc.RevocationPart.$Properties {
    }

    /** Represents a RevocationPart. */
    class RevocationPart {

        /**
         * Constructs a new RevocationPart.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.RevocationPart.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RevocationPart upper. */
        upper: Uint8Array;

        /** RevocationPart digest. */
        digest: Uint8Array;

        /**
         * Creates a new RevocationPart instance using the specified properties.
         * @param [properties] Properties to set
         * @returns RevocationPart instance
         */
        static create(properties: mcc.RevocationPart.$Shape): mcc.RevocationPart & mcc.RevocationPart.$Shape;
        static create(properties?: mcc.RevocationPart.$Properties): mcc.RevocationPart;

        /**
         * Encodes the specified RevocationPart message. Does not implicitly {@link mcc.RevocationPart.verify|verify} messages.
         * @param message RevocationPart message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.RevocationPart.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RevocationPart message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.RevocationPart & mcc.RevocationPart.$Shape} RevocationPart
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.RevocationPart & mcc.RevocationPart.$Shape;
    }

    namespace RevocationPart {

        /** Properties of a RevocationPart. */
        interface $Properties {

            /** RevocationPart upper */
            upper?: (Uint8Array|null);

            /** RevocationPart digest */
            digest?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RevocationPart. */
        type $Shape = mcc.RevocationPart.$Properties;
    }

    /**
     * Properties of a Revocations.
     * @deprecated Use mcc.Revocations.$Properties instead.
     */
    interface IRevocations extends mcc.Revocations.$Properties {
    }

    /** Represents a Revocations. */
    class Revocations {

        /**
         * Constructs a new Revocations.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.Revocations.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Revocations statements. */
        statements: Uint8Array[];

        /**
         * Creates a new Revocations instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Revocations instance
         */
        static create(properties: mcc.Revocations.$Shape): mcc.Revocations & mcc.Revocations.$Shape;
        static create(properties?: mcc.Revocations.$Properties): mcc.Revocations;

        /**
         * Encodes the specified Revocations message. Does not implicitly {@link mcc.Revocations.verify|verify} messages.
         * @param message Revocations message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.Revocations.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Revocations message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.Revocations & mcc.Revocations.$Shape} Revocations
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.Revocations & mcc.Revocations.$Shape;
    }

    namespace Revocations {

        /** Properties of a Revocations. */
        interface $Properties {

            /** Revocations statements */
            statements?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Revocations. */
        type $Shape = mcc.Revocations.$Properties;
    }

    /**
     * Properties of a HandshakePayload.
     * @deprecated Use mcc.HandshakePayload.$Properties instead.
     */
    interface IHandshakePayload extends mcc.HandshakePayload.$Properties {
    }

    /** Represents a HandshakePayload. */
    class HandshakePayload {

        /**
         * Constructs a new HandshakePayload.
         * @param [properties] Properties to set
         */
        constructor(properties?: mcc.HandshakePayload.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** HandshakePayload kind. */
        kind: mcc.HandshakeKind;

        /** HandshakePayload chain. */
        chain: Uint8Array;

        /** HandshakePayload suites. */
        suites: number[];

        /** HandshakePayload freshness. */
        freshness: number;

        /** HandshakePayload revocationHead. */
        revocationHead: Uint8Array;

        /** HandshakePayload early. */
        early: Uint8Array;

        /**
         * Creates a new HandshakePayload instance using the specified properties.
         * @param [properties] Properties to set
         * @returns HandshakePayload instance
         */
        static create(properties: mcc.HandshakePayload.$Shape): mcc.HandshakePayload & mcc.HandshakePayload.$Shape;
        static create(properties?: mcc.HandshakePayload.$Properties): mcc.HandshakePayload;

        /**
         * Encodes the specified HandshakePayload message. Does not implicitly {@link mcc.HandshakePayload.verify|verify} messages.
         * @param message HandshakePayload message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mcc.HandshakePayload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a HandshakePayload message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mcc.HandshakePayload & mcc.HandshakePayload.$Shape} HandshakePayload
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mcc.HandshakePayload & mcc.HandshakePayload.$Shape;
    }

    namespace HandshakePayload {

        /** Properties of a HandshakePayload. */
        interface $Properties {

            /** HandshakePayload kind */
            kind?: (mcc.HandshakeKind|null);

            /** HandshakePayload chain */
            chain?: (Uint8Array|null);

            /** HandshakePayload suites */
            suites?: (number[]|null);

            /** HandshakePayload freshness */
            freshness?: (number|null);

            /** HandshakePayload revocationHead */
            revocationHead?: (Uint8Array|null);

            /** HandshakePayload early */
            early?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a HandshakePayload. */
        type $Shape = mcc.HandshakePayload.$Properties;
    }

    /** HandshakeKind enum. */
    enum HandshakeKind {

        /** HANDSHAKE_MEMBER value */
        HANDSHAKE_MEMBER = 0,

        /** HANDSHAKE_JOINER value */
        HANDSHAKE_JOINER = 1,

        /** HANDSHAKE_RENEWING value */
        HANDSHAKE_RENEWING = 2,

        /** HANDSHAKE_GUEST value */
        HANDSHAKE_GUEST = 3
    }
}
