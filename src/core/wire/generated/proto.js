// Generated from proto/ by `npm run generate`; change the .proto files instead.
/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Numbers and Uint8Arrays everywhere, whatever the environment offers.
$protobuf.util.Long = null;
$protobuf.util.Buffer = null;
$protobuf.configure();

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const mcc = $root.mcc = (() => {

    /**
     * Namespace mcc.
     * @exports mcc
     * @namespace
     */
    const mcc = {};

    mcc.Address = (function() {

        /**
         * Properties of an Address.
         * @typedef {Object} mcc.Address.$Properties
         * @property {Uint8Array|null} [ip] Address ip
         * @property {number|null} [port] Address port
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Address.
         * @memberof mcc
         * @interface IAddress
         * @augments mcc.Address.$Properties
         * @deprecated Use mcc.Address.$Properties instead.
         */

        /**
         * Shape of an Address.
         * @typedef {mcc.Address.$Properties} mcc.Address.$Shape
         */

        /**
         * Constructs a new Address.
         * @memberof mcc
         * @classdesc Represents an Address.
         * @constructor
         * @param {mcc.Address.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Address = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Address ip.
         * @member {Uint8Array} ip
         * @memberof mcc.Address
         * @instance
         */
        Address.prototype.ip = $util.newBuffer([]);

        /**
         * Address port.
         * @member {number} port
         * @memberof mcc.Address
         * @instance
         */
        Address.prototype.port = 0;

        /**
         * Creates a new Address instance using the specified properties.
         * @function create
         * @memberof mcc.Address
         * @static
         * @param {mcc.Address.$Properties=} [properties] Properties to set
         * @returns {mcc.Address} Address instance
         * @type {{
         *   (properties: mcc.Address.$Shape): mcc.Address & mcc.Address.$Shape;
         *   (properties?: mcc.Address.$Properties): mcc.Address;
         * }}
         */
        Address.create = function(properties) {
            return new Address(properties);
        };

        /**
         * Encodes the specified Address message. Does not implicitly {@link mcc.Address.verify|verify} messages.
         * @function encode
         * @memberof mcc.Address
         * @static
         * @param {mcc.Address.$Properties} message Address message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Address.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ip != null && $Object.hasOwnProperty.call(message, "ip") && message.ip.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.ip);
            if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.port);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Address message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Address
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Address & mcc.Address.$Shape} Address
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Address.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Address();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.ip = value;
                        else
                            delete message.ip;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.port = value;
                        else
                            delete message.port;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Address;
    })();

    mcc.Genesis = (function() {

        /**
         * Properties of a Genesis.
         * @typedef {Object} mcc.Genesis.$Properties
         * @property {string|null} [network] Genesis network
         * @property {number|null} [threshold] Genesis threshold
         * @property {Array.<Uint8Array>|null} [rootKeys] Genesis rootKeys
         * @property {number|null} [created] Genesis created
         * @property {Uint8Array|null} [random] Genesis random
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] Genesis extensions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Genesis.
         * @memberof mcc
         * @interface IGenesis
         * @augments mcc.Genesis.$Properties
         * @deprecated Use mcc.Genesis.$Properties instead.
         */

        /**
         * Shape of a Genesis.
         * @typedef {mcc.Genesis.$Properties} mcc.Genesis.$Shape
         */

        /**
         * Constructs a new Genesis.
         * @memberof mcc
         * @classdesc Represents a Genesis.
         * @constructor
         * @param {mcc.Genesis.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Genesis = function (properties) {
            this.rootKeys = [];
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Genesis network.
         * @member {string} network
         * @memberof mcc.Genesis
         * @instance
         */
        Genesis.prototype.network = "";

        /**
         * Genesis threshold.
         * @member {number} threshold
         * @memberof mcc.Genesis
         * @instance
         */
        Genesis.prototype.threshold = 0;

        /**
         * Genesis rootKeys.
         * @member {Array.<Uint8Array>} rootKeys
         * @memberof mcc.Genesis
         * @instance
         */
        Genesis.prototype.rootKeys = $util.emptyArray;

        /**
         * Genesis created.
         * @member {number} created
         * @memberof mcc.Genesis
         * @instance
         */
        Genesis.prototype.created = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Genesis random.
         * @member {Uint8Array} random
         * @memberof mcc.Genesis
         * @instance
         */
        Genesis.prototype.random = $util.newBuffer([]);

        /**
         * Genesis extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.Genesis
         * @instance
         */
        Genesis.prototype.extensions = $util.emptyArray;

        /**
         * Creates a new Genesis instance using the specified properties.
         * @function create
         * @memberof mcc.Genesis
         * @static
         * @param {mcc.Genesis.$Properties=} [properties] Properties to set
         * @returns {mcc.Genesis} Genesis instance
         * @type {{
         *   (properties: mcc.Genesis.$Shape): mcc.Genesis & mcc.Genesis.$Shape;
         *   (properties?: mcc.Genesis.$Properties): mcc.Genesis;
         * }}
         */
        Genesis.create = function(properties) {
            return new Genesis(properties);
        };

        /**
         * Encodes the specified Genesis message. Does not implicitly {@link mcc.Genesis.verify|verify} messages.
         * @function encode
         * @memberof mcc.Genesis
         * @static
         * @param {mcc.Genesis.$Properties} message Genesis message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Genesis.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.network != null && $Object.hasOwnProperty.call(message, "network") && message.network !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.network);
            if (message.threshold != null && $Object.hasOwnProperty.call(message, "threshold") && message.threshold !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.threshold);
            if (message.rootKeys != null && message.rootKeys.length)
                for (let i = 0; i < message.rootKeys.length; ++i)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.rootKeys[i]);
            if (message.created != null && $Object.hasOwnProperty.call(message, "created") && (typeof message.created === "object" ? message.created.low || message.created.high : message.created !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.created);
            if (message.random != null && $Object.hasOwnProperty.call(message, "random") && message.random.length)
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.random);
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Genesis message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Genesis
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Genesis & mcc.Genesis.$Shape} Genesis
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Genesis.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Genesis();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.network = value;
                        else
                            delete message.network;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.threshold = value;
                        else
                            delete message.threshold;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.rootKeys && message.rootKeys.length))
                            message.rootKeys = [];
                        message.rootKeys.push(reader.bytes());
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.created = value;
                        else
                            delete message.created;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.random = value;
                        else
                            delete message.random;
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Genesis;
    })();

    mcc.OrganisationCertificate = (function() {

        /**
         * Properties of an OrganisationCertificate.
         * @typedef {Object} mcc.OrganisationCertificate.$Properties
         * @property {Uint8Array|null} [organisation] OrganisationCertificate organisation
         * @property {Uint8Array|null} [signer] OrganisationCertificate signer
         * @property {string|null} [name] OrganisationCertificate name
         * @property {number|null} [notBefore] OrganisationCertificate notBefore
         * @property {number|null} [notAfter] OrganisationCertificate notAfter
         * @property {Uint8Array|null} [nonce] OrganisationCertificate nonce
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] OrganisationCertificate extensions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an OrganisationCertificate.
         * @memberof mcc
         * @interface IOrganisationCertificate
         * @augments mcc.OrganisationCertificate.$Properties
         * @deprecated Use mcc.OrganisationCertificate.$Properties instead.
         */

        /**
         * Shape of an OrganisationCertificate.
         * @typedef {mcc.OrganisationCertificate.$Properties} mcc.OrganisationCertificate.$Shape
         */

        /**
         * Constructs a new OrganisationCertificate.
         * @memberof mcc
         * @classdesc Represents an OrganisationCertificate.
         * @constructor
         * @param {mcc.OrganisationCertificate.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const OrganisationCertificate = function (properties) {
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * OrganisationCertificate organisation.
         * @member {Uint8Array} organisation
         * @memberof mcc.OrganisationCertificate
         * @instance
         */
        OrganisationCertificate.prototype.organisation = $util.newBuffer([]);

        /**
         * OrganisationCertificate signer.
         * @member {Uint8Array} signer
         * @memberof mcc.OrganisationCertificate
         * @instance
         */
        OrganisationCertificate.prototype.signer = $util.newBuffer([]);

        /**
         * OrganisationCertificate name.
         * @member {string} name
         * @memberof mcc.OrganisationCertificate
         * @instance
         */
        OrganisationCertificate.prototype.name = "";

        /**
         * OrganisationCertificate notBefore.
         * @member {number} notBefore
         * @memberof mcc.OrganisationCertificate
         * @instance
         */
        OrganisationCertificate.prototype.notBefore = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * OrganisationCertificate notAfter.
         * @member {number} notAfter
         * @memberof mcc.OrganisationCertificate
         * @instance
         */
        OrganisationCertificate.prototype.notAfter = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * OrganisationCertificate nonce.
         * @member {Uint8Array} nonce
         * @memberof mcc.OrganisationCertificate
         * @instance
         */
        OrganisationCertificate.prototype.nonce = $util.newBuffer([]);

        /**
         * OrganisationCertificate extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.OrganisationCertificate
         * @instance
         */
        OrganisationCertificate.prototype.extensions = $util.emptyArray;

        /**
         * Creates a new OrganisationCertificate instance using the specified properties.
         * @function create
         * @memberof mcc.OrganisationCertificate
         * @static
         * @param {mcc.OrganisationCertificate.$Properties=} [properties] Properties to set
         * @returns {mcc.OrganisationCertificate} OrganisationCertificate instance
         * @type {{
         *   (properties: mcc.OrganisationCertificate.$Shape): mcc.OrganisationCertificate & mcc.OrganisationCertificate.$Shape;
         *   (properties?: mcc.OrganisationCertificate.$Properties): mcc.OrganisationCertificate;
         * }}
         */
        OrganisationCertificate.create = function(properties) {
            return new OrganisationCertificate(properties);
        };

        /**
         * Encodes the specified OrganisationCertificate message. Does not implicitly {@link mcc.OrganisationCertificate.verify|verify} messages.
         * @function encode
         * @memberof mcc.OrganisationCertificate
         * @static
         * @param {mcc.OrganisationCertificate.$Properties} message OrganisationCertificate message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        OrganisationCertificate.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation") && message.organisation.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.organisation);
            if (message.signer != null && $Object.hasOwnProperty.call(message, "signer") && message.signer.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signer);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
            if (message.notBefore != null && $Object.hasOwnProperty.call(message, "notBefore") && (typeof message.notBefore === "object" ? message.notBefore.low || message.notBefore.high : message.notBefore !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.notBefore);
            if (message.notAfter != null && $Object.hasOwnProperty.call(message, "notAfter") && (typeof message.notAfter === "object" ? message.notAfter.low || message.notAfter.high : message.notAfter !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.notAfter);
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.nonce);
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an OrganisationCertificate message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.OrganisationCertificate
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.OrganisationCertificate & mcc.OrganisationCertificate.$Shape} OrganisationCertificate
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        OrganisationCertificate.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.OrganisationCertificate();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.organisation = value;
                        else
                            delete message.organisation;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signer = value;
                        else
                            delete message.signer;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.notBefore = value;
                        else
                            delete message.notBefore;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.notAfter = value;
                        else
                            delete message.notAfter;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OrganisationCertificate;
    })();

    mcc.MemberCertificate = (function() {

        /**
         * Properties of a MemberCertificate.
         * @typedef {Object} mcc.MemberCertificate.$Properties
         * @property {Uint8Array|null} [organisation] MemberCertificate organisation
         * @property {Uint8Array|null} [issuer] MemberCertificate issuer
         * @property {Uint8Array|null} [nodeId] MemberCertificate nodeId
         * @property {string|null} [name] MemberCertificate name
         * @property {number|null} [notBefore] MemberCertificate notBefore
         * @property {number|null} [notAfter] MemberCertificate notAfter
         * @property {Uint8Array|null} [nonce] MemberCertificate nonce
         * @property {Array.<string>|null} [provides] MemberCertificate provides
         * @property {Array.<string>|null} [tags] MemberCertificate tags
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] MemberCertificate extensions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a MemberCertificate.
         * @memberof mcc
         * @interface IMemberCertificate
         * @augments mcc.MemberCertificate.$Properties
         * @deprecated Use mcc.MemberCertificate.$Properties instead.
         */

        /**
         * Shape of a MemberCertificate.
         * @typedef {mcc.MemberCertificate.$Properties} mcc.MemberCertificate.$Shape
         */

        /**
         * Constructs a new MemberCertificate.
         * @memberof mcc
         * @classdesc Represents a MemberCertificate.
         * @constructor
         * @param {mcc.MemberCertificate.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const MemberCertificate = function (properties) {
            this.provides = [];
            this.tags = [];
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * MemberCertificate organisation.
         * @member {Uint8Array} organisation
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.organisation = $util.newBuffer([]);

        /**
         * MemberCertificate issuer.
         * @member {Uint8Array} issuer
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.issuer = $util.newBuffer([]);

        /**
         * MemberCertificate nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.nodeId = $util.newBuffer([]);

        /**
         * MemberCertificate name.
         * @member {string} name
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.name = "";

        /**
         * MemberCertificate notBefore.
         * @member {number} notBefore
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.notBefore = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * MemberCertificate notAfter.
         * @member {number} notAfter
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.notAfter = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * MemberCertificate nonce.
         * @member {Uint8Array} nonce
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.nonce = $util.newBuffer([]);

        /**
         * MemberCertificate provides.
         * @member {Array.<string>} provides
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.provides = $util.emptyArray;

        /**
         * MemberCertificate tags.
         * @member {Array.<string>} tags
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.tags = $util.emptyArray;

        /**
         * MemberCertificate extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.MemberCertificate
         * @instance
         */
        MemberCertificate.prototype.extensions = $util.emptyArray;

        /**
         * Creates a new MemberCertificate instance using the specified properties.
         * @function create
         * @memberof mcc.MemberCertificate
         * @static
         * @param {mcc.MemberCertificate.$Properties=} [properties] Properties to set
         * @returns {mcc.MemberCertificate} MemberCertificate instance
         * @type {{
         *   (properties: mcc.MemberCertificate.$Shape): mcc.MemberCertificate & mcc.MemberCertificate.$Shape;
         *   (properties?: mcc.MemberCertificate.$Properties): mcc.MemberCertificate;
         * }}
         */
        MemberCertificate.create = function(properties) {
            return new MemberCertificate(properties);
        };

        /**
         * Encodes the specified MemberCertificate message. Does not implicitly {@link mcc.MemberCertificate.verify|verify} messages.
         * @function encode
         * @memberof mcc.MemberCertificate
         * @static
         * @param {mcc.MemberCertificate.$Properties} message MemberCertificate message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        MemberCertificate.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation") && message.organisation.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.organisation);
            if (message.issuer != null && $Object.hasOwnProperty.call(message, "issuer") && message.issuer.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.issuer);
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.nodeId);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.name);
            if (message.notBefore != null && $Object.hasOwnProperty.call(message, "notBefore") && (typeof message.notBefore === "object" ? message.notBefore.low || message.notBefore.high : message.notBefore !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.notBefore);
            if (message.notAfter != null && $Object.hasOwnProperty.call(message, "notAfter") && (typeof message.notAfter === "object" ? message.notAfter.low || message.notAfter.high : message.notAfter !== 0))
                writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.notAfter);
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.nonce);
            if (message.provides != null && message.provides.length)
                for (let i = 0; i < message.provides.length; ++i)
                    writer.uint32(/* id 8, wireType 2 =*/66).string(message.provides[i]);
            if (message.tags != null && message.tags.length)
                for (let i = 0; i < message.tags.length; ++i)
                    writer.uint32(/* id 9, wireType 2 =*/74).string(message.tags[i]);
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a MemberCertificate message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.MemberCertificate
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.MemberCertificate & mcc.MemberCertificate.$Shape} MemberCertificate
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        MemberCertificate.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.MemberCertificate();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.organisation = value;
                        else
                            delete message.organisation;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.issuer = value;
                        else
                            delete message.issuer;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.notBefore = value;
                        else
                            delete message.notBefore;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.notAfter = value;
                        else
                            delete message.notAfter;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if (!(message.provides && message.provides.length))
                            message.provides = [];
                        message.provides.push(reader.stringVerify());
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if (!(message.tags && message.tags.length))
                            message.tags = [];
                        message.tags.push(reader.stringVerify());
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MemberCertificate;
    })();

    mcc.GuestCertificate = (function() {

        /**
         * Properties of a GuestCertificate.
         * @typedef {Object} mcc.GuestCertificate.$Properties
         * @property {Uint8Array|null} [organisation] GuestCertificate organisation
         * @property {Uint8Array|null} [issuer] GuestCertificate issuer
         * @property {Uint8Array|null} [nodeId] GuestCertificate nodeId
         * @property {number|null} [notBefore] GuestCertificate notBefore
         * @property {number|null} [notAfter] GuestCertificate notAfter
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] GuestCertificate extensions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a GuestCertificate.
         * @memberof mcc
         * @interface IGuestCertificate
         * @augments mcc.GuestCertificate.$Properties
         * @deprecated Use mcc.GuestCertificate.$Properties instead.
         */

        /**
         * Shape of a GuestCertificate.
         * @typedef {mcc.GuestCertificate.$Properties} mcc.GuestCertificate.$Shape
         */

        /**
         * Constructs a new GuestCertificate.
         * @memberof mcc
         * @classdesc Represents a GuestCertificate.
         * @constructor
         * @param {mcc.GuestCertificate.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const GuestCertificate = function (properties) {
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * GuestCertificate organisation.
         * @member {Uint8Array} organisation
         * @memberof mcc.GuestCertificate
         * @instance
         */
        GuestCertificate.prototype.organisation = $util.newBuffer([]);

        /**
         * GuestCertificate issuer.
         * @member {Uint8Array} issuer
         * @memberof mcc.GuestCertificate
         * @instance
         */
        GuestCertificate.prototype.issuer = $util.newBuffer([]);

        /**
         * GuestCertificate nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.GuestCertificate
         * @instance
         */
        GuestCertificate.prototype.nodeId = $util.newBuffer([]);

        /**
         * GuestCertificate notBefore.
         * @member {number} notBefore
         * @memberof mcc.GuestCertificate
         * @instance
         */
        GuestCertificate.prototype.notBefore = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * GuestCertificate notAfter.
         * @member {number} notAfter
         * @memberof mcc.GuestCertificate
         * @instance
         */
        GuestCertificate.prototype.notAfter = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * GuestCertificate extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.GuestCertificate
         * @instance
         */
        GuestCertificate.prototype.extensions = $util.emptyArray;

        /**
         * Creates a new GuestCertificate instance using the specified properties.
         * @function create
         * @memberof mcc.GuestCertificate
         * @static
         * @param {mcc.GuestCertificate.$Properties=} [properties] Properties to set
         * @returns {mcc.GuestCertificate} GuestCertificate instance
         * @type {{
         *   (properties: mcc.GuestCertificate.$Shape): mcc.GuestCertificate & mcc.GuestCertificate.$Shape;
         *   (properties?: mcc.GuestCertificate.$Properties): mcc.GuestCertificate;
         * }}
         */
        GuestCertificate.create = function(properties) {
            return new GuestCertificate(properties);
        };

        /**
         * Encodes the specified GuestCertificate message. Does not implicitly {@link mcc.GuestCertificate.verify|verify} messages.
         * @function encode
         * @memberof mcc.GuestCertificate
         * @static
         * @param {mcc.GuestCertificate.$Properties} message GuestCertificate message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        GuestCertificate.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation") && message.organisation.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.organisation);
            if (message.issuer != null && $Object.hasOwnProperty.call(message, "issuer") && message.issuer.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.issuer);
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.nodeId);
            if (message.notBefore != null && $Object.hasOwnProperty.call(message, "notBefore") && (typeof message.notBefore === "object" ? message.notBefore.low || message.notBefore.high : message.notBefore !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.notBefore);
            if (message.notAfter != null && $Object.hasOwnProperty.call(message, "notAfter") && (typeof message.notAfter === "object" ? message.notAfter.low || message.notAfter.high : message.notAfter !== 0))
                writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.notAfter);
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a GuestCertificate message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.GuestCertificate
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.GuestCertificate & mcc.GuestCertificate.$Shape} GuestCertificate
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        GuestCertificate.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.GuestCertificate();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.organisation = value;
                        else
                            delete message.organisation;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.issuer = value;
                        else
                            delete message.issuer;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.notBefore = value;
                        else
                            delete message.notBefore;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.notAfter = value;
                        else
                            delete message.notAfter;
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GuestCertificate;
    })();

    mcc.Extension = (function() {

        /**
         * Properties of an Extension.
         * @typedef {Object} mcc.Extension.$Properties
         * @property {number|null} [id] Extension id
         * @property {boolean|null} [critical] Extension critical
         * @property {Uint8Array|null} [value] Extension value
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Extension.
         * @memberof mcc
         * @interface IExtension
         * @augments mcc.Extension.$Properties
         * @deprecated Use mcc.Extension.$Properties instead.
         */

        /**
         * Shape of an Extension.
         * @typedef {mcc.Extension.$Properties} mcc.Extension.$Shape
         */

        /**
         * Constructs a new Extension.
         * @memberof mcc
         * @classdesc Represents an Extension.
         * @constructor
         * @param {mcc.Extension.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Extension = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Extension id.
         * @member {number} id
         * @memberof mcc.Extension
         * @instance
         */
        Extension.prototype.id = 0;

        /**
         * Extension critical.
         * @member {boolean} critical
         * @memberof mcc.Extension
         * @instance
         */
        Extension.prototype.critical = false;

        /**
         * Extension value.
         * @member {Uint8Array} value
         * @memberof mcc.Extension
         * @instance
         */
        Extension.prototype.value = $util.newBuffer([]);

        /**
         * Creates a new Extension instance using the specified properties.
         * @function create
         * @memberof mcc.Extension
         * @static
         * @param {mcc.Extension.$Properties=} [properties] Properties to set
         * @returns {mcc.Extension} Extension instance
         * @type {{
         *   (properties: mcc.Extension.$Shape): mcc.Extension & mcc.Extension.$Shape;
         *   (properties?: mcc.Extension.$Properties): mcc.Extension;
         * }}
         */
        Extension.create = function(properties) {
            return new Extension(properties);
        };

        /**
         * Encodes the specified Extension message. Does not implicitly {@link mcc.Extension.verify|verify} messages.
         * @function encode
         * @memberof mcc.Extension
         * @static
         * @param {mcc.Extension.$Properties} message Extension message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Extension.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.critical != null && $Object.hasOwnProperty.call(message, "critical") && message.critical !== false)
                writer.uint32(/* id 2, wireType 0 =*/16).bool(message.critical);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.value);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Extension message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Extension
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Extension & mcc.Extension.$Shape} Extension
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Extension.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Extension();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.critical = value;
                        else
                            delete message.critical;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Extension;
    })();

    mcc.RootSignature = (function() {

        /**
         * Properties of a RootSignature.
         * @typedef {Object} mcc.RootSignature.$Properties
         * @property {number|null} [root] RootSignature root
         * @property {Uint8Array|null} [signature] RootSignature signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RootSignature.
         * @memberof mcc
         * @interface IRootSignature
         * @augments mcc.RootSignature.$Properties
         * @deprecated Use mcc.RootSignature.$Properties instead.
         */

        /**
         * Shape of a RootSignature.
         * @typedef {mcc.RootSignature.$Properties} mcc.RootSignature.$Shape
         */

        /**
         * Constructs a new RootSignature.
         * @memberof mcc
         * @classdesc Represents a RootSignature.
         * @constructor
         * @param {mcc.RootSignature.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RootSignature = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RootSignature root.
         * @member {number} root
         * @memberof mcc.RootSignature
         * @instance
         */
        RootSignature.prototype.root = 0;

        /**
         * RootSignature signature.
         * @member {Uint8Array} signature
         * @memberof mcc.RootSignature
         * @instance
         */
        RootSignature.prototype.signature = $util.newBuffer([]);

        /**
         * Creates a new RootSignature instance using the specified properties.
         * @function create
         * @memberof mcc.RootSignature
         * @static
         * @param {mcc.RootSignature.$Properties=} [properties] Properties to set
         * @returns {mcc.RootSignature} RootSignature instance
         * @type {{
         *   (properties: mcc.RootSignature.$Shape): mcc.RootSignature & mcc.RootSignature.$Shape;
         *   (properties?: mcc.RootSignature.$Properties): mcc.RootSignature;
         * }}
         */
        RootSignature.create = function(properties) {
            return new RootSignature(properties);
        };

        /**
         * Encodes the specified RootSignature message. Does not implicitly {@link mcc.RootSignature.verify|verify} messages.
         * @function encode
         * @memberof mcc.RootSignature
         * @static
         * @param {mcc.RootSignature.$Properties} message RootSignature message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RootSignature.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.root != null && $Object.hasOwnProperty.call(message, "root") && message.root !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.root);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RootSignature message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RootSignature
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RootSignature & mcc.RootSignature.$Shape} RootSignature
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RootSignature.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RootSignature();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.root = value;
                        else
                            delete message.root;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RootSignature;
    })();

    mcc.SignedOrganisation = (function() {

        /**
         * Properties of a SignedOrganisation.
         * @typedef {Object} mcc.SignedOrganisation.$Properties
         * @property {Uint8Array|null} [certificate] SignedOrganisation certificate
         * @property {Array.<mcc.RootSignature.$Properties>|null} [signatures] SignedOrganisation signatures
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedOrganisation.
         * @memberof mcc
         * @interface ISignedOrganisation
         * @augments mcc.SignedOrganisation.$Properties
         * @deprecated Use mcc.SignedOrganisation.$Properties instead.
         */

        /**
         * Shape of a SignedOrganisation.
         * @typedef {mcc.SignedOrganisation.$Properties} mcc.SignedOrganisation.$Shape
         */

        /**
         * Constructs a new SignedOrganisation.
         * @memberof mcc
         * @classdesc Represents a SignedOrganisation.
         * @constructor
         * @param {mcc.SignedOrganisation.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedOrganisation = function (properties) {
            this.signatures = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedOrganisation certificate.
         * @member {Uint8Array} certificate
         * @memberof mcc.SignedOrganisation
         * @instance
         */
        SignedOrganisation.prototype.certificate = $util.newBuffer([]);

        /**
         * SignedOrganisation signatures.
         * @member {Array.<mcc.RootSignature.$Properties>} signatures
         * @memberof mcc.SignedOrganisation
         * @instance
         */
        SignedOrganisation.prototype.signatures = $util.emptyArray;

        /**
         * Creates a new SignedOrganisation instance using the specified properties.
         * @function create
         * @memberof mcc.SignedOrganisation
         * @static
         * @param {mcc.SignedOrganisation.$Properties=} [properties] Properties to set
         * @returns {mcc.SignedOrganisation} SignedOrganisation instance
         * @type {{
         *   (properties: mcc.SignedOrganisation.$Shape): mcc.SignedOrganisation & mcc.SignedOrganisation.$Shape;
         *   (properties?: mcc.SignedOrganisation.$Properties): mcc.SignedOrganisation;
         * }}
         */
        SignedOrganisation.create = function(properties) {
            return new SignedOrganisation(properties);
        };

        /**
         * Encodes the specified SignedOrganisation message. Does not implicitly {@link mcc.SignedOrganisation.verify|verify} messages.
         * @function encode
         * @memberof mcc.SignedOrganisation
         * @static
         * @param {mcc.SignedOrganisation.$Properties} message SignedOrganisation message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedOrganisation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.certificate != null && $Object.hasOwnProperty.call(message, "certificate") && message.certificate.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.certificate);
            if (message.signatures != null && message.signatures.length)
                for (let i = 0; i < message.signatures.length; ++i)
                    $root.mcc.RootSignature.encode(message.signatures[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignedOrganisation message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SignedOrganisation
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SignedOrganisation & mcc.SignedOrganisation.$Shape} SignedOrganisation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedOrganisation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SignedOrganisation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.certificate = value;
                        else
                            delete message.certificate;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.signatures && message.signatures.length))
                            message.signatures = [];
                        message.signatures.push($root.mcc.RootSignature.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SignedOrganisation;
    })();

    mcc.SignedMember = (function() {

        /**
         * Properties of a SignedMember.
         * @typedef {Object} mcc.SignedMember.$Properties
         * @property {Uint8Array|null} [certificate] SignedMember certificate
         * @property {Uint8Array|null} [signature] SignedMember signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedMember.
         * @memberof mcc
         * @interface ISignedMember
         * @augments mcc.SignedMember.$Properties
         * @deprecated Use mcc.SignedMember.$Properties instead.
         */

        /**
         * Shape of a SignedMember.
         * @typedef {mcc.SignedMember.$Properties} mcc.SignedMember.$Shape
         */

        /**
         * Constructs a new SignedMember.
         * @memberof mcc
         * @classdesc Represents a SignedMember.
         * @constructor
         * @param {mcc.SignedMember.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedMember = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedMember certificate.
         * @member {Uint8Array} certificate
         * @memberof mcc.SignedMember
         * @instance
         */
        SignedMember.prototype.certificate = $util.newBuffer([]);

        /**
         * SignedMember signature.
         * @member {Uint8Array} signature
         * @memberof mcc.SignedMember
         * @instance
         */
        SignedMember.prototype.signature = $util.newBuffer([]);

        /**
         * Creates a new SignedMember instance using the specified properties.
         * @function create
         * @memberof mcc.SignedMember
         * @static
         * @param {mcc.SignedMember.$Properties=} [properties] Properties to set
         * @returns {mcc.SignedMember} SignedMember instance
         * @type {{
         *   (properties: mcc.SignedMember.$Shape): mcc.SignedMember & mcc.SignedMember.$Shape;
         *   (properties?: mcc.SignedMember.$Properties): mcc.SignedMember;
         * }}
         */
        SignedMember.create = function(properties) {
            return new SignedMember(properties);
        };

        /**
         * Encodes the specified SignedMember message. Does not implicitly {@link mcc.SignedMember.verify|verify} messages.
         * @function encode
         * @memberof mcc.SignedMember
         * @static
         * @param {mcc.SignedMember.$Properties} message SignedMember message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedMember.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.certificate != null && $Object.hasOwnProperty.call(message, "certificate") && message.certificate.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.certificate);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignedMember message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SignedMember
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SignedMember & mcc.SignedMember.$Shape} SignedMember
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedMember.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SignedMember();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.certificate = value;
                        else
                            delete message.certificate;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SignedMember;
    })();

    mcc.SignedGuest = (function() {

        /**
         * Properties of a SignedGuest.
         * @typedef {Object} mcc.SignedGuest.$Properties
         * @property {Uint8Array|null} [certificate] SignedGuest certificate
         * @property {Uint8Array|null} [signature] SignedGuest signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedGuest.
         * @memberof mcc
         * @interface ISignedGuest
         * @augments mcc.SignedGuest.$Properties
         * @deprecated Use mcc.SignedGuest.$Properties instead.
         */

        /**
         * Shape of a SignedGuest.
         * @typedef {mcc.SignedGuest.$Properties} mcc.SignedGuest.$Shape
         */

        /**
         * Constructs a new SignedGuest.
         * @memberof mcc
         * @classdesc Represents a SignedGuest.
         * @constructor
         * @param {mcc.SignedGuest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedGuest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedGuest certificate.
         * @member {Uint8Array} certificate
         * @memberof mcc.SignedGuest
         * @instance
         */
        SignedGuest.prototype.certificate = $util.newBuffer([]);

        /**
         * SignedGuest signature.
         * @member {Uint8Array} signature
         * @memberof mcc.SignedGuest
         * @instance
         */
        SignedGuest.prototype.signature = $util.newBuffer([]);

        /**
         * Creates a new SignedGuest instance using the specified properties.
         * @function create
         * @memberof mcc.SignedGuest
         * @static
         * @param {mcc.SignedGuest.$Properties=} [properties] Properties to set
         * @returns {mcc.SignedGuest} SignedGuest instance
         * @type {{
         *   (properties: mcc.SignedGuest.$Shape): mcc.SignedGuest & mcc.SignedGuest.$Shape;
         *   (properties?: mcc.SignedGuest.$Properties): mcc.SignedGuest;
         * }}
         */
        SignedGuest.create = function(properties) {
            return new SignedGuest(properties);
        };

        /**
         * Encodes the specified SignedGuest message. Does not implicitly {@link mcc.SignedGuest.verify|verify} messages.
         * @function encode
         * @memberof mcc.SignedGuest
         * @static
         * @param {mcc.SignedGuest.$Properties} message SignedGuest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedGuest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.certificate != null && $Object.hasOwnProperty.call(message, "certificate") && message.certificate.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.certificate);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignedGuest message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SignedGuest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SignedGuest & mcc.SignedGuest.$Shape} SignedGuest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedGuest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SignedGuest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.certificate = value;
                        else
                            delete message.certificate;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SignedGuest;
    })();

    mcc.Epoch = (function() {

        /**
         * Properties of an Epoch.
         * @typedef {Object} mcc.Epoch.$Properties
         * @property {Uint8Array|null} [organisation] Epoch organisation
         * @property {Uint8Array|null} [signer] Epoch signer
         * @property {number|null} [number] Epoch number
         * @property {number|null} [created] Epoch created
         * @property {Uint8Array|null} [vouchingKey] Epoch vouchingKey
         * @property {Uint8Array|null} [meetingKey] Epoch meetingKey
         * @property {Uint8Array|null} [cause] Epoch cause
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] Epoch extensions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Epoch.
         * @memberof mcc
         * @interface IEpoch
         * @augments mcc.Epoch.$Properties
         * @deprecated Use mcc.Epoch.$Properties instead.
         */

        /**
         * Shape of an Epoch.
         * @typedef {mcc.Epoch.$Properties} mcc.Epoch.$Shape
         */

        /**
         * Constructs a new Epoch.
         * @memberof mcc
         * @classdesc Represents an Epoch.
         * @constructor
         * @param {mcc.Epoch.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Epoch = function (properties) {
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Epoch organisation.
         * @member {Uint8Array} organisation
         * @memberof mcc.Epoch
         * @instance
         */
        Epoch.prototype.organisation = $util.newBuffer([]);

        /**
         * Epoch signer.
         * @member {Uint8Array} signer
         * @memberof mcc.Epoch
         * @instance
         */
        Epoch.prototype.signer = $util.newBuffer([]);

        /**
         * Epoch number.
         * @member {number} number
         * @memberof mcc.Epoch
         * @instance
         */
        Epoch.prototype.number = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Epoch created.
         * @member {number} created
         * @memberof mcc.Epoch
         * @instance
         */
        Epoch.prototype.created = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Epoch vouchingKey.
         * @member {Uint8Array} vouchingKey
         * @memberof mcc.Epoch
         * @instance
         */
        Epoch.prototype.vouchingKey = $util.newBuffer([]);

        /**
         * Epoch meetingKey.
         * @member {Uint8Array} meetingKey
         * @memberof mcc.Epoch
         * @instance
         */
        Epoch.prototype.meetingKey = $util.newBuffer([]);

        /**
         * Epoch cause.
         * @member {Uint8Array} cause
         * @memberof mcc.Epoch
         * @instance
         */
        Epoch.prototype.cause = $util.newBuffer([]);

        /**
         * Epoch extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.Epoch
         * @instance
         */
        Epoch.prototype.extensions = $util.emptyArray;

        /**
         * Creates a new Epoch instance using the specified properties.
         * @function create
         * @memberof mcc.Epoch
         * @static
         * @param {mcc.Epoch.$Properties=} [properties] Properties to set
         * @returns {mcc.Epoch} Epoch instance
         * @type {{
         *   (properties: mcc.Epoch.$Shape): mcc.Epoch & mcc.Epoch.$Shape;
         *   (properties?: mcc.Epoch.$Properties): mcc.Epoch;
         * }}
         */
        Epoch.create = function(properties) {
            return new Epoch(properties);
        };

        /**
         * Encodes the specified Epoch message. Does not implicitly {@link mcc.Epoch.verify|verify} messages.
         * @function encode
         * @memberof mcc.Epoch
         * @static
         * @param {mcc.Epoch.$Properties} message Epoch message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Epoch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation") && message.organisation.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.organisation);
            if (message.signer != null && $Object.hasOwnProperty.call(message, "signer") && message.signer.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signer);
            if (message.number != null && $Object.hasOwnProperty.call(message, "number") && (typeof message.number === "object" ? message.number.low || message.number.high : message.number !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.number);
            if (message.created != null && $Object.hasOwnProperty.call(message, "created") && (typeof message.created === "object" ? message.created.low || message.created.high : message.created !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.created);
            if (message.vouchingKey != null && $Object.hasOwnProperty.call(message, "vouchingKey") && message.vouchingKey.length)
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.vouchingKey);
            if (message.meetingKey != null && $Object.hasOwnProperty.call(message, "meetingKey") && message.meetingKey.length)
                writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.meetingKey);
            if (message.cause != null && $Object.hasOwnProperty.call(message, "cause") && message.cause.length)
                writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.cause);
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Epoch message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Epoch
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Epoch & mcc.Epoch.$Shape} Epoch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Epoch.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Epoch();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.organisation = value;
                        else
                            delete message.organisation;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signer = value;
                        else
                            delete message.signer;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.number = value;
                        else
                            delete message.number;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.created = value;
                        else
                            delete message.created;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.vouchingKey = value;
                        else
                            delete message.vouchingKey;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.meetingKey = value;
                        else
                            delete message.meetingKey;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.cause = value;
                        else
                            delete message.cause;
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Epoch;
    })();

    mcc.SignedEpoch = (function() {

        /**
         * Properties of a SignedEpoch.
         * @typedef {Object} mcc.SignedEpoch.$Properties
         * @property {mcc.SignedOrganisation.$Properties|null} [organisation] SignedEpoch organisation
         * @property {Uint8Array|null} [epoch] SignedEpoch epoch
         * @property {Uint8Array|null} [signature] SignedEpoch signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedEpoch.
         * @memberof mcc
         * @interface ISignedEpoch
         * @augments mcc.SignedEpoch.$Properties
         * @deprecated Use mcc.SignedEpoch.$Properties instead.
         */

        /**
         * Shape of a SignedEpoch.
         * @typedef {mcc.SignedEpoch.$Properties} mcc.SignedEpoch.$Shape
         */

        /**
         * Constructs a new SignedEpoch.
         * @memberof mcc
         * @classdesc Represents a SignedEpoch.
         * @constructor
         * @param {mcc.SignedEpoch.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedEpoch = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedEpoch organisation.
         * @member {mcc.SignedOrganisation.$Properties|null|undefined} organisation
         * @memberof mcc.SignedEpoch
         * @instance
         */
        SignedEpoch.prototype.organisation = null;

        /**
         * SignedEpoch epoch.
         * @member {Uint8Array} epoch
         * @memberof mcc.SignedEpoch
         * @instance
         */
        SignedEpoch.prototype.epoch = $util.newBuffer([]);

        /**
         * SignedEpoch signature.
         * @member {Uint8Array} signature
         * @memberof mcc.SignedEpoch
         * @instance
         */
        SignedEpoch.prototype.signature = $util.newBuffer([]);

        /**
         * Creates a new SignedEpoch instance using the specified properties.
         * @function create
         * @memberof mcc.SignedEpoch
         * @static
         * @param {mcc.SignedEpoch.$Properties=} [properties] Properties to set
         * @returns {mcc.SignedEpoch} SignedEpoch instance
         * @type {{
         *   (properties: mcc.SignedEpoch.$Shape): mcc.SignedEpoch & mcc.SignedEpoch.$Shape;
         *   (properties?: mcc.SignedEpoch.$Properties): mcc.SignedEpoch;
         * }}
         */
        SignedEpoch.create = function(properties) {
            return new SignedEpoch(properties);
        };

        /**
         * Encodes the specified SignedEpoch message. Does not implicitly {@link mcc.SignedEpoch.verify|verify} messages.
         * @function encode
         * @memberof mcc.SignedEpoch
         * @static
         * @param {mcc.SignedEpoch.$Properties} message SignedEpoch message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedEpoch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation"))
                $root.mcc.SignedOrganisation.encode(message.organisation, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.epoch);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignedEpoch message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SignedEpoch
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SignedEpoch & mcc.SignedEpoch.$Shape} SignedEpoch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedEpoch.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SignedEpoch();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.organisation = $root.mcc.SignedOrganisation.decode(reader, reader.size(), $undefined, _depth + 1, message.organisation);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SignedEpoch;
    })();

    mcc.Pseudonym = (function() {

        /**
         * Properties of a Pseudonym.
         * @typedef {Object} mcc.Pseudonym.$Properties
         * @property {Uint8Array|null} [key] Pseudonym key
         * @property {number|null} [notAfter] Pseudonym notAfter
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Pseudonym.
         * @memberof mcc
         * @interface IPseudonym
         * @augments mcc.Pseudonym.$Properties
         * @deprecated Use mcc.Pseudonym.$Properties instead.
         */

        /**
         * Shape of a Pseudonym.
         * @typedef {mcc.Pseudonym.$Properties} mcc.Pseudonym.$Shape
         */

        /**
         * Constructs a new Pseudonym.
         * @memberof mcc
         * @classdesc Represents a Pseudonym.
         * @constructor
         * @param {mcc.Pseudonym.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Pseudonym = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Pseudonym key.
         * @member {Uint8Array} key
         * @memberof mcc.Pseudonym
         * @instance
         */
        Pseudonym.prototype.key = $util.newBuffer([]);

        /**
         * Pseudonym notAfter.
         * @member {number} notAfter
         * @memberof mcc.Pseudonym
         * @instance
         */
        Pseudonym.prototype.notAfter = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Creates a new Pseudonym instance using the specified properties.
         * @function create
         * @memberof mcc.Pseudonym
         * @static
         * @param {mcc.Pseudonym.$Properties=} [properties] Properties to set
         * @returns {mcc.Pseudonym} Pseudonym instance
         * @type {{
         *   (properties: mcc.Pseudonym.$Shape): mcc.Pseudonym & mcc.Pseudonym.$Shape;
         *   (properties?: mcc.Pseudonym.$Properties): mcc.Pseudonym;
         * }}
         */
        Pseudonym.create = function(properties) {
            return new Pseudonym(properties);
        };

        /**
         * Encodes the specified Pseudonym message. Does not implicitly {@link mcc.Pseudonym.verify|verify} messages.
         * @function encode
         * @memberof mcc.Pseudonym
         * @static
         * @param {mcc.Pseudonym.$Properties} message Pseudonym message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Pseudonym.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
            if (message.notAfter != null && $Object.hasOwnProperty.call(message, "notAfter") && (typeof message.notAfter === "object" ? message.notAfter.low || message.notAfter.high : message.notAfter !== 0))
                writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.notAfter);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Pseudonym message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Pseudonym
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Pseudonym & mcc.Pseudonym.$Shape} Pseudonym
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Pseudonym.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Pseudonym();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.notAfter = value;
                        else
                            delete message.notAfter;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Pseudonym;
    })();

    mcc.SignedPseudonym = (function() {

        /**
         * Properties of a SignedPseudonym.
         * @typedef {Object} mcc.SignedPseudonym.$Properties
         * @property {Uint8Array|null} [epoch] SignedPseudonym epoch
         * @property {Uint8Array|null} [epochSignature] SignedPseudonym epochSignature
         * @property {Uint8Array|null} [pseudonym] SignedPseudonym pseudonym
         * @property {Uint8Array|null} [signature] SignedPseudonym signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedPseudonym.
         * @memberof mcc
         * @interface ISignedPseudonym
         * @augments mcc.SignedPseudonym.$Properties
         * @deprecated Use mcc.SignedPseudonym.$Properties instead.
         */

        /**
         * Shape of a SignedPseudonym.
         * @typedef {mcc.SignedPseudonym.$Properties} mcc.SignedPseudonym.$Shape
         */

        /**
         * Constructs a new SignedPseudonym.
         * @memberof mcc
         * @classdesc Represents a SignedPseudonym.
         * @constructor
         * @param {mcc.SignedPseudonym.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedPseudonym = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedPseudonym epoch.
         * @member {Uint8Array} epoch
         * @memberof mcc.SignedPseudonym
         * @instance
         */
        SignedPseudonym.prototype.epoch = $util.newBuffer([]);

        /**
         * SignedPseudonym epochSignature.
         * @member {Uint8Array} epochSignature
         * @memberof mcc.SignedPseudonym
         * @instance
         */
        SignedPseudonym.prototype.epochSignature = $util.newBuffer([]);

        /**
         * SignedPseudonym pseudonym.
         * @member {Uint8Array} pseudonym
         * @memberof mcc.SignedPseudonym
         * @instance
         */
        SignedPseudonym.prototype.pseudonym = $util.newBuffer([]);

        /**
         * SignedPseudonym signature.
         * @member {Uint8Array} signature
         * @memberof mcc.SignedPseudonym
         * @instance
         */
        SignedPseudonym.prototype.signature = $util.newBuffer([]);

        /**
         * Creates a new SignedPseudonym instance using the specified properties.
         * @function create
         * @memberof mcc.SignedPseudonym
         * @static
         * @param {mcc.SignedPseudonym.$Properties=} [properties] Properties to set
         * @returns {mcc.SignedPseudonym} SignedPseudonym instance
         * @type {{
         *   (properties: mcc.SignedPseudonym.$Shape): mcc.SignedPseudonym & mcc.SignedPseudonym.$Shape;
         *   (properties?: mcc.SignedPseudonym.$Properties): mcc.SignedPseudonym;
         * }}
         */
        SignedPseudonym.create = function(properties) {
            return new SignedPseudonym(properties);
        };

        /**
         * Encodes the specified SignedPseudonym message. Does not implicitly {@link mcc.SignedPseudonym.verify|verify} messages.
         * @function encode
         * @memberof mcc.SignedPseudonym
         * @static
         * @param {mcc.SignedPseudonym.$Properties} message SignedPseudonym message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedPseudonym.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.epoch);
            if (message.epochSignature != null && $Object.hasOwnProperty.call(message, "epochSignature") && message.epochSignature.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.epochSignature);
            if (message.pseudonym != null && $Object.hasOwnProperty.call(message, "pseudonym") && message.pseudonym.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.pseudonym);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignedPseudonym message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SignedPseudonym
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SignedPseudonym & mcc.SignedPseudonym.$Shape} SignedPseudonym
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedPseudonym.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SignedPseudonym();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.epochSignature = value;
                        else
                            delete message.epochSignature;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.pseudonym = value;
                        else
                            delete message.pseudonym;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SignedPseudonym;
    })();

    mcc.Chain = (function() {

        /**
         * Properties of a Chain.
         * @typedef {Object} mcc.Chain.$Properties
         * @property {mcc.SignedOrganisation.$Properties|null} [organisation] Chain organisation
         * @property {mcc.SignedMember.$Properties|null} [member] Chain member
         * @property {mcc.SignedGuest.$Properties|null} [guest] Chain guest
         * @property {mcc.SignedPseudonym.$Properties|null} [pseudonym] Chain pseudonym
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Chain.
         * @memberof mcc
         * @interface IChain
         * @augments mcc.Chain.$Properties
         * @deprecated Use mcc.Chain.$Properties instead.
         */

        /**
         * Shape of a Chain.
         * @typedef {mcc.Chain.$Properties} mcc.Chain.$Shape
         */

        /**
         * Constructs a new Chain.
         * @memberof mcc
         * @classdesc Represents a Chain.
         * @constructor
         * @param {mcc.Chain.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Chain = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Chain organisation.
         * @member {mcc.SignedOrganisation.$Properties|null|undefined} organisation
         * @memberof mcc.Chain
         * @instance
         */
        Chain.prototype.organisation = null;

        /**
         * Chain member.
         * @member {mcc.SignedMember.$Properties|null|undefined} member
         * @memberof mcc.Chain
         * @instance
         */
        Chain.prototype.member = null;

        /**
         * Chain guest.
         * @member {mcc.SignedGuest.$Properties|null|undefined} guest
         * @memberof mcc.Chain
         * @instance
         */
        Chain.prototype.guest = null;

        /**
         * Chain pseudonym.
         * @member {mcc.SignedPseudonym.$Properties|null|undefined} pseudonym
         * @memberof mcc.Chain
         * @instance
         */
        Chain.prototype.pseudonym = null;

        /**
         * Creates a new Chain instance using the specified properties.
         * @function create
         * @memberof mcc.Chain
         * @static
         * @param {mcc.Chain.$Properties=} [properties] Properties to set
         * @returns {mcc.Chain} Chain instance
         * @type {{
         *   (properties: mcc.Chain.$Shape): mcc.Chain & mcc.Chain.$Shape;
         *   (properties?: mcc.Chain.$Properties): mcc.Chain;
         * }}
         */
        Chain.create = function(properties) {
            return new Chain(properties);
        };

        /**
         * Encodes the specified Chain message. Does not implicitly {@link mcc.Chain.verify|verify} messages.
         * @function encode
         * @memberof mcc.Chain
         * @static
         * @param {mcc.Chain.$Properties} message Chain message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Chain.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation"))
                $root.mcc.SignedOrganisation.encode(message.organisation, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.member != null && $Object.hasOwnProperty.call(message, "member"))
                $root.mcc.SignedMember.encode(message.member, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.guest != null && $Object.hasOwnProperty.call(message, "guest"))
                $root.mcc.SignedGuest.encode(message.guest, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.pseudonym != null && $Object.hasOwnProperty.call(message, "pseudonym"))
                $root.mcc.SignedPseudonym.encode(message.pseudonym, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Chain message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Chain
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Chain & mcc.Chain.$Shape} Chain
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Chain.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Chain();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.organisation = $root.mcc.SignedOrganisation.decode(reader, reader.size(), $undefined, _depth + 1, message.organisation);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.member = $root.mcc.SignedMember.decode(reader, reader.size(), $undefined, _depth + 1, message.member);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.guest = $root.mcc.SignedGuest.decode(reader, reader.size(), $undefined, _depth + 1, message.guest);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.pseudonym = $root.mcc.SignedPseudonym.decode(reader, reader.size(), $undefined, _depth + 1, message.pseudonym);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Chain;
    })();

    mcc.SignerNotice = (function() {

        /**
         * Properties of a SignerNotice.
         * @typedef {Object} mcc.SignerNotice.$Properties
         * @property {mcc.SignedOrganisation.$Properties|null} [organisation] SignerNotice organisation
         * @property {Uint8Array|null} [signature] SignerNotice signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignerNotice.
         * @memberof mcc
         * @interface ISignerNotice
         * @augments mcc.SignerNotice.$Properties
         * @deprecated Use mcc.SignerNotice.$Properties instead.
         */

        /**
         * Shape of a SignerNotice.
         * @typedef {mcc.SignerNotice.$Properties} mcc.SignerNotice.$Shape
         */

        /**
         * Constructs a new SignerNotice.
         * @memberof mcc
         * @classdesc Represents a SignerNotice.
         * @constructor
         * @param {mcc.SignerNotice.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignerNotice = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignerNotice organisation.
         * @member {mcc.SignedOrganisation.$Properties|null|undefined} organisation
         * @memberof mcc.SignerNotice
         * @instance
         */
        SignerNotice.prototype.organisation = null;

        /**
         * SignerNotice signature.
         * @member {Uint8Array} signature
         * @memberof mcc.SignerNotice
         * @instance
         */
        SignerNotice.prototype.signature = $util.newBuffer([]);

        /**
         * Creates a new SignerNotice instance using the specified properties.
         * @function create
         * @memberof mcc.SignerNotice
         * @static
         * @param {mcc.SignerNotice.$Properties=} [properties] Properties to set
         * @returns {mcc.SignerNotice} SignerNotice instance
         * @type {{
         *   (properties: mcc.SignerNotice.$Shape): mcc.SignerNotice & mcc.SignerNotice.$Shape;
         *   (properties?: mcc.SignerNotice.$Properties): mcc.SignerNotice;
         * }}
         */
        SignerNotice.create = function(properties) {
            return new SignerNotice(properties);
        };

        /**
         * Encodes the specified SignerNotice message. Does not implicitly {@link mcc.SignerNotice.verify|verify} messages.
         * @function encode
         * @memberof mcc.SignerNotice
         * @static
         * @param {mcc.SignerNotice.$Properties} message SignerNotice message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignerNotice.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation"))
                $root.mcc.SignedOrganisation.encode(message.organisation, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignerNotice message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SignerNotice
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SignerNotice & mcc.SignerNotice.$Shape} SignerNotice
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignerNotice.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SignerNotice();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.organisation = $root.mcc.SignedOrganisation.decode(reader, reader.size(), $undefined, _depth + 1, message.organisation);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SignerNotice;
    })();

    mcc.JoinToken = (function() {

        /**
         * Properties of a JoinToken.
         * @typedef {Object} mcc.JoinToken.$Properties
         * @property {Uint8Array|null} [genesis] JoinToken genesis
         * @property {Uint8Array|null} [organisation] JoinToken organisation
         * @property {Uint8Array|null} [secret] JoinToken secret
         * @property {number|null} [expires] JoinToken expires
         * @property {Array.<mcc.TokenSigner.$Properties>|null} [signers] JoinToken signers
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] JoinToken extensions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a JoinToken.
         * @memberof mcc
         * @interface IJoinToken
         * @augments mcc.JoinToken.$Properties
         * @deprecated Use mcc.JoinToken.$Properties instead.
         */

        /**
         * Shape of a JoinToken.
         * @typedef {mcc.JoinToken.$Properties} mcc.JoinToken.$Shape
         */

        /**
         * Constructs a new JoinToken.
         * @memberof mcc
         * @classdesc Represents a JoinToken.
         * @constructor
         * @param {mcc.JoinToken.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const JoinToken = function (properties) {
            this.signers = [];
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * JoinToken genesis.
         * @member {Uint8Array} genesis
         * @memberof mcc.JoinToken
         * @instance
         */
        JoinToken.prototype.genesis = $util.newBuffer([]);

        /**
         * JoinToken organisation.
         * @member {Uint8Array} organisation
         * @memberof mcc.JoinToken
         * @instance
         */
        JoinToken.prototype.organisation = $util.newBuffer([]);

        /**
         * JoinToken secret.
         * @member {Uint8Array} secret
         * @memberof mcc.JoinToken
         * @instance
         */
        JoinToken.prototype.secret = $util.newBuffer([]);

        /**
         * JoinToken expires.
         * @member {number} expires
         * @memberof mcc.JoinToken
         * @instance
         */
        JoinToken.prototype.expires = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * JoinToken signers.
         * @member {Array.<mcc.TokenSigner.$Properties>} signers
         * @memberof mcc.JoinToken
         * @instance
         */
        JoinToken.prototype.signers = $util.emptyArray;

        /**
         * JoinToken extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.JoinToken
         * @instance
         */
        JoinToken.prototype.extensions = $util.emptyArray;

        /**
         * Creates a new JoinToken instance using the specified properties.
         * @function create
         * @memberof mcc.JoinToken
         * @static
         * @param {mcc.JoinToken.$Properties=} [properties] Properties to set
         * @returns {mcc.JoinToken} JoinToken instance
         * @type {{
         *   (properties: mcc.JoinToken.$Shape): mcc.JoinToken & mcc.JoinToken.$Shape;
         *   (properties?: mcc.JoinToken.$Properties): mcc.JoinToken;
         * }}
         */
        JoinToken.create = function(properties) {
            return new JoinToken(properties);
        };

        /**
         * Encodes the specified JoinToken message. Does not implicitly {@link mcc.JoinToken.verify|verify} messages.
         * @function encode
         * @memberof mcc.JoinToken
         * @static
         * @param {mcc.JoinToken.$Properties} message JoinToken message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        JoinToken.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.genesis != null && $Object.hasOwnProperty.call(message, "genesis") && message.genesis.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.genesis);
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation") && message.organisation.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.organisation);
            if (message.secret != null && $Object.hasOwnProperty.call(message, "secret") && message.secret.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.secret);
            if (message.expires != null && $Object.hasOwnProperty.call(message, "expires") && (typeof message.expires === "object" ? message.expires.low || message.expires.high : message.expires !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.expires);
            if (message.signers != null && message.signers.length)
                for (let i = 0; i < message.signers.length; ++i)
                    $root.mcc.TokenSigner.encode(message.signers[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a JoinToken message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.JoinToken
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.JoinToken & mcc.JoinToken.$Shape} JoinToken
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        JoinToken.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.JoinToken();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.genesis = value;
                        else
                            delete message.genesis;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.organisation = value;
                        else
                            delete message.organisation;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.secret = value;
                        else
                            delete message.secret;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.expires = value;
                        else
                            delete message.expires;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.signers && message.signers.length))
                            message.signers = [];
                        message.signers.push($root.mcc.TokenSigner.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return JoinToken;
    })();

    mcc.GuestInvitation = (function() {

        /**
         * Properties of a GuestInvitation.
         * @typedef {Object} mcc.GuestInvitation.$Properties
         * @property {Uint8Array|null} [genesis] GuestInvitation genesis
         * @property {Uint8Array|null} [organisation] GuestInvitation organisation
         * @property {Array.<mcc.TokenSigner.$Properties>|null} [signers] GuestInvitation signers
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] GuestInvitation extensions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a GuestInvitation.
         * @memberof mcc
         * @interface IGuestInvitation
         * @augments mcc.GuestInvitation.$Properties
         * @deprecated Use mcc.GuestInvitation.$Properties instead.
         */

        /**
         * Shape of a GuestInvitation.
         * @typedef {mcc.GuestInvitation.$Properties} mcc.GuestInvitation.$Shape
         */

        /**
         * Constructs a new GuestInvitation.
         * @memberof mcc
         * @classdesc Represents a GuestInvitation.
         * @constructor
         * @param {mcc.GuestInvitation.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const GuestInvitation = function (properties) {
            this.signers = [];
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * GuestInvitation genesis.
         * @member {Uint8Array} genesis
         * @memberof mcc.GuestInvitation
         * @instance
         */
        GuestInvitation.prototype.genesis = $util.newBuffer([]);

        /**
         * GuestInvitation organisation.
         * @member {Uint8Array} organisation
         * @memberof mcc.GuestInvitation
         * @instance
         */
        GuestInvitation.prototype.organisation = $util.newBuffer([]);

        /**
         * GuestInvitation signers.
         * @member {Array.<mcc.TokenSigner.$Properties>} signers
         * @memberof mcc.GuestInvitation
         * @instance
         */
        GuestInvitation.prototype.signers = $util.emptyArray;

        /**
         * GuestInvitation extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.GuestInvitation
         * @instance
         */
        GuestInvitation.prototype.extensions = $util.emptyArray;

        /**
         * Creates a new GuestInvitation instance using the specified properties.
         * @function create
         * @memberof mcc.GuestInvitation
         * @static
         * @param {mcc.GuestInvitation.$Properties=} [properties] Properties to set
         * @returns {mcc.GuestInvitation} GuestInvitation instance
         * @type {{
         *   (properties: mcc.GuestInvitation.$Shape): mcc.GuestInvitation & mcc.GuestInvitation.$Shape;
         *   (properties?: mcc.GuestInvitation.$Properties): mcc.GuestInvitation;
         * }}
         */
        GuestInvitation.create = function(properties) {
            return new GuestInvitation(properties);
        };

        /**
         * Encodes the specified GuestInvitation message. Does not implicitly {@link mcc.GuestInvitation.verify|verify} messages.
         * @function encode
         * @memberof mcc.GuestInvitation
         * @static
         * @param {mcc.GuestInvitation.$Properties} message GuestInvitation message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        GuestInvitation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.genesis != null && $Object.hasOwnProperty.call(message, "genesis") && message.genesis.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.genesis);
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation") && message.organisation.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.organisation);
            if (message.signers != null && message.signers.length)
                for (let i = 0; i < message.signers.length; ++i)
                    $root.mcc.TokenSigner.encode(message.signers[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a GuestInvitation message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.GuestInvitation
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.GuestInvitation & mcc.GuestInvitation.$Shape} GuestInvitation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        GuestInvitation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.GuestInvitation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.genesis = value;
                        else
                            delete message.genesis;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.organisation = value;
                        else
                            delete message.organisation;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.signers && message.signers.length))
                            message.signers = [];
                        message.signers.push($root.mcc.TokenSigner.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GuestInvitation;
    })();

    mcc.SigningRequest = (function() {

        /**
         * Properties of a SigningRequest.
         * @typedef {Object} mcc.SigningRequest.$Properties
         * @property {mcc.OrganisationRequest.$Properties|null} [organisation] SigningRequest organisation
         * @property {mcc.RevocationRequest.$Properties|null} [revocation] SigningRequest revocation
         * @property {"organisation"|"revocation"} [what] SigningRequest what
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SigningRequest.
         * @memberof mcc
         * @interface ISigningRequest
         * @augments mcc.SigningRequest.$Properties
         * @deprecated Use mcc.SigningRequest.$Properties instead.
         */

        /**
         * Narrowed shape of a SigningRequest.
         * @typedef {{
         *   organisation?: mcc.OrganisationRequest.$Shape|null;
         *   revocation?: mcc.RevocationRequest.$Shape|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ what?: undefined; organisation?: null; revocation?: null }|{ what?: "organisation"; organisation: mcc.OrganisationRequest.$Shape; revocation?: null }|{ what?: "revocation"; organisation?: null; revocation: mcc.RevocationRequest.$Shape })
         * )} mcc.SigningRequest.$Shape
         */

        /**
         * Constructs a new SigningRequest.
         * @memberof mcc
         * @classdesc Represents a SigningRequest.
         * @constructor
         * @param {mcc.SigningRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SigningRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SigningRequest organisation.
         * @member {mcc.OrganisationRequest.$Properties|null|undefined} organisation
         * @memberof mcc.SigningRequest
         * @instance
         */
        SigningRequest.prototype.organisation = null;

        /**
         * SigningRequest revocation.
         * @member {mcc.RevocationRequest.$Properties|null|undefined} revocation
         * @memberof mcc.SigningRequest
         * @instance
         */
        SigningRequest.prototype.revocation = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * SigningRequest what.
         * @member {"organisation"|"revocation"|undefined} what
         * @memberof mcc.SigningRequest
         * @instance
         */
        $Object.defineProperty(SigningRequest.prototype, "what", {
            get: $util.oneOfGetter($oneOfFields = ["organisation", "revocation"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Creates a new SigningRequest instance using the specified properties.
         * @function create
         * @memberof mcc.SigningRequest
         * @static
         * @param {mcc.SigningRequest.$Properties=} [properties] Properties to set
         * @returns {mcc.SigningRequest} SigningRequest instance
         * @type {{
         *   (properties: mcc.SigningRequest.$Shape): mcc.SigningRequest & mcc.SigningRequest.$Shape;
         *   (properties?: mcc.SigningRequest.$Properties): mcc.SigningRequest;
         * }}
         */
        SigningRequest.create = function(properties) {
            return new SigningRequest(properties);
        };

        /**
         * Encodes the specified SigningRequest message. Does not implicitly {@link mcc.SigningRequest.verify|verify} messages.
         * @function encode
         * @memberof mcc.SigningRequest
         * @static
         * @param {mcc.SigningRequest.$Properties} message SigningRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SigningRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation"))
                $root.mcc.OrganisationRequest.encode(message.organisation, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.revocation != null && $Object.hasOwnProperty.call(message, "revocation"))
                $root.mcc.RevocationRequest.encode(message.revocation, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SigningRequest message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SigningRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SigningRequest & mcc.SigningRequest.$Shape} SigningRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SigningRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SigningRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.organisation = $root.mcc.OrganisationRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.organisation);
                        message.what = "organisation";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.revocation = $root.mcc.RevocationRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.revocation);
                        message.what = "revocation";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SigningRequest;
    })();

    mcc.RevocationRequest = (function() {

        /**
         * Properties of a RevocationRequest.
         * @typedef {Object} mcc.RevocationRequest.$Properties
         * @property {Uint8Array|null} [networkId] RevocationRequest networkId
         * @property {Uint8Array|null} [statement] RevocationRequest statement
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RevocationRequest.
         * @memberof mcc
         * @interface IRevocationRequest
         * @augments mcc.RevocationRequest.$Properties
         * @deprecated Use mcc.RevocationRequest.$Properties instead.
         */

        /**
         * Shape of a RevocationRequest.
         * @typedef {mcc.RevocationRequest.$Properties} mcc.RevocationRequest.$Shape
         */

        /**
         * Constructs a new RevocationRequest.
         * @memberof mcc
         * @classdesc Represents a RevocationRequest.
         * @constructor
         * @param {mcc.RevocationRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RevocationRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RevocationRequest networkId.
         * @member {Uint8Array} networkId
         * @memberof mcc.RevocationRequest
         * @instance
         */
        RevocationRequest.prototype.networkId = $util.newBuffer([]);

        /**
         * RevocationRequest statement.
         * @member {Uint8Array} statement
         * @memberof mcc.RevocationRequest
         * @instance
         */
        RevocationRequest.prototype.statement = $util.newBuffer([]);

        /**
         * Creates a new RevocationRequest instance using the specified properties.
         * @function create
         * @memberof mcc.RevocationRequest
         * @static
         * @param {mcc.RevocationRequest.$Properties=} [properties] Properties to set
         * @returns {mcc.RevocationRequest} RevocationRequest instance
         * @type {{
         *   (properties: mcc.RevocationRequest.$Shape): mcc.RevocationRequest & mcc.RevocationRequest.$Shape;
         *   (properties?: mcc.RevocationRequest.$Properties): mcc.RevocationRequest;
         * }}
         */
        RevocationRequest.create = function(properties) {
            return new RevocationRequest(properties);
        };

        /**
         * Encodes the specified RevocationRequest message. Does not implicitly {@link mcc.RevocationRequest.verify|verify} messages.
         * @function encode
         * @memberof mcc.RevocationRequest
         * @static
         * @param {mcc.RevocationRequest.$Properties} message RevocationRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RevocationRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.networkId != null && $Object.hasOwnProperty.call(message, "networkId") && message.networkId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.networkId);
            if (message.statement != null && $Object.hasOwnProperty.call(message, "statement") && message.statement.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.statement);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RevocationRequest message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RevocationRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RevocationRequest & mcc.RevocationRequest.$Shape} RevocationRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RevocationRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RevocationRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.networkId = value;
                        else
                            delete message.networkId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.statement = value;
                        else
                            delete message.statement;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RevocationRequest;
    })();

    mcc.OrganisationRequest = (function() {

        /**
         * Properties of an OrganisationRequest.
         * @typedef {Object} mcc.OrganisationRequest.$Properties
         * @property {Uint8Array|null} [wanted] OrganisationRequest wanted
         * @property {Uint8Array|null} [proof] OrganisationRequest proof
         * @property {mcc.SignedOrganisation.$Properties|null} [sponsor] OrganisationRequest sponsor
         * @property {Uint8Array|null} [approval] OrganisationRequest approval
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an OrganisationRequest.
         * @memberof mcc
         * @interface IOrganisationRequest
         * @augments mcc.OrganisationRequest.$Properties
         * @deprecated Use mcc.OrganisationRequest.$Properties instead.
         */

        /**
         * Shape of an OrganisationRequest.
         * @typedef {mcc.OrganisationRequest.$Properties} mcc.OrganisationRequest.$Shape
         */

        /**
         * Constructs a new OrganisationRequest.
         * @memberof mcc
         * @classdesc Represents an OrganisationRequest.
         * @constructor
         * @param {mcc.OrganisationRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const OrganisationRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * OrganisationRequest wanted.
         * @member {Uint8Array} wanted
         * @memberof mcc.OrganisationRequest
         * @instance
         */
        OrganisationRequest.prototype.wanted = $util.newBuffer([]);

        /**
         * OrganisationRequest proof.
         * @member {Uint8Array} proof
         * @memberof mcc.OrganisationRequest
         * @instance
         */
        OrganisationRequest.prototype.proof = $util.newBuffer([]);

        /**
         * OrganisationRequest sponsor.
         * @member {mcc.SignedOrganisation.$Properties|null|undefined} sponsor
         * @memberof mcc.OrganisationRequest
         * @instance
         */
        OrganisationRequest.prototype.sponsor = null;

        /**
         * OrganisationRequest approval.
         * @member {Uint8Array} approval
         * @memberof mcc.OrganisationRequest
         * @instance
         */
        OrganisationRequest.prototype.approval = $util.newBuffer([]);

        /**
         * Creates a new OrganisationRequest instance using the specified properties.
         * @function create
         * @memberof mcc.OrganisationRequest
         * @static
         * @param {mcc.OrganisationRequest.$Properties=} [properties] Properties to set
         * @returns {mcc.OrganisationRequest} OrganisationRequest instance
         * @type {{
         *   (properties: mcc.OrganisationRequest.$Shape): mcc.OrganisationRequest & mcc.OrganisationRequest.$Shape;
         *   (properties?: mcc.OrganisationRequest.$Properties): mcc.OrganisationRequest;
         * }}
         */
        OrganisationRequest.create = function(properties) {
            return new OrganisationRequest(properties);
        };

        /**
         * Encodes the specified OrganisationRequest message. Does not implicitly {@link mcc.OrganisationRequest.verify|verify} messages.
         * @function encode
         * @memberof mcc.OrganisationRequest
         * @static
         * @param {mcc.OrganisationRequest.$Properties} message OrganisationRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        OrganisationRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.wanted != null && $Object.hasOwnProperty.call(message, "wanted") && message.wanted.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.wanted);
            if (message.proof != null && $Object.hasOwnProperty.call(message, "proof") && message.proof.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.proof);
            if (message.sponsor != null && $Object.hasOwnProperty.call(message, "sponsor"))
                $root.mcc.SignedOrganisation.encode(message.sponsor, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.approval != null && $Object.hasOwnProperty.call(message, "approval") && message.approval.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.approval);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an OrganisationRequest message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.OrganisationRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.OrganisationRequest & mcc.OrganisationRequest.$Shape} OrganisationRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        OrganisationRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.OrganisationRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.wanted = value;
                        else
                            delete message.wanted;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.proof = value;
                        else
                            delete message.proof;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.sponsor = $root.mcc.SignedOrganisation.decode(reader, reader.size(), $undefined, _depth + 1, message.sponsor);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.approval = value;
                        else
                            delete message.approval;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OrganisationRequest;
    })();

    mcc.WantedSigner = (function() {

        /**
         * Properties of a WantedSigner.
         * @typedef {Object} mcc.WantedSigner.$Properties
         * @property {Uint8Array|null} [networkId] WantedSigner networkId
         * @property {Uint8Array|null} [organisation] WantedSigner organisation
         * @property {Uint8Array|null} [signer] WantedSigner signer
         * @property {string|null} [name] WantedSigner name
         * @property {number|null} [created] WantedSigner created
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] WantedSigner extensions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a WantedSigner.
         * @memberof mcc
         * @interface IWantedSigner
         * @augments mcc.WantedSigner.$Properties
         * @deprecated Use mcc.WantedSigner.$Properties instead.
         */

        /**
         * Shape of a WantedSigner.
         * @typedef {mcc.WantedSigner.$Properties} mcc.WantedSigner.$Shape
         */

        /**
         * Constructs a new WantedSigner.
         * @memberof mcc
         * @classdesc Represents a WantedSigner.
         * @constructor
         * @param {mcc.WantedSigner.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const WantedSigner = function (properties) {
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * WantedSigner networkId.
         * @member {Uint8Array} networkId
         * @memberof mcc.WantedSigner
         * @instance
         */
        WantedSigner.prototype.networkId = $util.newBuffer([]);

        /**
         * WantedSigner organisation.
         * @member {Uint8Array} organisation
         * @memberof mcc.WantedSigner
         * @instance
         */
        WantedSigner.prototype.organisation = $util.newBuffer([]);

        /**
         * WantedSigner signer.
         * @member {Uint8Array} signer
         * @memberof mcc.WantedSigner
         * @instance
         */
        WantedSigner.prototype.signer = $util.newBuffer([]);

        /**
         * WantedSigner name.
         * @member {string} name
         * @memberof mcc.WantedSigner
         * @instance
         */
        WantedSigner.prototype.name = "";

        /**
         * WantedSigner created.
         * @member {number} created
         * @memberof mcc.WantedSigner
         * @instance
         */
        WantedSigner.prototype.created = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * WantedSigner extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.WantedSigner
         * @instance
         */
        WantedSigner.prototype.extensions = $util.emptyArray;

        /**
         * Creates a new WantedSigner instance using the specified properties.
         * @function create
         * @memberof mcc.WantedSigner
         * @static
         * @param {mcc.WantedSigner.$Properties=} [properties] Properties to set
         * @returns {mcc.WantedSigner} WantedSigner instance
         * @type {{
         *   (properties: mcc.WantedSigner.$Shape): mcc.WantedSigner & mcc.WantedSigner.$Shape;
         *   (properties?: mcc.WantedSigner.$Properties): mcc.WantedSigner;
         * }}
         */
        WantedSigner.create = function(properties) {
            return new WantedSigner(properties);
        };

        /**
         * Encodes the specified WantedSigner message. Does not implicitly {@link mcc.WantedSigner.verify|verify} messages.
         * @function encode
         * @memberof mcc.WantedSigner
         * @static
         * @param {mcc.WantedSigner.$Properties} message WantedSigner message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        WantedSigner.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.networkId != null && $Object.hasOwnProperty.call(message, "networkId") && message.networkId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.networkId);
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation") && message.organisation.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.organisation);
            if (message.signer != null && $Object.hasOwnProperty.call(message, "signer") && message.signer.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.signer);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.name);
            if (message.created != null && $Object.hasOwnProperty.call(message, "created") && (typeof message.created === "object" ? message.created.low || message.created.high : message.created !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.created);
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a WantedSigner message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.WantedSigner
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.WantedSigner & mcc.WantedSigner.$Shape} WantedSigner
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        WantedSigner.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.WantedSigner();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.networkId = value;
                        else
                            delete message.networkId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.organisation = value;
                        else
                            delete message.organisation;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signer = value;
                        else
                            delete message.signer;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.created = value;
                        else
                            delete message.created;
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return WantedSigner;
    })();

    mcc.SignedDocument = (function() {

        /**
         * Properties of a SignedDocument.
         * @typedef {Object} mcc.SignedDocument.$Properties
         * @property {Uint8Array|null} [genesis] SignedDocument genesis
         * @property {Array.<mcc.RootSignature.$Properties>|null} [signatures] SignedDocument signatures
         * @property {Array.<mcc.TokenSigner.$Properties>|null} [contacts] SignedDocument contacts
         * @property {Uint8Array|null} [request] SignedDocument request
         * @property {Uint8Array|null} [organisation] SignedDocument organisation
         * @property {Uint8Array|null} [revocation] SignedDocument revocation
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] SignedDocument extensions
         * @property {"organisation"|"revocation"} [statement] SignedDocument statement
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedDocument.
         * @memberof mcc
         * @interface ISignedDocument
         * @augments mcc.SignedDocument.$Properties
         * @deprecated Use mcc.SignedDocument.$Properties instead.
         */

        /**
         * Narrowed shape of a SignedDocument.
         * @typedef {{
         *   genesis?: Uint8Array|null;
         *   signatures?: Array.<mcc.RootSignature.$Shape>|null;
         *   contacts?: Array.<mcc.TokenSigner.$Shape>|null;
         *   request?: Uint8Array|null;
         *   organisation?: Uint8Array|null;
         *   revocation?: Uint8Array|null;
         *   extensions?: Array.<mcc.Extension.$Shape>|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ statement?: undefined; organisation?: null; revocation?: null }|{ statement?: "organisation"; organisation: Uint8Array; revocation?: null }|{ statement?: "revocation"; organisation?: null; revocation: Uint8Array })
         * )} mcc.SignedDocument.$Shape
         */

        /**
         * Constructs a new SignedDocument.
         * @memberof mcc
         * @classdesc Represents a SignedDocument.
         * @constructor
         * @param {mcc.SignedDocument.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedDocument = function (properties) {
            this.signatures = [];
            this.contacts = [];
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedDocument genesis.
         * @member {Uint8Array} genesis
         * @memberof mcc.SignedDocument
         * @instance
         */
        SignedDocument.prototype.genesis = $util.newBuffer([]);

        /**
         * SignedDocument signatures.
         * @member {Array.<mcc.RootSignature.$Properties>} signatures
         * @memberof mcc.SignedDocument
         * @instance
         */
        SignedDocument.prototype.signatures = $util.emptyArray;

        /**
         * SignedDocument contacts.
         * @member {Array.<mcc.TokenSigner.$Properties>} contacts
         * @memberof mcc.SignedDocument
         * @instance
         */
        SignedDocument.prototype.contacts = $util.emptyArray;

        /**
         * SignedDocument request.
         * @member {Uint8Array} request
         * @memberof mcc.SignedDocument
         * @instance
         */
        SignedDocument.prototype.request = $util.newBuffer([]);

        /**
         * SignedDocument organisation.
         * @member {Uint8Array|null|undefined} organisation
         * @memberof mcc.SignedDocument
         * @instance
         */
        SignedDocument.prototype.organisation = null;

        /**
         * SignedDocument revocation.
         * @member {Uint8Array|null|undefined} revocation
         * @memberof mcc.SignedDocument
         * @instance
         */
        SignedDocument.prototype.revocation = null;

        /**
         * SignedDocument extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.SignedDocument
         * @instance
         */
        SignedDocument.prototype.extensions = $util.emptyArray;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * SignedDocument statement.
         * @member {"organisation"|"revocation"|undefined} statement
         * @memberof mcc.SignedDocument
         * @instance
         */
        $Object.defineProperty(SignedDocument.prototype, "statement", {
            get: $util.oneOfGetter($oneOfFields = ["organisation", "revocation"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Creates a new SignedDocument instance using the specified properties.
         * @function create
         * @memberof mcc.SignedDocument
         * @static
         * @param {mcc.SignedDocument.$Properties=} [properties] Properties to set
         * @returns {mcc.SignedDocument} SignedDocument instance
         * @type {{
         *   (properties: mcc.SignedDocument.$Shape): mcc.SignedDocument & mcc.SignedDocument.$Shape;
         *   (properties?: mcc.SignedDocument.$Properties): mcc.SignedDocument;
         * }}
         */
        SignedDocument.create = function(properties) {
            return new SignedDocument(properties);
        };

        /**
         * Encodes the specified SignedDocument message. Does not implicitly {@link mcc.SignedDocument.verify|verify} messages.
         * @function encode
         * @memberof mcc.SignedDocument
         * @static
         * @param {mcc.SignedDocument.$Properties} message SignedDocument message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedDocument.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.genesis != null && $Object.hasOwnProperty.call(message, "genesis") && message.genesis.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.genesis);
            if (message.signatures != null && message.signatures.length)
                for (let i = 0; i < message.signatures.length; ++i)
                    $root.mcc.RootSignature.encode(message.signatures[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.contacts != null && message.contacts.length)
                for (let i = 0; i < message.contacts.length; ++i)
                    $root.mcc.TokenSigner.encode(message.contacts[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.request != null && $Object.hasOwnProperty.call(message, "request") && message.request.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.request);
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation"))
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.organisation);
            if (message.revocation != null && $Object.hasOwnProperty.call(message, "revocation"))
                writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.revocation);
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignedDocument message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SignedDocument
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SignedDocument & mcc.SignedDocument.$Shape} SignedDocument
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedDocument.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SignedDocument();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.genesis = value;
                        else
                            delete message.genesis;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.signatures && message.signatures.length))
                            message.signatures = [];
                        message.signatures.push($root.mcc.RootSignature.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.contacts && message.contacts.length))
                            message.contacts = [];
                        message.contacts.push($root.mcc.TokenSigner.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.request = value;
                        else
                            delete message.request;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.organisation = reader.bytes();
                        message.statement = "organisation";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.revocation = reader.bytes();
                        message.statement = "revocation";
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SignedDocument;
    })();

    mcc.TokenSigner = (function() {

        /**
         * Properties of a TokenSigner.
         * @typedef {Object} mcc.TokenSigner.$Properties
         * @property {Uint8Array|null} [nodeId] TokenSigner nodeId
         * @property {Array.<mcc.TokenAddress.$Properties>|null} [addresses] TokenSigner addresses
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a TokenSigner.
         * @memberof mcc
         * @interface ITokenSigner
         * @augments mcc.TokenSigner.$Properties
         * @deprecated Use mcc.TokenSigner.$Properties instead.
         */

        /**
         * Shape of a TokenSigner.
         * @typedef {mcc.TokenSigner.$Properties} mcc.TokenSigner.$Shape
         */

        /**
         * Constructs a new TokenSigner.
         * @memberof mcc
         * @classdesc Represents a TokenSigner.
         * @constructor
         * @param {mcc.TokenSigner.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const TokenSigner = function (properties) {
            this.addresses = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * TokenSigner nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.TokenSigner
         * @instance
         */
        TokenSigner.prototype.nodeId = $util.newBuffer([]);

        /**
         * TokenSigner addresses.
         * @member {Array.<mcc.TokenAddress.$Properties>} addresses
         * @memberof mcc.TokenSigner
         * @instance
         */
        TokenSigner.prototype.addresses = $util.emptyArray;

        /**
         * Creates a new TokenSigner instance using the specified properties.
         * @function create
         * @memberof mcc.TokenSigner
         * @static
         * @param {mcc.TokenSigner.$Properties=} [properties] Properties to set
         * @returns {mcc.TokenSigner} TokenSigner instance
         * @type {{
         *   (properties: mcc.TokenSigner.$Shape): mcc.TokenSigner & mcc.TokenSigner.$Shape;
         *   (properties?: mcc.TokenSigner.$Properties): mcc.TokenSigner;
         * }}
         */
        TokenSigner.create = function(properties) {
            return new TokenSigner(properties);
        };

        /**
         * Encodes the specified TokenSigner message. Does not implicitly {@link mcc.TokenSigner.verify|verify} messages.
         * @function encode
         * @memberof mcc.TokenSigner
         * @static
         * @param {mcc.TokenSigner.$Properties} message TokenSigner message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        TokenSigner.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeId);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    $root.mcc.TokenAddress.encode(message.addresses[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a TokenSigner message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.TokenSigner
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.TokenSigner & mcc.TokenSigner.$Shape} TokenSigner
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        TokenSigner.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.TokenSigner();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push($root.mcc.TokenAddress.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return TokenSigner;
    })();

    mcc.TokenAddress = (function() {

        /**
         * Properties of a TokenAddress.
         * @typedef {Object} mcc.TokenAddress.$Properties
         * @property {Uint8Array|null} [ip] TokenAddress ip
         * @property {number|null} [port] TokenAddress port
         * @property {string|null} [host] TokenAddress host
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a TokenAddress.
         * @memberof mcc
         * @interface ITokenAddress
         * @augments mcc.TokenAddress.$Properties
         * @deprecated Use mcc.TokenAddress.$Properties instead.
         */

        /**
         * Shape of a TokenAddress.
         * @typedef {mcc.TokenAddress.$Properties} mcc.TokenAddress.$Shape
         */

        /**
         * Constructs a new TokenAddress.
         * @memberof mcc
         * @classdesc Represents a TokenAddress.
         * @constructor
         * @param {mcc.TokenAddress.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const TokenAddress = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * TokenAddress ip.
         * @member {Uint8Array} ip
         * @memberof mcc.TokenAddress
         * @instance
         */
        TokenAddress.prototype.ip = $util.newBuffer([]);

        /**
         * TokenAddress port.
         * @member {number} port
         * @memberof mcc.TokenAddress
         * @instance
         */
        TokenAddress.prototype.port = 0;

        /**
         * TokenAddress host.
         * @member {string} host
         * @memberof mcc.TokenAddress
         * @instance
         */
        TokenAddress.prototype.host = "";

        /**
         * Creates a new TokenAddress instance using the specified properties.
         * @function create
         * @memberof mcc.TokenAddress
         * @static
         * @param {mcc.TokenAddress.$Properties=} [properties] Properties to set
         * @returns {mcc.TokenAddress} TokenAddress instance
         * @type {{
         *   (properties: mcc.TokenAddress.$Shape): mcc.TokenAddress & mcc.TokenAddress.$Shape;
         *   (properties?: mcc.TokenAddress.$Properties): mcc.TokenAddress;
         * }}
         */
        TokenAddress.create = function(properties) {
            return new TokenAddress(properties);
        };

        /**
         * Encodes the specified TokenAddress message. Does not implicitly {@link mcc.TokenAddress.verify|verify} messages.
         * @function encode
         * @memberof mcc.TokenAddress
         * @static
         * @param {mcc.TokenAddress.$Properties} message TokenAddress message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        TokenAddress.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ip != null && $Object.hasOwnProperty.call(message, "ip") && message.ip.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.ip);
            if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.port);
            if (message.host != null && $Object.hasOwnProperty.call(message, "host") && message.host !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.host);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a TokenAddress message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.TokenAddress
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.TokenAddress & mcc.TokenAddress.$Shape} TokenAddress
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        TokenAddress.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.TokenAddress();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.ip = value;
                        else
                            delete message.ip;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.port = value;
                        else
                            delete message.port;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.host = value;
                        else
                            delete message.host;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return TokenAddress;
    })();

    mcc.Control = (function() {

        /**
         * Properties of a Control.
         * @typedef {Object} mcc.Control.$Properties
         * @property {mcc.Ping.$Properties|null} [ping] Control ping
         * @property {mcc.Pong.$Properties|null} [pong] Control pong
         * @property {mcc.Address.$Properties|null} [observedAddress] Control observedAddress
         * @property {mcc.AdmissionRequest.$Properties|null} [admissionRequest] Control admissionRequest
         * @property {mcc.AdmissionAnswer.$Properties|null} [admissionAnswer] Control admissionAnswer
         * @property {mcc.AdmissionRefusal.$Properties|null} [admissionRefusal] Control admissionRefusal
         * @property {mcc.NodeRecords.$Properties|null} [nodeRecords] Control nodeRecords
         * @property {mcc.Close.$Properties|null} [close] Control close
         * @property {mcc.DhtQuestion.$Properties|null} [dhtQuestion] Control dhtQuestion
         * @property {mcc.DhtAnswer.$Properties|null} [dhtAnswer] Control dhtAnswer
         * @property {mcc.DhtStore.$Properties|null} [dhtStore] Control dhtStore
         * @property {mcc.DhtStoreAnswer.$Properties|null} [dhtStoreAnswer] Control dhtStoreAnswer
         * @property {mcc.DialRequest.$Properties|null} [dialRequest] Control dialRequest
         * @property {mcc.RelayRequest.$Properties|null} [relayRequest] Control relayRequest
         * @property {mcc.RelayGrant.$Properties|null} [relayGrant] Control relayGrant
         * @property {mcc.RelayRefusal.$Properties|null} [relayRefusal] Control relayRefusal
         * @property {mcc.CircuitOpen.$Properties|null} [circuitOpen] Control circuitOpen
         * @property {mcc.CircuitOffer.$Properties|null} [circuitOffer] Control circuitOffer
         * @property {mcc.CircuitClose.$Properties|null} [circuitClose] Control circuitClose
         * @property {mcc.PathChallenge.$Properties|null} [pathChallenge] Control pathChallenge
         * @property {mcc.PathResponse.$Properties|null} [pathResponse] Control pathResponse
         * @property {mcc.Punch.$Properties|null} [punch] Control punch
         * @property {mcc.CircuitEnd.$Properties|null} [circuitEnd] Control circuitEnd
         * @property {mcc.RenewalRequest.$Properties|null} [renewalRequest] Control renewalRequest
         * @property {mcc.GuestQuestion.$Properties|null} [guestQuestion] Control guestQuestion
         * @property {mcc.GuestTerms.$Properties|null} [guestTerms] Control guestTerms
         * @property {mcc.GuestRequest.$Properties|null} [guestRequest] Control guestRequest
         * @property {mcc.RevocationHead.$Properties|null} [revocationHead] Control revocationHead
         * @property {mcc.RevocationQuery.$Properties|null} [revocationQuery] Control revocationQuery
         * @property {mcc.RevocationAnswer.$Properties|null} [revocationAnswer] Control revocationAnswer
         * @property {mcc.Revocations.$Properties|null} [revocations] Control revocations
         * @property {mcc.Confirmation.$Properties|null} [confirmation] Control confirmation
         * @property {mcc.FlowRefusal.$Properties|null} [flowRefusal] Control flowRefusal
         * @property {mcc.RelayCall.$Properties|null} [relayCall] Control relayCall
         * @property {mcc.EpochHeld.$Properties|null} [epochHeld] Control epochHeld
         * @property {mcc.EpochDelivery.$Properties|null} [epochDelivery] Control epochDelivery
         * @property {"ping"|"pong"|"observedAddress"|"admissionRequest"|"admissionAnswer"|"admissionRefusal"|"nodeRecords"|"close"|"dhtQuestion"|"dhtAnswer"|"dhtStore"|"dhtStoreAnswer"|"dialRequest"|"relayRequest"|"relayGrant"|"relayRefusal"|"circuitOpen"|"circuitOffer"|"circuitClose"|"pathChallenge"|"pathResponse"|"punch"|"circuitEnd"|"renewalRequest"|"guestQuestion"|"guestTerms"|"guestRequest"|"revocationHead"|"revocationQuery"|"revocationAnswer"|"revocations"|"confirmation"|"flowRefusal"|"relayCall"|"epochHeld"|"epochDelivery"} [body] Control body
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Control.
         * @memberof mcc
         * @interface IControl
         * @augments mcc.Control.$Properties
         * @deprecated Use mcc.Control.$Properties instead.
         */

        /**
         * Narrowed shape of a Control.
         * @typedef {{
         *   ping?: mcc.Ping.$Shape|null;
         *   pong?: mcc.Pong.$Shape|null;
         *   observedAddress?: mcc.Address.$Shape|null;
         *   admissionRequest?: mcc.AdmissionRequest.$Shape|null;
         *   admissionAnswer?: mcc.AdmissionAnswer.$Shape|null;
         *   admissionRefusal?: mcc.AdmissionRefusal.$Shape|null;
         *   nodeRecords?: mcc.NodeRecords.$Shape|null;
         *   close?: mcc.Close.$Shape|null;
         *   dhtQuestion?: mcc.DhtQuestion.$Shape|null;
         *   dhtAnswer?: mcc.DhtAnswer.$Shape|null;
         *   dhtStore?: mcc.DhtStore.$Shape|null;
         *   dhtStoreAnswer?: mcc.DhtStoreAnswer.$Shape|null;
         *   dialRequest?: mcc.DialRequest.$Shape|null;
         *   relayRequest?: mcc.RelayRequest.$Shape|null;
         *   relayGrant?: mcc.RelayGrant.$Shape|null;
         *   relayRefusal?: mcc.RelayRefusal.$Shape|null;
         *   circuitOpen?: mcc.CircuitOpen.$Shape|null;
         *   circuitOffer?: mcc.CircuitOffer.$Shape|null;
         *   circuitClose?: mcc.CircuitClose.$Shape|null;
         *   pathChallenge?: mcc.PathChallenge.$Shape|null;
         *   pathResponse?: mcc.PathResponse.$Shape|null;
         *   punch?: mcc.Punch.$Shape|null;
         *   circuitEnd?: mcc.CircuitEnd.$Shape|null;
         *   renewalRequest?: mcc.RenewalRequest.$Shape|null;
         *   guestQuestion?: mcc.GuestQuestion.$Shape|null;
         *   guestTerms?: mcc.GuestTerms.$Shape|null;
         *   guestRequest?: mcc.GuestRequest.$Shape|null;
         *   revocationHead?: mcc.RevocationHead.$Shape|null;
         *   revocationQuery?: mcc.RevocationQuery.$Shape|null;
         *   revocationAnswer?: mcc.RevocationAnswer.$Shape|null;
         *   revocations?: mcc.Revocations.$Shape|null;
         *   confirmation?: mcc.Confirmation.$Shape|null;
         *   flowRefusal?: mcc.FlowRefusal.$Shape|null;
         *   relayCall?: mcc.RelayCall.$Shape|null;
         *   epochHeld?: mcc.EpochHeld.$Shape|null;
         *   epochDelivery?: mcc.EpochDelivery.$Shape|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ body?: undefined; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "ping"; ping: mcc.Ping.$Shape; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "pong"; ping?: null; pong: mcc.Pong.$Shape; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "observedAddress"; ping?: null; pong?: null; observedAddress: mcc.Address.$Shape; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "admissionRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest: mcc.AdmissionRequest.$Shape; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "admissionAnswer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer: mcc.AdmissionAnswer.$Shape; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "admissionRefusal"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal: mcc.AdmissionRefusal.$Shape; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "nodeRecords"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords: mcc.NodeRecords.$Shape; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "close"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close: mcc.Close.$Shape; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dhtQuestion"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion: mcc.DhtQuestion.$Shape; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dhtAnswer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer: mcc.DhtAnswer.$Shape; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dhtStore"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore: mcc.DhtStore.$Shape; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dhtStoreAnswer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer: mcc.DhtStoreAnswer.$Shape; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "dialRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest: mcc.DialRequest.$Shape; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "relayRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest: mcc.RelayRequest.$Shape; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "relayGrant"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant: mcc.RelayGrant.$Shape; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "relayRefusal"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal: mcc.RelayRefusal.$Shape; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "circuitOpen"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen: mcc.CircuitOpen.$Shape; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "circuitOffer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer: mcc.CircuitOffer.$Shape; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "circuitClose"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose: mcc.CircuitClose.$Shape; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "pathChallenge"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge: mcc.PathChallenge.$Shape; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "pathResponse"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse: mcc.PathResponse.$Shape; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "punch"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch: mcc.Punch.$Shape; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "circuitEnd"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd: mcc.CircuitEnd.$Shape; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "renewalRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest: mcc.RenewalRequest.$Shape; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "guestQuestion"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion: mcc.GuestQuestion.$Shape; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "guestTerms"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms: mcc.GuestTerms.$Shape; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "guestRequest"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest: mcc.GuestRequest.$Shape; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "revocationHead"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead: mcc.RevocationHead.$Shape; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "revocationQuery"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery: mcc.RevocationQuery.$Shape; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "revocationAnswer"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer: mcc.RevocationAnswer.$Shape; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "revocations"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations: mcc.Revocations.$Shape; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "confirmation"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation: mcc.Confirmation.$Shape; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "flowRefusal"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal: mcc.FlowRefusal.$Shape; relayCall?: null; epochHeld?: null; epochDelivery?: null }|{ body?: "relayCall"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall: mcc.RelayCall.$Shape; epochHeld?: null; epochDelivery?: null }|{ body?: "epochHeld"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld: mcc.EpochHeld.$Shape; epochDelivery?: null }|{ body?: "epochDelivery"; ping?: null; pong?: null; observedAddress?: null; admissionRequest?: null; admissionAnswer?: null; admissionRefusal?: null; nodeRecords?: null; close?: null; dhtQuestion?: null; dhtAnswer?: null; dhtStore?: null; dhtStoreAnswer?: null; dialRequest?: null; relayRequest?: null; relayGrant?: null; relayRefusal?: null; circuitOpen?: null; circuitOffer?: null; circuitClose?: null; pathChallenge?: null; pathResponse?: null; punch?: null; circuitEnd?: null; renewalRequest?: null; guestQuestion?: null; guestTerms?: null; guestRequest?: null; revocationHead?: null; revocationQuery?: null; revocationAnswer?: null; revocations?: null; confirmation?: null; flowRefusal?: null; relayCall?: null; epochHeld?: null; epochDelivery: mcc.EpochDelivery.$Shape })
         * )} mcc.Control.$Shape
         */

        /**
         * Constructs a new Control.
         * @memberof mcc
         * @classdesc Represents a Control.
         * @constructor
         * @param {mcc.Control.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Control = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Control ping.
         * @member {mcc.Ping.$Properties|null|undefined} ping
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.ping = null;

        /**
         * Control pong.
         * @member {mcc.Pong.$Properties|null|undefined} pong
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.pong = null;

        /**
         * Control observedAddress.
         * @member {mcc.Address.$Properties|null|undefined} observedAddress
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.observedAddress = null;

        /**
         * Control admissionRequest.
         * @member {mcc.AdmissionRequest.$Properties|null|undefined} admissionRequest
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.admissionRequest = null;

        /**
         * Control admissionAnswer.
         * @member {mcc.AdmissionAnswer.$Properties|null|undefined} admissionAnswer
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.admissionAnswer = null;

        /**
         * Control admissionRefusal.
         * @member {mcc.AdmissionRefusal.$Properties|null|undefined} admissionRefusal
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.admissionRefusal = null;

        /**
         * Control nodeRecords.
         * @member {mcc.NodeRecords.$Properties|null|undefined} nodeRecords
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.nodeRecords = null;

        /**
         * Control close.
         * @member {mcc.Close.$Properties|null|undefined} close
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.close = null;

        /**
         * Control dhtQuestion.
         * @member {mcc.DhtQuestion.$Properties|null|undefined} dhtQuestion
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.dhtQuestion = null;

        /**
         * Control dhtAnswer.
         * @member {mcc.DhtAnswer.$Properties|null|undefined} dhtAnswer
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.dhtAnswer = null;

        /**
         * Control dhtStore.
         * @member {mcc.DhtStore.$Properties|null|undefined} dhtStore
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.dhtStore = null;

        /**
         * Control dhtStoreAnswer.
         * @member {mcc.DhtStoreAnswer.$Properties|null|undefined} dhtStoreAnswer
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.dhtStoreAnswer = null;

        /**
         * Control dialRequest.
         * @member {mcc.DialRequest.$Properties|null|undefined} dialRequest
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.dialRequest = null;

        /**
         * Control relayRequest.
         * @member {mcc.RelayRequest.$Properties|null|undefined} relayRequest
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.relayRequest = null;

        /**
         * Control relayGrant.
         * @member {mcc.RelayGrant.$Properties|null|undefined} relayGrant
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.relayGrant = null;

        /**
         * Control relayRefusal.
         * @member {mcc.RelayRefusal.$Properties|null|undefined} relayRefusal
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.relayRefusal = null;

        /**
         * Control circuitOpen.
         * @member {mcc.CircuitOpen.$Properties|null|undefined} circuitOpen
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.circuitOpen = null;

        /**
         * Control circuitOffer.
         * @member {mcc.CircuitOffer.$Properties|null|undefined} circuitOffer
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.circuitOffer = null;

        /**
         * Control circuitClose.
         * @member {mcc.CircuitClose.$Properties|null|undefined} circuitClose
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.circuitClose = null;

        /**
         * Control pathChallenge.
         * @member {mcc.PathChallenge.$Properties|null|undefined} pathChallenge
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.pathChallenge = null;

        /**
         * Control pathResponse.
         * @member {mcc.PathResponse.$Properties|null|undefined} pathResponse
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.pathResponse = null;

        /**
         * Control punch.
         * @member {mcc.Punch.$Properties|null|undefined} punch
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.punch = null;

        /**
         * Control circuitEnd.
         * @member {mcc.CircuitEnd.$Properties|null|undefined} circuitEnd
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.circuitEnd = null;

        /**
         * Control renewalRequest.
         * @member {mcc.RenewalRequest.$Properties|null|undefined} renewalRequest
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.renewalRequest = null;

        /**
         * Control guestQuestion.
         * @member {mcc.GuestQuestion.$Properties|null|undefined} guestQuestion
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.guestQuestion = null;

        /**
         * Control guestTerms.
         * @member {mcc.GuestTerms.$Properties|null|undefined} guestTerms
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.guestTerms = null;

        /**
         * Control guestRequest.
         * @member {mcc.GuestRequest.$Properties|null|undefined} guestRequest
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.guestRequest = null;

        /**
         * Control revocationHead.
         * @member {mcc.RevocationHead.$Properties|null|undefined} revocationHead
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.revocationHead = null;

        /**
         * Control revocationQuery.
         * @member {mcc.RevocationQuery.$Properties|null|undefined} revocationQuery
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.revocationQuery = null;

        /**
         * Control revocationAnswer.
         * @member {mcc.RevocationAnswer.$Properties|null|undefined} revocationAnswer
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.revocationAnswer = null;

        /**
         * Control revocations.
         * @member {mcc.Revocations.$Properties|null|undefined} revocations
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.revocations = null;

        /**
         * Control confirmation.
         * @member {mcc.Confirmation.$Properties|null|undefined} confirmation
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.confirmation = null;

        /**
         * Control flowRefusal.
         * @member {mcc.FlowRefusal.$Properties|null|undefined} flowRefusal
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.flowRefusal = null;

        /**
         * Control relayCall.
         * @member {mcc.RelayCall.$Properties|null|undefined} relayCall
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.relayCall = null;

        /**
         * Control epochHeld.
         * @member {mcc.EpochHeld.$Properties|null|undefined} epochHeld
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.epochHeld = null;

        /**
         * Control epochDelivery.
         * @member {mcc.EpochDelivery.$Properties|null|undefined} epochDelivery
         * @memberof mcc.Control
         * @instance
         */
        Control.prototype.epochDelivery = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * Control body.
         * @member {"ping"|"pong"|"observedAddress"|"admissionRequest"|"admissionAnswer"|"admissionRefusal"|"nodeRecords"|"close"|"dhtQuestion"|"dhtAnswer"|"dhtStore"|"dhtStoreAnswer"|"dialRequest"|"relayRequest"|"relayGrant"|"relayRefusal"|"circuitOpen"|"circuitOffer"|"circuitClose"|"pathChallenge"|"pathResponse"|"punch"|"circuitEnd"|"renewalRequest"|"guestQuestion"|"guestTerms"|"guestRequest"|"revocationHead"|"revocationQuery"|"revocationAnswer"|"revocations"|"confirmation"|"flowRefusal"|"relayCall"|"epochHeld"|"epochDelivery"|undefined} body
         * @memberof mcc.Control
         * @instance
         */
        $Object.defineProperty(Control.prototype, "body", {
            get: $util.oneOfGetter($oneOfFields = ["ping", "pong", "observedAddress", "admissionRequest", "admissionAnswer", "admissionRefusal", "nodeRecords", "close", "dhtQuestion", "dhtAnswer", "dhtStore", "dhtStoreAnswer", "dialRequest", "relayRequest", "relayGrant", "relayRefusal", "circuitOpen", "circuitOffer", "circuitClose", "pathChallenge", "pathResponse", "punch", "circuitEnd", "renewalRequest", "guestQuestion", "guestTerms", "guestRequest", "revocationHead", "revocationQuery", "revocationAnswer", "revocations", "confirmation", "flowRefusal", "relayCall", "epochHeld", "epochDelivery"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Creates a new Control instance using the specified properties.
         * @function create
         * @memberof mcc.Control
         * @static
         * @param {mcc.Control.$Properties=} [properties] Properties to set
         * @returns {mcc.Control} Control instance
         * @type {{
         *   (properties: mcc.Control.$Shape): mcc.Control & mcc.Control.$Shape;
         *   (properties?: mcc.Control.$Properties): mcc.Control;
         * }}
         */
        Control.create = function(properties) {
            return new Control(properties);
        };

        /**
         * Encodes the specified Control message. Does not implicitly {@link mcc.Control.verify|verify} messages.
         * @function encode
         * @memberof mcc.Control
         * @static
         * @param {mcc.Control.$Properties} message Control message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Control.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ping != null && $Object.hasOwnProperty.call(message, "ping"))
                $root.mcc.Ping.encode(message.ping, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.pong != null && $Object.hasOwnProperty.call(message, "pong"))
                $root.mcc.Pong.encode(message.pong, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.observedAddress != null && $Object.hasOwnProperty.call(message, "observedAddress"))
                $root.mcc.Address.encode(message.observedAddress, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.admissionRequest != null && $Object.hasOwnProperty.call(message, "admissionRequest"))
                $root.mcc.AdmissionRequest.encode(message.admissionRequest, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.admissionAnswer != null && $Object.hasOwnProperty.call(message, "admissionAnswer"))
                $root.mcc.AdmissionAnswer.encode(message.admissionAnswer, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.admissionRefusal != null && $Object.hasOwnProperty.call(message, "admissionRefusal"))
                $root.mcc.AdmissionRefusal.encode(message.admissionRefusal, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.nodeRecords != null && $Object.hasOwnProperty.call(message, "nodeRecords"))
                $root.mcc.NodeRecords.encode(message.nodeRecords, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.close != null && $Object.hasOwnProperty.call(message, "close"))
                $root.mcc.Close.encode(message.close, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
            if (message.dhtQuestion != null && $Object.hasOwnProperty.call(message, "dhtQuestion"))
                $root.mcc.DhtQuestion.encode(message.dhtQuestion, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
            if (message.dhtAnswer != null && $Object.hasOwnProperty.call(message, "dhtAnswer"))
                $root.mcc.DhtAnswer.encode(message.dhtAnswer, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
            if (message.dhtStore != null && $Object.hasOwnProperty.call(message, "dhtStore"))
                $root.mcc.DhtStore.encode(message.dhtStore, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
            if (message.dhtStoreAnswer != null && $Object.hasOwnProperty.call(message, "dhtStoreAnswer"))
                $root.mcc.DhtStoreAnswer.encode(message.dhtStoreAnswer, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
            if (message.dialRequest != null && $Object.hasOwnProperty.call(message, "dialRequest"))
                $root.mcc.DialRequest.encode(message.dialRequest, writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
            if (message.relayRequest != null && $Object.hasOwnProperty.call(message, "relayRequest"))
                $root.mcc.RelayRequest.encode(message.relayRequest, writer.uint32(/* id 14, wireType 2 =*/114).fork(), _depth + 1).ldelim();
            if (message.relayGrant != null && $Object.hasOwnProperty.call(message, "relayGrant"))
                $root.mcc.RelayGrant.encode(message.relayGrant, writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.relayRefusal != null && $Object.hasOwnProperty.call(message, "relayRefusal"))
                $root.mcc.RelayRefusal.encode(message.relayRefusal, writer.uint32(/* id 16, wireType 2 =*/130).fork(), _depth + 1).ldelim();
            if (message.circuitOpen != null && $Object.hasOwnProperty.call(message, "circuitOpen"))
                $root.mcc.CircuitOpen.encode(message.circuitOpen, writer.uint32(/* id 17, wireType 2 =*/138).fork(), _depth + 1).ldelim();
            if (message.circuitOffer != null && $Object.hasOwnProperty.call(message, "circuitOffer"))
                $root.mcc.CircuitOffer.encode(message.circuitOffer, writer.uint32(/* id 18, wireType 2 =*/146).fork(), _depth + 1).ldelim();
            if (message.circuitClose != null && $Object.hasOwnProperty.call(message, "circuitClose"))
                $root.mcc.CircuitClose.encode(message.circuitClose, writer.uint32(/* id 19, wireType 2 =*/154).fork(), _depth + 1).ldelim();
            if (message.pathChallenge != null && $Object.hasOwnProperty.call(message, "pathChallenge"))
                $root.mcc.PathChallenge.encode(message.pathChallenge, writer.uint32(/* id 20, wireType 2 =*/162).fork(), _depth + 1).ldelim();
            if (message.pathResponse != null && $Object.hasOwnProperty.call(message, "pathResponse"))
                $root.mcc.PathResponse.encode(message.pathResponse, writer.uint32(/* id 21, wireType 2 =*/170).fork(), _depth + 1).ldelim();
            if (message.punch != null && $Object.hasOwnProperty.call(message, "punch"))
                $root.mcc.Punch.encode(message.punch, writer.uint32(/* id 22, wireType 2 =*/178).fork(), _depth + 1).ldelim();
            if (message.circuitEnd != null && $Object.hasOwnProperty.call(message, "circuitEnd"))
                $root.mcc.CircuitEnd.encode(message.circuitEnd, writer.uint32(/* id 23, wireType 2 =*/186).fork(), _depth + 1).ldelim();
            if (message.renewalRequest != null && $Object.hasOwnProperty.call(message, "renewalRequest"))
                $root.mcc.RenewalRequest.encode(message.renewalRequest, writer.uint32(/* id 24, wireType 2 =*/194).fork(), _depth + 1).ldelim();
            if (message.guestQuestion != null && $Object.hasOwnProperty.call(message, "guestQuestion"))
                $root.mcc.GuestQuestion.encode(message.guestQuestion, writer.uint32(/* id 25, wireType 2 =*/202).fork(), _depth + 1).ldelim();
            if (message.guestTerms != null && $Object.hasOwnProperty.call(message, "guestTerms"))
                $root.mcc.GuestTerms.encode(message.guestTerms, writer.uint32(/* id 26, wireType 2 =*/210).fork(), _depth + 1).ldelim();
            if (message.guestRequest != null && $Object.hasOwnProperty.call(message, "guestRequest"))
                $root.mcc.GuestRequest.encode(message.guestRequest, writer.uint32(/* id 27, wireType 2 =*/218).fork(), _depth + 1).ldelim();
            if (message.revocationHead != null && $Object.hasOwnProperty.call(message, "revocationHead"))
                $root.mcc.RevocationHead.encode(message.revocationHead, writer.uint32(/* id 28, wireType 2 =*/226).fork(), _depth + 1).ldelim();
            if (message.revocationQuery != null && $Object.hasOwnProperty.call(message, "revocationQuery"))
                $root.mcc.RevocationQuery.encode(message.revocationQuery, writer.uint32(/* id 29, wireType 2 =*/234).fork(), _depth + 1).ldelim();
            if (message.revocationAnswer != null && $Object.hasOwnProperty.call(message, "revocationAnswer"))
                $root.mcc.RevocationAnswer.encode(message.revocationAnswer, writer.uint32(/* id 30, wireType 2 =*/242).fork(), _depth + 1).ldelim();
            if (message.revocations != null && $Object.hasOwnProperty.call(message, "revocations"))
                $root.mcc.Revocations.encode(message.revocations, writer.uint32(/* id 31, wireType 2 =*/250).fork(), _depth + 1).ldelim();
            if (message.confirmation != null && $Object.hasOwnProperty.call(message, "confirmation"))
                $root.mcc.Confirmation.encode(message.confirmation, writer.uint32(/* id 32, wireType 2 =*/258).fork(), _depth + 1).ldelim();
            if (message.flowRefusal != null && $Object.hasOwnProperty.call(message, "flowRefusal"))
                $root.mcc.FlowRefusal.encode(message.flowRefusal, writer.uint32(/* id 33, wireType 2 =*/266).fork(), _depth + 1).ldelim();
            if (message.relayCall != null && $Object.hasOwnProperty.call(message, "relayCall"))
                $root.mcc.RelayCall.encode(message.relayCall, writer.uint32(/* id 34, wireType 2 =*/274).fork(), _depth + 1).ldelim();
            if (message.epochHeld != null && $Object.hasOwnProperty.call(message, "epochHeld"))
                $root.mcc.EpochHeld.encode(message.epochHeld, writer.uint32(/* id 35, wireType 2 =*/282).fork(), _depth + 1).ldelim();
            if (message.epochDelivery != null && $Object.hasOwnProperty.call(message, "epochDelivery"))
                $root.mcc.EpochDelivery.encode(message.epochDelivery, writer.uint32(/* id 36, wireType 2 =*/290).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Control message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Control
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Control & mcc.Control.$Shape} Control
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Control.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Control();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.ping = $root.mcc.Ping.decode(reader, reader.size(), $undefined, _depth + 1, message.ping);
                        message.body = "ping";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.pong = $root.mcc.Pong.decode(reader, reader.size(), $undefined, _depth + 1, message.pong);
                        message.body = "pong";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.observedAddress = $root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1, message.observedAddress);
                        message.body = "observedAddress";
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.admissionRequest = $root.mcc.AdmissionRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.admissionRequest);
                        message.body = "admissionRequest";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.admissionAnswer = $root.mcc.AdmissionAnswer.decode(reader, reader.size(), $undefined, _depth + 1, message.admissionAnswer);
                        message.body = "admissionAnswer";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.admissionRefusal = $root.mcc.AdmissionRefusal.decode(reader, reader.size(), $undefined, _depth + 1, message.admissionRefusal);
                        message.body = "admissionRefusal";
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.nodeRecords = $root.mcc.NodeRecords.decode(reader, reader.size(), $undefined, _depth + 1, message.nodeRecords);
                        message.body = "nodeRecords";
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.close = $root.mcc.Close.decode(reader, reader.size(), $undefined, _depth + 1, message.close);
                        message.body = "close";
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.dhtQuestion = $root.mcc.DhtQuestion.decode(reader, reader.size(), $undefined, _depth + 1, message.dhtQuestion);
                        message.body = "dhtQuestion";
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.dhtAnswer = $root.mcc.DhtAnswer.decode(reader, reader.size(), $undefined, _depth + 1, message.dhtAnswer);
                        message.body = "dhtAnswer";
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.dhtStore = $root.mcc.DhtStore.decode(reader, reader.size(), $undefined, _depth + 1, message.dhtStore);
                        message.body = "dhtStore";
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        message.dhtStoreAnswer = $root.mcc.DhtStoreAnswer.decode(reader, reader.size(), $undefined, _depth + 1, message.dhtStoreAnswer);
                        message.body = "dhtStoreAnswer";
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            break;
                        message.dialRequest = $root.mcc.DialRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.dialRequest);
                        message.body = "dialRequest";
                        continue;
                    }
                case 14: {
                        if (wireType !== 2)
                            break;
                        message.relayRequest = $root.mcc.RelayRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.relayRequest);
                        message.body = "relayRequest";
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        message.relayGrant = $root.mcc.RelayGrant.decode(reader, reader.size(), $undefined, _depth + 1, message.relayGrant);
                        message.body = "relayGrant";
                        continue;
                    }
                case 16: {
                        if (wireType !== 2)
                            break;
                        message.relayRefusal = $root.mcc.RelayRefusal.decode(reader, reader.size(), $undefined, _depth + 1, message.relayRefusal);
                        message.body = "relayRefusal";
                        continue;
                    }
                case 17: {
                        if (wireType !== 2)
                            break;
                        message.circuitOpen = $root.mcc.CircuitOpen.decode(reader, reader.size(), $undefined, _depth + 1, message.circuitOpen);
                        message.body = "circuitOpen";
                        continue;
                    }
                case 18: {
                        if (wireType !== 2)
                            break;
                        message.circuitOffer = $root.mcc.CircuitOffer.decode(reader, reader.size(), $undefined, _depth + 1, message.circuitOffer);
                        message.body = "circuitOffer";
                        continue;
                    }
                case 19: {
                        if (wireType !== 2)
                            break;
                        message.circuitClose = $root.mcc.CircuitClose.decode(reader, reader.size(), $undefined, _depth + 1, message.circuitClose);
                        message.body = "circuitClose";
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        message.pathChallenge = $root.mcc.PathChallenge.decode(reader, reader.size(), $undefined, _depth + 1, message.pathChallenge);
                        message.body = "pathChallenge";
                        continue;
                    }
                case 21: {
                        if (wireType !== 2)
                            break;
                        message.pathResponse = $root.mcc.PathResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.pathResponse);
                        message.body = "pathResponse";
                        continue;
                    }
                case 22: {
                        if (wireType !== 2)
                            break;
                        message.punch = $root.mcc.Punch.decode(reader, reader.size(), $undefined, _depth + 1, message.punch);
                        message.body = "punch";
                        continue;
                    }
                case 23: {
                        if (wireType !== 2)
                            break;
                        message.circuitEnd = $root.mcc.CircuitEnd.decode(reader, reader.size(), $undefined, _depth + 1, message.circuitEnd);
                        message.body = "circuitEnd";
                        continue;
                    }
                case 24: {
                        if (wireType !== 2)
                            break;
                        message.renewalRequest = $root.mcc.RenewalRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.renewalRequest);
                        message.body = "renewalRequest";
                        continue;
                    }
                case 25: {
                        if (wireType !== 2)
                            break;
                        message.guestQuestion = $root.mcc.GuestQuestion.decode(reader, reader.size(), $undefined, _depth + 1, message.guestQuestion);
                        message.body = "guestQuestion";
                        continue;
                    }
                case 26: {
                        if (wireType !== 2)
                            break;
                        message.guestTerms = $root.mcc.GuestTerms.decode(reader, reader.size(), $undefined, _depth + 1, message.guestTerms);
                        message.body = "guestTerms";
                        continue;
                    }
                case 27: {
                        if (wireType !== 2)
                            break;
                        message.guestRequest = $root.mcc.GuestRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.guestRequest);
                        message.body = "guestRequest";
                        continue;
                    }
                case 28: {
                        if (wireType !== 2)
                            break;
                        message.revocationHead = $root.mcc.RevocationHead.decode(reader, reader.size(), $undefined, _depth + 1, message.revocationHead);
                        message.body = "revocationHead";
                        continue;
                    }
                case 29: {
                        if (wireType !== 2)
                            break;
                        message.revocationQuery = $root.mcc.RevocationQuery.decode(reader, reader.size(), $undefined, _depth + 1, message.revocationQuery);
                        message.body = "revocationQuery";
                        continue;
                    }
                case 30: {
                        if (wireType !== 2)
                            break;
                        message.revocationAnswer = $root.mcc.RevocationAnswer.decode(reader, reader.size(), $undefined, _depth + 1, message.revocationAnswer);
                        message.body = "revocationAnswer";
                        continue;
                    }
                case 31: {
                        if (wireType !== 2)
                            break;
                        message.revocations = $root.mcc.Revocations.decode(reader, reader.size(), $undefined, _depth + 1, message.revocations);
                        message.body = "revocations";
                        continue;
                    }
                case 32: {
                        if (wireType !== 2)
                            break;
                        message.confirmation = $root.mcc.Confirmation.decode(reader, reader.size(), $undefined, _depth + 1, message.confirmation);
                        message.body = "confirmation";
                        continue;
                    }
                case 33: {
                        if (wireType !== 2)
                            break;
                        message.flowRefusal = $root.mcc.FlowRefusal.decode(reader, reader.size(), $undefined, _depth + 1, message.flowRefusal);
                        message.body = "flowRefusal";
                        continue;
                    }
                case 34: {
                        if (wireType !== 2)
                            break;
                        message.relayCall = $root.mcc.RelayCall.decode(reader, reader.size(), $undefined, _depth + 1, message.relayCall);
                        message.body = "relayCall";
                        continue;
                    }
                case 35: {
                        if (wireType !== 2)
                            break;
                        message.epochHeld = $root.mcc.EpochHeld.decode(reader, reader.size(), $undefined, _depth + 1, message.epochHeld);
                        message.body = "epochHeld";
                        continue;
                    }
                case 36: {
                        if (wireType !== 2)
                            break;
                        message.epochDelivery = $root.mcc.EpochDelivery.decode(reader, reader.size(), $undefined, _depth + 1, message.epochDelivery);
                        message.body = "epochDelivery";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Control;
    })();

    mcc.Confirmation = (function() {

        /**
         * Properties of a Confirmation.
         * @typedef {Object} mcc.Confirmation.$Properties
         * @property {Uint8Array|null} [wayToken] Confirmation wayToken
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Confirmation.
         * @memberof mcc
         * @interface IConfirmation
         * @augments mcc.Confirmation.$Properties
         * @deprecated Use mcc.Confirmation.$Properties instead.
         */

        /**
         * Shape of a Confirmation.
         * @typedef {mcc.Confirmation.$Properties} mcc.Confirmation.$Shape
         */

        /**
         * Constructs a new Confirmation.
         * @memberof mcc
         * @classdesc Represents a Confirmation.
         * @constructor
         * @param {mcc.Confirmation.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Confirmation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Confirmation wayToken.
         * @member {Uint8Array} wayToken
         * @memberof mcc.Confirmation
         * @instance
         */
        Confirmation.prototype.wayToken = $util.newBuffer([]);

        /**
         * Creates a new Confirmation instance using the specified properties.
         * @function create
         * @memberof mcc.Confirmation
         * @static
         * @param {mcc.Confirmation.$Properties=} [properties] Properties to set
         * @returns {mcc.Confirmation} Confirmation instance
         * @type {{
         *   (properties: mcc.Confirmation.$Shape): mcc.Confirmation & mcc.Confirmation.$Shape;
         *   (properties?: mcc.Confirmation.$Properties): mcc.Confirmation;
         * }}
         */
        Confirmation.create = function(properties) {
            return new Confirmation(properties);
        };

        /**
         * Encodes the specified Confirmation message. Does not implicitly {@link mcc.Confirmation.verify|verify} messages.
         * @function encode
         * @memberof mcc.Confirmation
         * @static
         * @param {mcc.Confirmation.$Properties} message Confirmation message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Confirmation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.wayToken != null && $Object.hasOwnProperty.call(message, "wayToken") && message.wayToken.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.wayToken);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Confirmation message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Confirmation
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Confirmation & mcc.Confirmation.$Shape} Confirmation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Confirmation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Confirmation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.wayToken = value;
                        else
                            delete message.wayToken;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Confirmation;
    })();

    mcc.Ping = (function() {

        /**
         * Properties of a Ping.
         * @typedef {Object} mcc.Ping.$Properties
         * @property {number|null} [id] Ping id
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Ping.
         * @memberof mcc
         * @interface IPing
         * @augments mcc.Ping.$Properties
         * @deprecated Use mcc.Ping.$Properties instead.
         */

        /**
         * Shape of a Ping.
         * @typedef {mcc.Ping.$Properties} mcc.Ping.$Shape
         */

        /**
         * Constructs a new Ping.
         * @memberof mcc
         * @classdesc Represents a Ping.
         * @constructor
         * @param {mcc.Ping.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Ping = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Ping id.
         * @member {number} id
         * @memberof mcc.Ping
         * @instance
         */
        Ping.prototype.id = 0;

        /**
         * Creates a new Ping instance using the specified properties.
         * @function create
         * @memberof mcc.Ping
         * @static
         * @param {mcc.Ping.$Properties=} [properties] Properties to set
         * @returns {mcc.Ping} Ping instance
         * @type {{
         *   (properties: mcc.Ping.$Shape): mcc.Ping & mcc.Ping.$Shape;
         *   (properties?: mcc.Ping.$Properties): mcc.Ping;
         * }}
         */
        Ping.create = function(properties) {
            return new Ping(properties);
        };

        /**
         * Encodes the specified Ping message. Does not implicitly {@link mcc.Ping.verify|verify} messages.
         * @function encode
         * @memberof mcc.Ping
         * @static
         * @param {mcc.Ping.$Properties} message Ping message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Ping.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Ping message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Ping
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Ping & mcc.Ping.$Shape} Ping
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Ping.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Ping();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Ping;
    })();

    mcc.Pong = (function() {

        /**
         * Properties of a Pong.
         * @typedef {Object} mcc.Pong.$Properties
         * @property {number|null} [id] Pong id
         * @property {mcc.Address.$Properties|null} [observed] Pong observed
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Pong.
         * @memberof mcc
         * @interface IPong
         * @augments mcc.Pong.$Properties
         * @deprecated Use mcc.Pong.$Properties instead.
         */

        /**
         * Shape of a Pong.
         * @typedef {mcc.Pong.$Properties} mcc.Pong.$Shape
         */

        /**
         * Constructs a new Pong.
         * @memberof mcc
         * @classdesc Represents a Pong.
         * @constructor
         * @param {mcc.Pong.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Pong = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Pong id.
         * @member {number} id
         * @memberof mcc.Pong
         * @instance
         */
        Pong.prototype.id = 0;

        /**
         * Pong observed.
         * @member {mcc.Address.$Properties|null|undefined} observed
         * @memberof mcc.Pong
         * @instance
         */
        Pong.prototype.observed = null;

        /**
         * Creates a new Pong instance using the specified properties.
         * @function create
         * @memberof mcc.Pong
         * @static
         * @param {mcc.Pong.$Properties=} [properties] Properties to set
         * @returns {mcc.Pong} Pong instance
         * @type {{
         *   (properties: mcc.Pong.$Shape): mcc.Pong & mcc.Pong.$Shape;
         *   (properties?: mcc.Pong.$Properties): mcc.Pong;
         * }}
         */
        Pong.create = function(properties) {
            return new Pong(properties);
        };

        /**
         * Encodes the specified Pong message. Does not implicitly {@link mcc.Pong.verify|verify} messages.
         * @function encode
         * @memberof mcc.Pong
         * @static
         * @param {mcc.Pong.$Properties} message Pong message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Pong.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.observed != null && $Object.hasOwnProperty.call(message, "observed"))
                $root.mcc.Address.encode(message.observed, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Pong message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Pong
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Pong & mcc.Pong.$Shape} Pong
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Pong.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Pong();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.observed = $root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1, message.observed);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Pong;
    })();

    mcc.AdmissionRequest = (function() {

        /**
         * Properties of an AdmissionRequest.
         * @typedef {Object} mcc.AdmissionRequest.$Properties
         * @property {Uint8Array|null} [tokenId] AdmissionRequest tokenId
         * @property {Uint8Array|null} [proof] AdmissionRequest proof
         * @property {string|null} [name] AdmissionRequest name
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an AdmissionRequest.
         * @memberof mcc
         * @interface IAdmissionRequest
         * @augments mcc.AdmissionRequest.$Properties
         * @deprecated Use mcc.AdmissionRequest.$Properties instead.
         */

        /**
         * Shape of an AdmissionRequest.
         * @typedef {mcc.AdmissionRequest.$Properties} mcc.AdmissionRequest.$Shape
         */

        /**
         * Constructs a new AdmissionRequest.
         * @memberof mcc
         * @classdesc Represents an AdmissionRequest.
         * @constructor
         * @param {mcc.AdmissionRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const AdmissionRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * AdmissionRequest tokenId.
         * @member {Uint8Array} tokenId
         * @memberof mcc.AdmissionRequest
         * @instance
         */
        AdmissionRequest.prototype.tokenId = $util.newBuffer([]);

        /**
         * AdmissionRequest proof.
         * @member {Uint8Array} proof
         * @memberof mcc.AdmissionRequest
         * @instance
         */
        AdmissionRequest.prototype.proof = $util.newBuffer([]);

        /**
         * AdmissionRequest name.
         * @member {string} name
         * @memberof mcc.AdmissionRequest
         * @instance
         */
        AdmissionRequest.prototype.name = "";

        /**
         * Creates a new AdmissionRequest instance using the specified properties.
         * @function create
         * @memberof mcc.AdmissionRequest
         * @static
         * @param {mcc.AdmissionRequest.$Properties=} [properties] Properties to set
         * @returns {mcc.AdmissionRequest} AdmissionRequest instance
         * @type {{
         *   (properties: mcc.AdmissionRequest.$Shape): mcc.AdmissionRequest & mcc.AdmissionRequest.$Shape;
         *   (properties?: mcc.AdmissionRequest.$Properties): mcc.AdmissionRequest;
         * }}
         */
        AdmissionRequest.create = function(properties) {
            return new AdmissionRequest(properties);
        };

        /**
         * Encodes the specified AdmissionRequest message. Does not implicitly {@link mcc.AdmissionRequest.verify|verify} messages.
         * @function encode
         * @memberof mcc.AdmissionRequest
         * @static
         * @param {mcc.AdmissionRequest.$Properties} message AdmissionRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        AdmissionRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.tokenId != null && $Object.hasOwnProperty.call(message, "tokenId") && message.tokenId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.tokenId);
            if (message.proof != null && $Object.hasOwnProperty.call(message, "proof") && message.proof.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.proof);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an AdmissionRequest message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.AdmissionRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.AdmissionRequest & mcc.AdmissionRequest.$Shape} AdmissionRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        AdmissionRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.AdmissionRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.tokenId = value;
                        else
                            delete message.tokenId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.proof = value;
                        else
                            delete message.proof;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return AdmissionRequest;
    })();

    mcc.AdmissionAnswer = (function() {

        /**
         * Properties of an AdmissionAnswer.
         * @typedef {Object} mcc.AdmissionAnswer.$Properties
         * @property {Uint8Array|null} [chain] AdmissionAnswer chain
         * @property {Array.<mcc.NodeRecord.$Properties>|null} [nodes] AdmissionAnswer nodes
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an AdmissionAnswer.
         * @memberof mcc
         * @interface IAdmissionAnswer
         * @augments mcc.AdmissionAnswer.$Properties
         * @deprecated Use mcc.AdmissionAnswer.$Properties instead.
         */

        /**
         * Shape of an AdmissionAnswer.
         * @typedef {mcc.AdmissionAnswer.$Properties} mcc.AdmissionAnswer.$Shape
         */

        /**
         * Constructs a new AdmissionAnswer.
         * @memberof mcc
         * @classdesc Represents an AdmissionAnswer.
         * @constructor
         * @param {mcc.AdmissionAnswer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const AdmissionAnswer = function (properties) {
            this.nodes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * AdmissionAnswer chain.
         * @member {Uint8Array} chain
         * @memberof mcc.AdmissionAnswer
         * @instance
         */
        AdmissionAnswer.prototype.chain = $util.newBuffer([]);

        /**
         * AdmissionAnswer nodes.
         * @member {Array.<mcc.NodeRecord.$Properties>} nodes
         * @memberof mcc.AdmissionAnswer
         * @instance
         */
        AdmissionAnswer.prototype.nodes = $util.emptyArray;

        /**
         * Creates a new AdmissionAnswer instance using the specified properties.
         * @function create
         * @memberof mcc.AdmissionAnswer
         * @static
         * @param {mcc.AdmissionAnswer.$Properties=} [properties] Properties to set
         * @returns {mcc.AdmissionAnswer} AdmissionAnswer instance
         * @type {{
         *   (properties: mcc.AdmissionAnswer.$Shape): mcc.AdmissionAnswer & mcc.AdmissionAnswer.$Shape;
         *   (properties?: mcc.AdmissionAnswer.$Properties): mcc.AdmissionAnswer;
         * }}
         */
        AdmissionAnswer.create = function(properties) {
            return new AdmissionAnswer(properties);
        };

        /**
         * Encodes the specified AdmissionAnswer message. Does not implicitly {@link mcc.AdmissionAnswer.verify|verify} messages.
         * @function encode
         * @memberof mcc.AdmissionAnswer
         * @static
         * @param {mcc.AdmissionAnswer.$Properties} message AdmissionAnswer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        AdmissionAnswer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.chain != null && $Object.hasOwnProperty.call(message, "chain") && message.chain.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.chain);
            if (message.nodes != null && message.nodes.length)
                for (let i = 0; i < message.nodes.length; ++i)
                    $root.mcc.NodeRecord.encode(message.nodes[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an AdmissionAnswer message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.AdmissionAnswer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.AdmissionAnswer & mcc.AdmissionAnswer.$Shape} AdmissionAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        AdmissionAnswer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.AdmissionAnswer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.chain = value;
                        else
                            delete message.chain;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.nodes && message.nodes.length))
                            message.nodes = [];
                        message.nodes.push($root.mcc.NodeRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return AdmissionAnswer;
    })();

    mcc.AdmissionRefusal = (function() {

        /**
         * Properties of an AdmissionRefusal.
         * @typedef {Object} mcc.AdmissionRefusal.$Properties
         * @property {mcc.RefusalCode|null} [code] AdmissionRefusal code
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an AdmissionRefusal.
         * @memberof mcc
         * @interface IAdmissionRefusal
         * @augments mcc.AdmissionRefusal.$Properties
         * @deprecated Use mcc.AdmissionRefusal.$Properties instead.
         */

        /**
         * Shape of an AdmissionRefusal.
         * @typedef {mcc.AdmissionRefusal.$Properties} mcc.AdmissionRefusal.$Shape
         */

        /**
         * Constructs a new AdmissionRefusal.
         * @memberof mcc
         * @classdesc Represents an AdmissionRefusal.
         * @constructor
         * @param {mcc.AdmissionRefusal.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const AdmissionRefusal = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * AdmissionRefusal code.
         * @member {mcc.RefusalCode} code
         * @memberof mcc.AdmissionRefusal
         * @instance
         */
        AdmissionRefusal.prototype.code = 0;

        /**
         * Creates a new AdmissionRefusal instance using the specified properties.
         * @function create
         * @memberof mcc.AdmissionRefusal
         * @static
         * @param {mcc.AdmissionRefusal.$Properties=} [properties] Properties to set
         * @returns {mcc.AdmissionRefusal} AdmissionRefusal instance
         * @type {{
         *   (properties: mcc.AdmissionRefusal.$Shape): mcc.AdmissionRefusal & mcc.AdmissionRefusal.$Shape;
         *   (properties?: mcc.AdmissionRefusal.$Properties): mcc.AdmissionRefusal;
         * }}
         */
        AdmissionRefusal.create = function(properties) {
            return new AdmissionRefusal(properties);
        };

        /**
         * Encodes the specified AdmissionRefusal message. Does not implicitly {@link mcc.AdmissionRefusal.verify|verify} messages.
         * @function encode
         * @memberof mcc.AdmissionRefusal
         * @static
         * @param {mcc.AdmissionRefusal.$Properties} message AdmissionRefusal message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        AdmissionRefusal.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).int32(message.code);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an AdmissionRefusal message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.AdmissionRefusal
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.AdmissionRefusal & mcc.AdmissionRefusal.$Shape} AdmissionRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        AdmissionRefusal.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.AdmissionRefusal();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.code = value;
                        else
                            delete message.code;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return AdmissionRefusal;
    })();

    /**
     * RefusalCode enum.
     * @name mcc.RefusalCode
     * @enum {number}
     * @property {number} REFUSAL_OTHER=0 REFUSAL_OTHER value
     * @property {number} REFUSAL_EXPIRED=1 REFUSAL_EXPIRED value
     * @property {number} REFUSAL_USED=2 REFUSAL_USED value
     * @property {number} REFUSAL_UNKNOWN=3 REFUSAL_UNKNOWN value
     * @property {number} REFUSAL_PROOF=4 REFUSAL_PROOF value
     * @property {number} REFUSAL_NAME_TAKEN=5 REFUSAL_NAME_TAKEN value
     * @property {number} REFUSAL_NAME_INVALID=6 REFUSAL_NAME_INVALID value
     * @property {number} REFUSAL_NOT_SIGNER=7 REFUSAL_NOT_SIGNER value
     * @property {number} REFUSAL_BUSY=8 REFUSAL_BUSY value
     * @property {number} REFUSAL_CLOSED=9 REFUSAL_CLOSED value
     * @property {number} REFUSAL_FULL=10 REFUSAL_FULL value
     * @property {number} REFUSAL_WORK=11 REFUSAL_WORK value
     * @property {number} REFUSAL_STALE=12 REFUSAL_STALE value
     * @property {number} REFUSAL_REVOKED=13 REFUSAL_REVOKED value
     */
    mcc.RefusalCode = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "REFUSAL_OTHER"] = 0;
        values[valuesById[1] = "REFUSAL_EXPIRED"] = 1;
        values[valuesById[2] = "REFUSAL_USED"] = 2;
        values[valuesById[3] = "REFUSAL_UNKNOWN"] = 3;
        values[valuesById[4] = "REFUSAL_PROOF"] = 4;
        values[valuesById[5] = "REFUSAL_NAME_TAKEN"] = 5;
        values[valuesById[6] = "REFUSAL_NAME_INVALID"] = 6;
        values[valuesById[7] = "REFUSAL_NOT_SIGNER"] = 7;
        values[valuesById[8] = "REFUSAL_BUSY"] = 8;
        values[valuesById[9] = "REFUSAL_CLOSED"] = 9;
        values[valuesById[10] = "REFUSAL_FULL"] = 10;
        values[valuesById[11] = "REFUSAL_WORK"] = 11;
        values[valuesById[12] = "REFUSAL_STALE"] = 12;
        values[valuesById[13] = "REFUSAL_REVOKED"] = 13;
        return values;
    })();

    mcc.RenewalRequest = (function() {

        /**
         * Properties of a RenewalRequest.
         * @typedef {Object} mcc.RenewalRequest.$Properties
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RenewalRequest.
         * @memberof mcc
         * @interface IRenewalRequest
         * @augments mcc.RenewalRequest.$Properties
         * @deprecated Use mcc.RenewalRequest.$Properties instead.
         */

        /**
         * Shape of a RenewalRequest.
         * @typedef {mcc.RenewalRequest.$Properties} mcc.RenewalRequest.$Shape
         */

        /**
         * Constructs a new RenewalRequest.
         * @memberof mcc
         * @classdesc Represents a RenewalRequest.
         * @constructor
         * @param {mcc.RenewalRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RenewalRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Creates a new RenewalRequest instance using the specified properties.
         * @function create
         * @memberof mcc.RenewalRequest
         * @static
         * @param {mcc.RenewalRequest.$Properties=} [properties] Properties to set
         * @returns {mcc.RenewalRequest} RenewalRequest instance
         * @type {{
         *   (properties: mcc.RenewalRequest.$Shape): mcc.RenewalRequest & mcc.RenewalRequest.$Shape;
         *   (properties?: mcc.RenewalRequest.$Properties): mcc.RenewalRequest;
         * }}
         */
        RenewalRequest.create = function(properties) {
            return new RenewalRequest(properties);
        };

        /**
         * Encodes the specified RenewalRequest message. Does not implicitly {@link mcc.RenewalRequest.verify|verify} messages.
         * @function encode
         * @memberof mcc.RenewalRequest
         * @static
         * @param {mcc.RenewalRequest.$Properties} message RenewalRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RenewalRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RenewalRequest message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RenewalRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RenewalRequest & mcc.RenewalRequest.$Shape} RenewalRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RenewalRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RenewalRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RenewalRequest;
    })();

    mcc.FlowRefusal = (function() {

        /**
         * Properties of a FlowRefusal.
         * @typedef {Object} mcc.FlowRefusal.$Properties
         * @property {number|null} [family] FlowRefusal family
         * @property {number|null} [protocol] FlowRefusal protocol
         * @property {number|null} [selectors] FlowRefusal selectors
         * @property {number|null} [ports] FlowRefusal ports
         * @property {mcc.FlowRefusalCode|null} [code] FlowRefusal code
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a FlowRefusal.
         * @memberof mcc
         * @interface IFlowRefusal
         * @augments mcc.FlowRefusal.$Properties
         * @deprecated Use mcc.FlowRefusal.$Properties instead.
         */

        /**
         * Shape of a FlowRefusal.
         * @typedef {mcc.FlowRefusal.$Properties} mcc.FlowRefusal.$Shape
         */

        /**
         * Constructs a new FlowRefusal.
         * @memberof mcc
         * @classdesc Represents a FlowRefusal.
         * @constructor
         * @param {mcc.FlowRefusal.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const FlowRefusal = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * FlowRefusal family.
         * @member {number} family
         * @memberof mcc.FlowRefusal
         * @instance
         */
        FlowRefusal.prototype.family = 0;

        /**
         * FlowRefusal protocol.
         * @member {number} protocol
         * @memberof mcc.FlowRefusal
         * @instance
         */
        FlowRefusal.prototype.protocol = 0;

        /**
         * FlowRefusal selectors.
         * @member {number} selectors
         * @memberof mcc.FlowRefusal
         * @instance
         */
        FlowRefusal.prototype.selectors = 0;

        /**
         * FlowRefusal ports.
         * @member {number} ports
         * @memberof mcc.FlowRefusal
         * @instance
         */
        FlowRefusal.prototype.ports = 0;

        /**
         * FlowRefusal code.
         * @member {mcc.FlowRefusalCode} code
         * @memberof mcc.FlowRefusal
         * @instance
         */
        FlowRefusal.prototype.code = 0;

        /**
         * Creates a new FlowRefusal instance using the specified properties.
         * @function create
         * @memberof mcc.FlowRefusal
         * @static
         * @param {mcc.FlowRefusal.$Properties=} [properties] Properties to set
         * @returns {mcc.FlowRefusal} FlowRefusal instance
         * @type {{
         *   (properties: mcc.FlowRefusal.$Shape): mcc.FlowRefusal & mcc.FlowRefusal.$Shape;
         *   (properties?: mcc.FlowRefusal.$Properties): mcc.FlowRefusal;
         * }}
         */
        FlowRefusal.create = function(properties) {
            return new FlowRefusal(properties);
        };

        /**
         * Encodes the specified FlowRefusal message. Does not implicitly {@link mcc.FlowRefusal.verify|verify} messages.
         * @function encode
         * @memberof mcc.FlowRefusal
         * @static
         * @param {mcc.FlowRefusal.$Properties} message FlowRefusal message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        FlowRefusal.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.family != null && $Object.hasOwnProperty.call(message, "family") && message.family !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.family);
            if (message.protocol != null && $Object.hasOwnProperty.call(message, "protocol") && message.protocol !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.protocol);
            if (message.selectors != null && $Object.hasOwnProperty.call(message, "selectors") && message.selectors !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.selectors);
            if (message.ports != null && $Object.hasOwnProperty.call(message, "ports") && message.ports !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.ports);
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).int32(message.code);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a FlowRefusal message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.FlowRefusal
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.FlowRefusal & mcc.FlowRefusal.$Shape} FlowRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        FlowRefusal.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.FlowRefusal();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.family = value;
                        else
                            delete message.family;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.protocol = value;
                        else
                            delete message.protocol;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.selectors = value;
                        else
                            delete message.selectors;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.ports = value;
                        else
                            delete message.ports;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.code = value;
                        else
                            delete message.code;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FlowRefusal;
    })();

    /**
     * FlowRefusalCode enum.
     * @name mcc.FlowRefusalCode
     * @enum {number}
     * @property {number} FLOW_POLICY=0 FLOW_POLICY value
     * @property {number} FLOW_TAG=1 FLOW_TAG value
     * @property {number} FLOW_CLOSED=2 FLOW_CLOSED value
     */
    mcc.FlowRefusalCode = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "FLOW_POLICY"] = 0;
        values[valuesById[1] = "FLOW_TAG"] = 1;
        values[valuesById[2] = "FLOW_CLOSED"] = 2;
        return values;
    })();

    mcc.NodeRecords = (function() {

        /**
         * Properties of a NodeRecords.
         * @typedef {Object} mcc.NodeRecords.$Properties
         * @property {Array.<mcc.NodeRecord.$Properties>|null} [nodes] NodeRecords nodes
         * @property {number|null} [relayLeg] NodeRecords relayLeg
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a NodeRecords.
         * @memberof mcc
         * @interface INodeRecords
         * @augments mcc.NodeRecords.$Properties
         * @deprecated Use mcc.NodeRecords.$Properties instead.
         */

        /**
         * Shape of a NodeRecords.
         * @typedef {mcc.NodeRecords.$Properties} mcc.NodeRecords.$Shape
         */

        /**
         * Constructs a new NodeRecords.
         * @memberof mcc
         * @classdesc Represents a NodeRecords.
         * @constructor
         * @param {mcc.NodeRecords.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const NodeRecords = function (properties) {
            this.nodes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * NodeRecords nodes.
         * @member {Array.<mcc.NodeRecord.$Properties>} nodes
         * @memberof mcc.NodeRecords
         * @instance
         */
        NodeRecords.prototype.nodes = $util.emptyArray;

        /**
         * NodeRecords relayLeg.
         * @member {number} relayLeg
         * @memberof mcc.NodeRecords
         * @instance
         */
        NodeRecords.prototype.relayLeg = 0;

        /**
         * Creates a new NodeRecords instance using the specified properties.
         * @function create
         * @memberof mcc.NodeRecords
         * @static
         * @param {mcc.NodeRecords.$Properties=} [properties] Properties to set
         * @returns {mcc.NodeRecords} NodeRecords instance
         * @type {{
         *   (properties: mcc.NodeRecords.$Shape): mcc.NodeRecords & mcc.NodeRecords.$Shape;
         *   (properties?: mcc.NodeRecords.$Properties): mcc.NodeRecords;
         * }}
         */
        NodeRecords.create = function(properties) {
            return new NodeRecords(properties);
        };

        /**
         * Encodes the specified NodeRecords message. Does not implicitly {@link mcc.NodeRecords.verify|verify} messages.
         * @function encode
         * @memberof mcc.NodeRecords
         * @static
         * @param {mcc.NodeRecords.$Properties} message NodeRecords message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        NodeRecords.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nodes != null && message.nodes.length)
                for (let i = 0; i < message.nodes.length; ++i)
                    $root.mcc.NodeRecord.encode(message.nodes[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.relayLeg != null && $Object.hasOwnProperty.call(message, "relayLeg") && message.relayLeg !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.relayLeg);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a NodeRecords message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.NodeRecords
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.NodeRecords & mcc.NodeRecords.$Shape} NodeRecords
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        NodeRecords.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.NodeRecords();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.nodes && message.nodes.length))
                            message.nodes = [];
                        message.nodes.push($root.mcc.NodeRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.relayLeg = value;
                        else
                            delete message.relayLeg;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return NodeRecords;
    })();

    mcc.NodeRecord = (function() {

        /**
         * Properties of a NodeRecord.
         * @typedef {Object} mcc.NodeRecord.$Properties
         * @property {Uint8Array|null} [nodeId] NodeRecord nodeId
         * @property {string|null} [name] NodeRecord name
         * @property {Uint8Array|null} [organisation] NodeRecord organisation
         * @property {Array.<mcc.Address.$Properties>|null} [addresses] NodeRecord addresses
         * @property {boolean|null} [core] NodeRecord core
         * @property {Array.<mcc.RelayHint.$Properties>|null} [relays] NodeRecord relays
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a NodeRecord.
         * @memberof mcc
         * @interface INodeRecord
         * @augments mcc.NodeRecord.$Properties
         * @deprecated Use mcc.NodeRecord.$Properties instead.
         */

        /**
         * Shape of a NodeRecord.
         * @typedef {mcc.NodeRecord.$Properties} mcc.NodeRecord.$Shape
         */

        /**
         * Constructs a new NodeRecord.
         * @memberof mcc
         * @classdesc Represents a NodeRecord.
         * @constructor
         * @param {mcc.NodeRecord.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const NodeRecord = function (properties) {
            this.addresses = [];
            this.relays = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * NodeRecord nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.NodeRecord
         * @instance
         */
        NodeRecord.prototype.nodeId = $util.newBuffer([]);

        /**
         * NodeRecord name.
         * @member {string} name
         * @memberof mcc.NodeRecord
         * @instance
         */
        NodeRecord.prototype.name = "";

        /**
         * NodeRecord organisation.
         * @member {Uint8Array} organisation
         * @memberof mcc.NodeRecord
         * @instance
         */
        NodeRecord.prototype.organisation = $util.newBuffer([]);

        /**
         * NodeRecord addresses.
         * @member {Array.<mcc.Address.$Properties>} addresses
         * @memberof mcc.NodeRecord
         * @instance
         */
        NodeRecord.prototype.addresses = $util.emptyArray;

        /**
         * NodeRecord core.
         * @member {boolean} core
         * @memberof mcc.NodeRecord
         * @instance
         */
        NodeRecord.prototype.core = false;

        /**
         * NodeRecord relays.
         * @member {Array.<mcc.RelayHint.$Properties>} relays
         * @memberof mcc.NodeRecord
         * @instance
         */
        NodeRecord.prototype.relays = $util.emptyArray;

        /**
         * Creates a new NodeRecord instance using the specified properties.
         * @function create
         * @memberof mcc.NodeRecord
         * @static
         * @param {mcc.NodeRecord.$Properties=} [properties] Properties to set
         * @returns {mcc.NodeRecord} NodeRecord instance
         * @type {{
         *   (properties: mcc.NodeRecord.$Shape): mcc.NodeRecord & mcc.NodeRecord.$Shape;
         *   (properties?: mcc.NodeRecord.$Properties): mcc.NodeRecord;
         * }}
         */
        NodeRecord.create = function(properties) {
            return new NodeRecord(properties);
        };

        /**
         * Encodes the specified NodeRecord message. Does not implicitly {@link mcc.NodeRecord.verify|verify} messages.
         * @function encode
         * @memberof mcc.NodeRecord
         * @static
         * @param {mcc.NodeRecord.$Properties} message NodeRecord message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        NodeRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeId);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation") && message.organisation.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.organisation);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    $root.mcc.Address.encode(message.addresses[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.core != null && $Object.hasOwnProperty.call(message, "core") && message.core !== false)
                writer.uint32(/* id 5, wireType 0 =*/40).bool(message.core);
            if (message.relays != null && message.relays.length)
                for (let i = 0; i < message.relays.length; ++i)
                    $root.mcc.RelayHint.encode(message.relays[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a NodeRecord message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.NodeRecord
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.NodeRecord & mcc.NodeRecord.$Shape} NodeRecord
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        NodeRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.NodeRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.organisation = value;
                        else
                            delete message.organisation;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push($root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.core = value;
                        else
                            delete message.core;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.relays && message.relays.length))
                            message.relays = [];
                        message.relays.push($root.mcc.RelayHint.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return NodeRecord;
    })();

    mcc.DialRequest = (function() {

        /**
         * Properties of a DialRequest.
         * @typedef {Object} mcc.DialRequest.$Properties
         * @property {Uint8Array|null} [nodeId] DialRequest nodeId
         * @property {mcc.Address.$Properties|null} [address] DialRequest address
         * @property {Uint8Array|null} [padding] DialRequest padding
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DialRequest.
         * @memberof mcc
         * @interface IDialRequest
         * @augments mcc.DialRequest.$Properties
         * @deprecated Use mcc.DialRequest.$Properties instead.
         */

        /**
         * Shape of a DialRequest.
         * @typedef {mcc.DialRequest.$Properties} mcc.DialRequest.$Shape
         */

        /**
         * Constructs a new DialRequest.
         * @memberof mcc
         * @classdesc Represents a DialRequest.
         * @constructor
         * @param {mcc.DialRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DialRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DialRequest nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.DialRequest
         * @instance
         */
        DialRequest.prototype.nodeId = $util.newBuffer([]);

        /**
         * DialRequest address.
         * @member {mcc.Address.$Properties|null|undefined} address
         * @memberof mcc.DialRequest
         * @instance
         */
        DialRequest.prototype.address = null;

        /**
         * DialRequest padding.
         * @member {Uint8Array} padding
         * @memberof mcc.DialRequest
         * @instance
         */
        DialRequest.prototype.padding = $util.newBuffer([]);

        /**
         * Creates a new DialRequest instance using the specified properties.
         * @function create
         * @memberof mcc.DialRequest
         * @static
         * @param {mcc.DialRequest.$Properties=} [properties] Properties to set
         * @returns {mcc.DialRequest} DialRequest instance
         * @type {{
         *   (properties: mcc.DialRequest.$Shape): mcc.DialRequest & mcc.DialRequest.$Shape;
         *   (properties?: mcc.DialRequest.$Properties): mcc.DialRequest;
         * }}
         */
        DialRequest.create = function(properties) {
            return new DialRequest(properties);
        };

        /**
         * Encodes the specified DialRequest message. Does not implicitly {@link mcc.DialRequest.verify|verify} messages.
         * @function encode
         * @memberof mcc.DialRequest
         * @static
         * @param {mcc.DialRequest.$Properties} message DialRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DialRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeId);
            if (message.address != null && $Object.hasOwnProperty.call(message, "address"))
                $root.mcc.Address.encode(message.address, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.padding != null && $Object.hasOwnProperty.call(message, "padding") && message.padding.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.padding);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a DialRequest message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.DialRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.DialRequest & mcc.DialRequest.$Shape} DialRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DialRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.DialRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.address = $root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1, message.address);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.padding = value;
                        else
                            delete message.padding;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DialRequest;
    })();

    mcc.Close = (function() {

        /**
         * Properties of a Close.
         * @typedef {Object} mcc.Close.$Properties
         * @property {mcc.CloseReason|null} [reason] Close reason
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Close.
         * @memberof mcc
         * @interface IClose
         * @augments mcc.Close.$Properties
         * @deprecated Use mcc.Close.$Properties instead.
         */

        /**
         * Shape of a Close.
         * @typedef {mcc.Close.$Properties} mcc.Close.$Shape
         */

        /**
         * Constructs a new Close.
         * @memberof mcc
         * @classdesc Represents a Close.
         * @constructor
         * @param {mcc.Close.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Close = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Close reason.
         * @member {mcc.CloseReason} reason
         * @memberof mcc.Close
         * @instance
         */
        Close.prototype.reason = 0;

        /**
         * Creates a new Close instance using the specified properties.
         * @function create
         * @memberof mcc.Close
         * @static
         * @param {mcc.Close.$Properties=} [properties] Properties to set
         * @returns {mcc.Close} Close instance
         * @type {{
         *   (properties: mcc.Close.$Shape): mcc.Close & mcc.Close.$Shape;
         *   (properties?: mcc.Close.$Properties): mcc.Close;
         * }}
         */
        Close.create = function(properties) {
            return new Close(properties);
        };

        /**
         * Encodes the specified Close message. Does not implicitly {@link mcc.Close.verify|verify} messages.
         * @function encode
         * @memberof mcc.Close
         * @static
         * @param {mcc.Close.$Properties} message Close message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Close.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).int32(message.reason);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Close message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Close
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Close & mcc.Close.$Shape} Close
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Close.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Close();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.reason = value;
                        else
                            delete message.reason;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Close;
    })();

    /**
     * CloseReason enum.
     * @name mcc.CloseReason
     * @enum {number}
     * @property {number} CLOSE_OTHER=0 CLOSE_OTHER value
     * @property {number} CLOSE_SHUTDOWN=1 CLOSE_SHUTDOWN value
     * @property {number} CLOSE_EVICTED=2 CLOSE_EVICTED value
     * @property {number} CLOSE_REVOKED=3 CLOSE_REVOKED value
     * @property {number} CLOSE_NOT_MEMBER=4 CLOSE_NOT_MEMBER value
     * @property {number} CLOSE_EXPIRED=5 CLOSE_EXPIRED value
     */
    mcc.CloseReason = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "CLOSE_OTHER"] = 0;
        values[valuesById[1] = "CLOSE_SHUTDOWN"] = 1;
        values[valuesById[2] = "CLOSE_EVICTED"] = 2;
        values[valuesById[3] = "CLOSE_REVOKED"] = 3;
        values[valuesById[4] = "CLOSE_NOT_MEMBER"] = 4;
        values[valuesById[5] = "CLOSE_EXPIRED"] = 5;
        return values;
    })();

    mcc.DhtQuestion = (function() {

        /**
         * Properties of a DhtQuestion.
         * @typedef {Object} mcc.DhtQuestion.$Properties
         * @property {number|null} [id] DhtQuestion id
         * @property {Uint8Array|null} [key] DhtQuestion key
         * @property {boolean|null} [records] DhtQuestion records
         * @property {boolean|null} [client] DhtQuestion client
         * @property {number|null} [seed] DhtQuestion seed
         * @property {number|null} [offset] DhtQuestion offset
         * @property {Uint8Array|null} [publisher] DhtQuestion publisher
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DhtQuestion.
         * @memberof mcc
         * @interface IDhtQuestion
         * @augments mcc.DhtQuestion.$Properties
         * @deprecated Use mcc.DhtQuestion.$Properties instead.
         */

        /**
         * Shape of a DhtQuestion.
         * @typedef {mcc.DhtQuestion.$Properties} mcc.DhtQuestion.$Shape
         */

        /**
         * Constructs a new DhtQuestion.
         * @memberof mcc
         * @classdesc Represents a DhtQuestion.
         * @constructor
         * @param {mcc.DhtQuestion.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DhtQuestion = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DhtQuestion id.
         * @member {number} id
         * @memberof mcc.DhtQuestion
         * @instance
         */
        DhtQuestion.prototype.id = 0;

        /**
         * DhtQuestion key.
         * @member {Uint8Array} key
         * @memberof mcc.DhtQuestion
         * @instance
         */
        DhtQuestion.prototype.key = $util.newBuffer([]);

        /**
         * DhtQuestion records.
         * @member {boolean} records
         * @memberof mcc.DhtQuestion
         * @instance
         */
        DhtQuestion.prototype.records = false;

        /**
         * DhtQuestion client.
         * @member {boolean} client
         * @memberof mcc.DhtQuestion
         * @instance
         */
        DhtQuestion.prototype.client = false;

        /**
         * DhtQuestion seed.
         * @member {number} seed
         * @memberof mcc.DhtQuestion
         * @instance
         */
        DhtQuestion.prototype.seed = 0;

        /**
         * DhtQuestion offset.
         * @member {number} offset
         * @memberof mcc.DhtQuestion
         * @instance
         */
        DhtQuestion.prototype.offset = 0;

        /**
         * DhtQuestion publisher.
         * @member {Uint8Array} publisher
         * @memberof mcc.DhtQuestion
         * @instance
         */
        DhtQuestion.prototype.publisher = $util.newBuffer([]);

        /**
         * Creates a new DhtQuestion instance using the specified properties.
         * @function create
         * @memberof mcc.DhtQuestion
         * @static
         * @param {mcc.DhtQuestion.$Properties=} [properties] Properties to set
         * @returns {mcc.DhtQuestion} DhtQuestion instance
         * @type {{
         *   (properties: mcc.DhtQuestion.$Shape): mcc.DhtQuestion & mcc.DhtQuestion.$Shape;
         *   (properties?: mcc.DhtQuestion.$Properties): mcc.DhtQuestion;
         * }}
         */
        DhtQuestion.create = function(properties) {
            return new DhtQuestion(properties);
        };

        /**
         * Encodes the specified DhtQuestion message. Does not implicitly {@link mcc.DhtQuestion.verify|verify} messages.
         * @function encode
         * @memberof mcc.DhtQuestion
         * @static
         * @param {mcc.DhtQuestion.$Properties} message DhtQuestion message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DhtQuestion.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.key);
            if (message.records != null && $Object.hasOwnProperty.call(message, "records") && message.records !== false)
                writer.uint32(/* id 3, wireType 0 =*/24).bool(message.records);
            if (message.client != null && $Object.hasOwnProperty.call(message, "client") && message.client !== false)
                writer.uint32(/* id 4, wireType 0 =*/32).bool(message.client);
            if (message.seed != null && $Object.hasOwnProperty.call(message, "seed") && message.seed !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.seed);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && message.offset !== 0)
                writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.offset);
            if (message.publisher != null && $Object.hasOwnProperty.call(message, "publisher") && message.publisher.length)
                writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.publisher);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a DhtQuestion message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.DhtQuestion
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.DhtQuestion & mcc.DhtQuestion.$Shape} DhtQuestion
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DhtQuestion.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.DhtQuestion();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.records = value;
                        else
                            delete message.records;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.client = value;
                        else
                            delete message.client;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.seed = value;
                        else
                            delete message.seed;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.publisher = value;
                        else
                            delete message.publisher;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DhtQuestion;
    })();

    mcc.DhtAnswer = (function() {

        /**
         * Properties of a DhtAnswer.
         * @typedef {Object} mcc.DhtAnswer.$Properties
         * @property {number|null} [id] DhtAnswer id
         * @property {Array.<mcc.DhtContact.$Properties>|null} [contacts] DhtAnswer contacts
         * @property {Array.<Uint8Array>|null} [records] DhtAnswer records
         * @property {number|null} [total] DhtAnswer total
         * @property {Uint8Array|null} [token] DhtAnswer token
         * @property {number|null} [spread] DhtAnswer spread
         * @property {Uint8Array|null} [chain] DhtAnswer chain
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DhtAnswer.
         * @memberof mcc
         * @interface IDhtAnswer
         * @augments mcc.DhtAnswer.$Properties
         * @deprecated Use mcc.DhtAnswer.$Properties instead.
         */

        /**
         * Shape of a DhtAnswer.
         * @typedef {mcc.DhtAnswer.$Properties} mcc.DhtAnswer.$Shape
         */

        /**
         * Constructs a new DhtAnswer.
         * @memberof mcc
         * @classdesc Represents a DhtAnswer.
         * @constructor
         * @param {mcc.DhtAnswer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DhtAnswer = function (properties) {
            this.contacts = [];
            this.records = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DhtAnswer id.
         * @member {number} id
         * @memberof mcc.DhtAnswer
         * @instance
         */
        DhtAnswer.prototype.id = 0;

        /**
         * DhtAnswer contacts.
         * @member {Array.<mcc.DhtContact.$Properties>} contacts
         * @memberof mcc.DhtAnswer
         * @instance
         */
        DhtAnswer.prototype.contacts = $util.emptyArray;

        /**
         * DhtAnswer records.
         * @member {Array.<Uint8Array>} records
         * @memberof mcc.DhtAnswer
         * @instance
         */
        DhtAnswer.prototype.records = $util.emptyArray;

        /**
         * DhtAnswer total.
         * @member {number} total
         * @memberof mcc.DhtAnswer
         * @instance
         */
        DhtAnswer.prototype.total = 0;

        /**
         * DhtAnswer token.
         * @member {Uint8Array} token
         * @memberof mcc.DhtAnswer
         * @instance
         */
        DhtAnswer.prototype.token = $util.newBuffer([]);

        /**
         * DhtAnswer spread.
         * @member {number} spread
         * @memberof mcc.DhtAnswer
         * @instance
         */
        DhtAnswer.prototype.spread = 0;

        /**
         * DhtAnswer chain.
         * @member {Uint8Array} chain
         * @memberof mcc.DhtAnswer
         * @instance
         */
        DhtAnswer.prototype.chain = $util.newBuffer([]);

        /**
         * Creates a new DhtAnswer instance using the specified properties.
         * @function create
         * @memberof mcc.DhtAnswer
         * @static
         * @param {mcc.DhtAnswer.$Properties=} [properties] Properties to set
         * @returns {mcc.DhtAnswer} DhtAnswer instance
         * @type {{
         *   (properties: mcc.DhtAnswer.$Shape): mcc.DhtAnswer & mcc.DhtAnswer.$Shape;
         *   (properties?: mcc.DhtAnswer.$Properties): mcc.DhtAnswer;
         * }}
         */
        DhtAnswer.create = function(properties) {
            return new DhtAnswer(properties);
        };

        /**
         * Encodes the specified DhtAnswer message. Does not implicitly {@link mcc.DhtAnswer.verify|verify} messages.
         * @function encode
         * @memberof mcc.DhtAnswer
         * @static
         * @param {mcc.DhtAnswer.$Properties} message DhtAnswer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DhtAnswer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.contacts != null && message.contacts.length)
                for (let i = 0; i < message.contacts.length; ++i)
                    $root.mcc.DhtContact.encode(message.contacts[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.records != null && message.records.length)
                for (let i = 0; i < message.records.length; ++i)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.records[i]);
            if (message.total != null && $Object.hasOwnProperty.call(message, "total") && message.total !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.total);
            if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token.length)
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.token);
            if (message.spread != null && $Object.hasOwnProperty.call(message, "spread") && message.spread !== 0)
                writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.spread);
            if (message.chain != null && $Object.hasOwnProperty.call(message, "chain") && message.chain.length)
                writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.chain);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a DhtAnswer message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.DhtAnswer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.DhtAnswer & mcc.DhtAnswer.$Shape} DhtAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DhtAnswer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.DhtAnswer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.contacts && message.contacts.length))
                            message.contacts = [];
                        message.contacts.push($root.mcc.DhtContact.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.records && message.records.length))
                            message.records = [];
                        message.records.push(reader.bytes());
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.total = value;
                        else
                            delete message.total;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.token = value;
                        else
                            delete message.token;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.spread = value;
                        else
                            delete message.spread;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.chain = value;
                        else
                            delete message.chain;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DhtAnswer;
    })();

    mcc.DhtContact = (function() {

        /**
         * Properties of a DhtContact.
         * @typedef {Object} mcc.DhtContact.$Properties
         * @property {Uint8Array|null} [nodeId] DhtContact nodeId
         * @property {Uint8Array|null} [nonce] DhtContact nonce
         * @property {Array.<mcc.Address.$Properties>|null} [addresses] DhtContact addresses
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DhtContact.
         * @memberof mcc
         * @interface IDhtContact
         * @augments mcc.DhtContact.$Properties
         * @deprecated Use mcc.DhtContact.$Properties instead.
         */

        /**
         * Shape of a DhtContact.
         * @typedef {mcc.DhtContact.$Properties} mcc.DhtContact.$Shape
         */

        /**
         * Constructs a new DhtContact.
         * @memberof mcc
         * @classdesc Represents a DhtContact.
         * @constructor
         * @param {mcc.DhtContact.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DhtContact = function (properties) {
            this.addresses = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DhtContact nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.DhtContact
         * @instance
         */
        DhtContact.prototype.nodeId = $util.newBuffer([]);

        /**
         * DhtContact nonce.
         * @member {Uint8Array} nonce
         * @memberof mcc.DhtContact
         * @instance
         */
        DhtContact.prototype.nonce = $util.newBuffer([]);

        /**
         * DhtContact addresses.
         * @member {Array.<mcc.Address.$Properties>} addresses
         * @memberof mcc.DhtContact
         * @instance
         */
        DhtContact.prototype.addresses = $util.emptyArray;

        /**
         * Creates a new DhtContact instance using the specified properties.
         * @function create
         * @memberof mcc.DhtContact
         * @static
         * @param {mcc.DhtContact.$Properties=} [properties] Properties to set
         * @returns {mcc.DhtContact} DhtContact instance
         * @type {{
         *   (properties: mcc.DhtContact.$Shape): mcc.DhtContact & mcc.DhtContact.$Shape;
         *   (properties?: mcc.DhtContact.$Properties): mcc.DhtContact;
         * }}
         */
        DhtContact.create = function(properties) {
            return new DhtContact(properties);
        };

        /**
         * Encodes the specified DhtContact message. Does not implicitly {@link mcc.DhtContact.verify|verify} messages.
         * @function encode
         * @memberof mcc.DhtContact
         * @static
         * @param {mcc.DhtContact.$Properties} message DhtContact message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DhtContact.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeId);
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.nonce);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    $root.mcc.Address.encode(message.addresses[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a DhtContact message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.DhtContact
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.DhtContact & mcc.DhtContact.$Shape} DhtContact
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DhtContact.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.DhtContact();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push($root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DhtContact;
    })();

    mcc.DhtStore = (function() {

        /**
         * Properties of a DhtStore.
         * @typedef {Object} mcc.DhtStore.$Properties
         * @property {number|null} [id] DhtStore id
         * @property {Uint8Array|null} [token] DhtStore token
         * @property {Uint8Array|null} [record] DhtStore record
         * @property {Uint8Array|null} [chain] DhtStore chain
         * @property {number|null} [shard] DhtStore shard
         * @property {boolean|null} [replica] DhtStore replica
         * @property {number|null} [spread] DhtStore spread
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DhtStore.
         * @memberof mcc
         * @interface IDhtStore
         * @augments mcc.DhtStore.$Properties
         * @deprecated Use mcc.DhtStore.$Properties instead.
         */

        /**
         * Shape of a DhtStore.
         * @typedef {mcc.DhtStore.$Properties} mcc.DhtStore.$Shape
         */

        /**
         * Constructs a new DhtStore.
         * @memberof mcc
         * @classdesc Represents a DhtStore.
         * @constructor
         * @param {mcc.DhtStore.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DhtStore = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DhtStore id.
         * @member {number} id
         * @memberof mcc.DhtStore
         * @instance
         */
        DhtStore.prototype.id = 0;

        /**
         * DhtStore token.
         * @member {Uint8Array} token
         * @memberof mcc.DhtStore
         * @instance
         */
        DhtStore.prototype.token = $util.newBuffer([]);

        /**
         * DhtStore record.
         * @member {Uint8Array} record
         * @memberof mcc.DhtStore
         * @instance
         */
        DhtStore.prototype.record = $util.newBuffer([]);

        /**
         * DhtStore chain.
         * @member {Uint8Array} chain
         * @memberof mcc.DhtStore
         * @instance
         */
        DhtStore.prototype.chain = $util.newBuffer([]);

        /**
         * DhtStore shard.
         * @member {number} shard
         * @memberof mcc.DhtStore
         * @instance
         */
        DhtStore.prototype.shard = 0;

        /**
         * DhtStore replica.
         * @member {boolean} replica
         * @memberof mcc.DhtStore
         * @instance
         */
        DhtStore.prototype.replica = false;

        /**
         * DhtStore spread.
         * @member {number} spread
         * @memberof mcc.DhtStore
         * @instance
         */
        DhtStore.prototype.spread = 0;

        /**
         * Creates a new DhtStore instance using the specified properties.
         * @function create
         * @memberof mcc.DhtStore
         * @static
         * @param {mcc.DhtStore.$Properties=} [properties] Properties to set
         * @returns {mcc.DhtStore} DhtStore instance
         * @type {{
         *   (properties: mcc.DhtStore.$Shape): mcc.DhtStore & mcc.DhtStore.$Shape;
         *   (properties?: mcc.DhtStore.$Properties): mcc.DhtStore;
         * }}
         */
        DhtStore.create = function(properties) {
            return new DhtStore(properties);
        };

        /**
         * Encodes the specified DhtStore message. Does not implicitly {@link mcc.DhtStore.verify|verify} messages.
         * @function encode
         * @memberof mcc.DhtStore
         * @static
         * @param {mcc.DhtStore.$Properties} message DhtStore message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DhtStore.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.token);
            if (message.record != null && $Object.hasOwnProperty.call(message, "record") && message.record.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.record);
            if (message.chain != null && $Object.hasOwnProperty.call(message, "chain") && message.chain.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.chain);
            if (message.shard != null && $Object.hasOwnProperty.call(message, "shard") && message.shard !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.shard);
            if (message.replica != null && $Object.hasOwnProperty.call(message, "replica") && message.replica !== false)
                writer.uint32(/* id 6, wireType 0 =*/48).bool(message.replica);
            if (message.spread != null && $Object.hasOwnProperty.call(message, "spread") && message.spread !== 0)
                writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.spread);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a DhtStore message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.DhtStore
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.DhtStore & mcc.DhtStore.$Shape} DhtStore
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DhtStore.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.DhtStore();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.token = value;
                        else
                            delete message.token;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.record = value;
                        else
                            delete message.record;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.chain = value;
                        else
                            delete message.chain;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.shard = value;
                        else
                            delete message.shard;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.replica = value;
                        else
                            delete message.replica;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.spread = value;
                        else
                            delete message.spread;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DhtStore;
    })();

    mcc.DhtStoreAnswer = (function() {

        /**
         * Properties of a DhtStoreAnswer.
         * @typedef {Object} mcc.DhtStoreAnswer.$Properties
         * @property {number|null} [id] DhtStoreAnswer id
         * @property {mcc.DhtStoreCode|null} [code] DhtStoreAnswer code
         * @property {number|null} [spread] DhtStoreAnswer spread
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DhtStoreAnswer.
         * @memberof mcc
         * @interface IDhtStoreAnswer
         * @augments mcc.DhtStoreAnswer.$Properties
         * @deprecated Use mcc.DhtStoreAnswer.$Properties instead.
         */

        /**
         * Shape of a DhtStoreAnswer.
         * @typedef {mcc.DhtStoreAnswer.$Properties} mcc.DhtStoreAnswer.$Shape
         */

        /**
         * Constructs a new DhtStoreAnswer.
         * @memberof mcc
         * @classdesc Represents a DhtStoreAnswer.
         * @constructor
         * @param {mcc.DhtStoreAnswer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DhtStoreAnswer = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DhtStoreAnswer id.
         * @member {number} id
         * @memberof mcc.DhtStoreAnswer
         * @instance
         */
        DhtStoreAnswer.prototype.id = 0;

        /**
         * DhtStoreAnswer code.
         * @member {mcc.DhtStoreCode} code
         * @memberof mcc.DhtStoreAnswer
         * @instance
         */
        DhtStoreAnswer.prototype.code = 0;

        /**
         * DhtStoreAnswer spread.
         * @member {number} spread
         * @memberof mcc.DhtStoreAnswer
         * @instance
         */
        DhtStoreAnswer.prototype.spread = 0;

        /**
         * Creates a new DhtStoreAnswer instance using the specified properties.
         * @function create
         * @memberof mcc.DhtStoreAnswer
         * @static
         * @param {mcc.DhtStoreAnswer.$Properties=} [properties] Properties to set
         * @returns {mcc.DhtStoreAnswer} DhtStoreAnswer instance
         * @type {{
         *   (properties: mcc.DhtStoreAnswer.$Shape): mcc.DhtStoreAnswer & mcc.DhtStoreAnswer.$Shape;
         *   (properties?: mcc.DhtStoreAnswer.$Properties): mcc.DhtStoreAnswer;
         * }}
         */
        DhtStoreAnswer.create = function(properties) {
            return new DhtStoreAnswer(properties);
        };

        /**
         * Encodes the specified DhtStoreAnswer message. Does not implicitly {@link mcc.DhtStoreAnswer.verify|verify} messages.
         * @function encode
         * @memberof mcc.DhtStoreAnswer
         * @static
         * @param {mcc.DhtStoreAnswer.$Properties} message DhtStoreAnswer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DhtStoreAnswer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.code);
            if (message.spread != null && $Object.hasOwnProperty.call(message, "spread") && message.spread !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.spread);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a DhtStoreAnswer message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.DhtStoreAnswer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.DhtStoreAnswer & mcc.DhtStoreAnswer.$Shape} DhtStoreAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DhtStoreAnswer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.DhtStoreAnswer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.code = value;
                        else
                            delete message.code;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.spread = value;
                        else
                            delete message.spread;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DhtStoreAnswer;
    })();

    /**
     * DhtStoreCode enum.
     * @name mcc.DhtStoreCode
     * @enum {number}
     * @property {number} DHT_STORE_REFUSED=0 DHT_STORE_REFUSED value
     * @property {number} DHT_STORE_DONE=1 DHT_STORE_DONE value
     * @property {number} DHT_STORE_FULL=2 DHT_STORE_FULL value
     * @property {number} DHT_STORE_OLD=3 DHT_STORE_OLD value
     * @property {number} DHT_STORE_TOKEN=4 DHT_STORE_TOKEN value
     * @property {number} DHT_STORE_CHAIN=5 DHT_STORE_CHAIN value
     * @property {number} DHT_STORE_BUSY=6 DHT_STORE_BUSY value
     */
    mcc.DhtStoreCode = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "DHT_STORE_REFUSED"] = 0;
        values[valuesById[1] = "DHT_STORE_DONE"] = 1;
        values[valuesById[2] = "DHT_STORE_FULL"] = 2;
        values[valuesById[3] = "DHT_STORE_OLD"] = 3;
        values[valuesById[4] = "DHT_STORE_TOKEN"] = 4;
        values[valuesById[5] = "DHT_STORE_CHAIN"] = 5;
        values[valuesById[6] = "DHT_STORE_BUSY"] = 6;
        return values;
    })();

    mcc.SignedRecord = (function() {

        /**
         * Properties of a SignedRecord.
         * @typedef {Object} mcc.SignedRecord.$Properties
         * @property {Uint8Array|null} [record] SignedRecord record
         * @property {Uint8Array|null} [signature] SignedRecord signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedRecord.
         * @memberof mcc
         * @interface ISignedRecord
         * @augments mcc.SignedRecord.$Properties
         * @deprecated Use mcc.SignedRecord.$Properties instead.
         */

        /**
         * Shape of a SignedRecord.
         * @typedef {mcc.SignedRecord.$Properties} mcc.SignedRecord.$Shape
         */

        /**
         * Constructs a new SignedRecord.
         * @memberof mcc
         * @classdesc Represents a SignedRecord.
         * @constructor
         * @param {mcc.SignedRecord.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedRecord = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedRecord record.
         * @member {Uint8Array} record
         * @memberof mcc.SignedRecord
         * @instance
         */
        SignedRecord.prototype.record = $util.newBuffer([]);

        /**
         * SignedRecord signature.
         * @member {Uint8Array} signature
         * @memberof mcc.SignedRecord
         * @instance
         */
        SignedRecord.prototype.signature = $util.newBuffer([]);

        /**
         * Creates a new SignedRecord instance using the specified properties.
         * @function create
         * @memberof mcc.SignedRecord
         * @static
         * @param {mcc.SignedRecord.$Properties=} [properties] Properties to set
         * @returns {mcc.SignedRecord} SignedRecord instance
         * @type {{
         *   (properties: mcc.SignedRecord.$Shape): mcc.SignedRecord & mcc.SignedRecord.$Shape;
         *   (properties?: mcc.SignedRecord.$Properties): mcc.SignedRecord;
         * }}
         */
        SignedRecord.create = function(properties) {
            return new SignedRecord(properties);
        };

        /**
         * Encodes the specified SignedRecord message. Does not implicitly {@link mcc.SignedRecord.verify|verify} messages.
         * @function encode
         * @memberof mcc.SignedRecord
         * @static
         * @param {mcc.SignedRecord.$Properties} message SignedRecord message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.record != null && $Object.hasOwnProperty.call(message, "record") && message.record.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.record);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignedRecord message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SignedRecord
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SignedRecord & mcc.SignedRecord.$Shape} SignedRecord
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SignedRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.record = value;
                        else
                            delete message.record;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SignedRecord;
    })();

    mcc.Record = (function() {

        /**
         * Properties of a Record.
         * @typedef {Object} mcc.Record.$Properties
         * @property {mcc.RecordKind|null} [kind] Record kind
         * @property {Uint8Array|null} [publisher] Record publisher
         * @property {number|null} [sequence] Record sequence
         * @property {number|null} [expires] Record expires
         * @property {string|null} [name] Record name
         * @property {boolean|null} [withdrawn] Record withdrawn
         * @property {mcc.NodeBody.$Properties|null} [node] Record node
         * @property {mcc.ServiceBody.$Properties|null} [service] Record service
         * @property {Uint8Array|null} [value] Record value
         * @property {Uint8Array|null} [place] Record place
         * @property {Uint8Array|null} [epoch] Record epoch
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Record.
         * @memberof mcc
         * @interface IRecord
         * @augments mcc.Record.$Properties
         * @deprecated Use mcc.Record.$Properties instead.
         */

        /**
         * Shape of a Record.
         * @typedef {mcc.Record.$Properties} mcc.Record.$Shape
         */

        /**
         * Constructs a new Record.
         * @memberof mcc
         * @classdesc Represents a Record.
         * @constructor
         * @param {mcc.Record.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Record = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Record kind.
         * @member {mcc.RecordKind} kind
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.kind = 0;

        /**
         * Record publisher.
         * @member {Uint8Array} publisher
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.publisher = $util.newBuffer([]);

        /**
         * Record sequence.
         * @member {number} sequence
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Record expires.
         * @member {number} expires
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.expires = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Record name.
         * @member {string} name
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.name = "";

        /**
         * Record withdrawn.
         * @member {boolean} withdrawn
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.withdrawn = false;

        /**
         * Record node.
         * @member {mcc.NodeBody.$Properties|null|undefined} node
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.node = null;

        /**
         * Record service.
         * @member {mcc.ServiceBody.$Properties|null|undefined} service
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.service = null;

        /**
         * Record value.
         * @member {Uint8Array} value
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.value = $util.newBuffer([]);

        /**
         * Record place.
         * @member {Uint8Array} place
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.place = $util.newBuffer([]);

        /**
         * Record epoch.
         * @member {Uint8Array} epoch
         * @memberof mcc.Record
         * @instance
         */
        Record.prototype.epoch = $util.newBuffer([]);

        /**
         * Creates a new Record instance using the specified properties.
         * @function create
         * @memberof mcc.Record
         * @static
         * @param {mcc.Record.$Properties=} [properties] Properties to set
         * @returns {mcc.Record} Record instance
         * @type {{
         *   (properties: mcc.Record.$Shape): mcc.Record & mcc.Record.$Shape;
         *   (properties?: mcc.Record.$Properties): mcc.Record;
         * }}
         */
        Record.create = function(properties) {
            return new Record(properties);
        };

        /**
         * Encodes the specified Record message. Does not implicitly {@link mcc.Record.verify|verify} messages.
         * @function encode
         * @memberof mcc.Record
         * @static
         * @param {mcc.Record.$Properties} message Record message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Record.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).int32(message.kind);
            if (message.publisher != null && $Object.hasOwnProperty.call(message, "publisher") && message.publisher.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.publisher);
            if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.sequence);
            if (message.expires != null && $Object.hasOwnProperty.call(message, "expires") && (typeof message.expires === "object" ? message.expires.low || message.expires.high : message.expires !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.expires);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 5, wireType 2 =*/42).string(message.name);
            if (message.withdrawn != null && $Object.hasOwnProperty.call(message, "withdrawn") && message.withdrawn !== false)
                writer.uint32(/* id 6, wireType 0 =*/48).bool(message.withdrawn);
            if (message.node != null && $Object.hasOwnProperty.call(message, "node"))
                $root.mcc.NodeBody.encode(message.node, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.service != null && $Object.hasOwnProperty.call(message, "service"))
                $root.mcc.ServiceBody.encode(message.service, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.value);
            if (message.place != null && $Object.hasOwnProperty.call(message, "place") && message.place.length)
                writer.uint32(/* id 10, wireType 2 =*/82).bytes(message.place);
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch.length)
                writer.uint32(/* id 11, wireType 2 =*/90).bytes(message.epoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Record message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Record
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Record & mcc.Record.$Shape} Record
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Record.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Record();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.kind = value;
                        else
                            delete message.kind;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.publisher = value;
                        else
                            delete message.publisher;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.sequence = value;
                        else
                            delete message.sequence;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.expires = value;
                        else
                            delete message.expires;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.withdrawn = value;
                        else
                            delete message.withdrawn;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.node = $root.mcc.NodeBody.decode(reader, reader.size(), $undefined, _depth + 1, message.node);
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.service = $root.mcc.ServiceBody.decode(reader, reader.size(), $undefined, _depth + 1, message.service);
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.place = value;
                        else
                            delete message.place;
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Record;
    })();

    /**
     * RecordKind enum.
     * @name mcc.RecordKind
     * @enum {number}
     * @property {number} RECORD_NODE=0 RECORD_NODE value
     * @property {number} RECORD_NODE_NAME=1 RECORD_NODE_NAME value
     * @property {number} RECORD_SERVICE=2 RECORD_SERVICE value
     * @property {number} RECORD_USER=3 RECORD_USER value
     * @property {number} RECORD_IMMUTABLE=4 RECORD_IMMUTABLE value
     * @property {number} RECORD_SEALED=5 RECORD_SEALED value
     */
    mcc.RecordKind = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "RECORD_NODE"] = 0;
        values[valuesById[1] = "RECORD_NODE_NAME"] = 1;
        values[valuesById[2] = "RECORD_SERVICE"] = 2;
        values[valuesById[3] = "RECORD_USER"] = 3;
        values[valuesById[4] = "RECORD_IMMUTABLE"] = 4;
        values[valuesById[5] = "RECORD_SEALED"] = 5;
        return values;
    })();

    mcc.NodeBody = (function() {

        /**
         * Properties of a NodeBody.
         * @typedef {Object} mcc.NodeBody.$Properties
         * @property {Array.<mcc.Address.$Properties>|null} [addresses] NodeBody addresses
         * @property {boolean|null} [core] NodeBody core
         * @property {Array.<mcc.RelayHint.$Properties>|null} [relays] NodeBody relays
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a NodeBody.
         * @memberof mcc
         * @interface INodeBody
         * @augments mcc.NodeBody.$Properties
         * @deprecated Use mcc.NodeBody.$Properties instead.
         */

        /**
         * Shape of a NodeBody.
         * @typedef {mcc.NodeBody.$Properties} mcc.NodeBody.$Shape
         */

        /**
         * Constructs a new NodeBody.
         * @memberof mcc
         * @classdesc Represents a NodeBody.
         * @constructor
         * @param {mcc.NodeBody.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const NodeBody = function (properties) {
            this.addresses = [];
            this.relays = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * NodeBody addresses.
         * @member {Array.<mcc.Address.$Properties>} addresses
         * @memberof mcc.NodeBody
         * @instance
         */
        NodeBody.prototype.addresses = $util.emptyArray;

        /**
         * NodeBody core.
         * @member {boolean} core
         * @memberof mcc.NodeBody
         * @instance
         */
        NodeBody.prototype.core = false;

        /**
         * NodeBody relays.
         * @member {Array.<mcc.RelayHint.$Properties>} relays
         * @memberof mcc.NodeBody
         * @instance
         */
        NodeBody.prototype.relays = $util.emptyArray;

        /**
         * Creates a new NodeBody instance using the specified properties.
         * @function create
         * @memberof mcc.NodeBody
         * @static
         * @param {mcc.NodeBody.$Properties=} [properties] Properties to set
         * @returns {mcc.NodeBody} NodeBody instance
         * @type {{
         *   (properties: mcc.NodeBody.$Shape): mcc.NodeBody & mcc.NodeBody.$Shape;
         *   (properties?: mcc.NodeBody.$Properties): mcc.NodeBody;
         * }}
         */
        NodeBody.create = function(properties) {
            return new NodeBody(properties);
        };

        /**
         * Encodes the specified NodeBody message. Does not implicitly {@link mcc.NodeBody.verify|verify} messages.
         * @function encode
         * @memberof mcc.NodeBody
         * @static
         * @param {mcc.NodeBody.$Properties} message NodeBody message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        NodeBody.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    $root.mcc.Address.encode(message.addresses[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.core != null && $Object.hasOwnProperty.call(message, "core") && message.core !== false)
                writer.uint32(/* id 2, wireType 0 =*/16).bool(message.core);
            if (message.relays != null && message.relays.length)
                for (let i = 0; i < message.relays.length; ++i)
                    $root.mcc.RelayHint.encode(message.relays[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a NodeBody message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.NodeBody
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.NodeBody & mcc.NodeBody.$Shape} NodeBody
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        NodeBody.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.NodeBody();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push($root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.core = value;
                        else
                            delete message.core;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.relays && message.relays.length))
                            message.relays = [];
                        message.relays.push($root.mcc.RelayHint.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return NodeBody;
    })();

    mcc.ServiceBody = (function() {

        /**
         * Properties of a ServiceBody.
         * @typedef {Object} mcc.ServiceBody.$Properties
         * @property {number|null} [selector] ServiceBody selector
         * @property {number|null} [protocol] ServiceBody protocol
         * @property {number|null} [port] ServiceBody port
         * @property {number|null} [weight] ServiceBody weight
         * @property {number|null} [families] ServiceBody families
         * @property {boolean|null} [unhealthy] ServiceBody unhealthy
         * @property {Array.<mcc.Address.$Properties>|null} [addresses] ServiceBody addresses
         * @property {Array.<mcc.RelayHint.$Properties>|null} [relays] ServiceBody relays
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ServiceBody.
         * @memberof mcc
         * @interface IServiceBody
         * @augments mcc.ServiceBody.$Properties
         * @deprecated Use mcc.ServiceBody.$Properties instead.
         */

        /**
         * Shape of a ServiceBody.
         * @typedef {mcc.ServiceBody.$Properties} mcc.ServiceBody.$Shape
         */

        /**
         * Constructs a new ServiceBody.
         * @memberof mcc
         * @classdesc Represents a ServiceBody.
         * @constructor
         * @param {mcc.ServiceBody.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ServiceBody = function (properties) {
            this.addresses = [];
            this.relays = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ServiceBody selector.
         * @member {number} selector
         * @memberof mcc.ServiceBody
         * @instance
         */
        ServiceBody.prototype.selector = 0;

        /**
         * ServiceBody protocol.
         * @member {number} protocol
         * @memberof mcc.ServiceBody
         * @instance
         */
        ServiceBody.prototype.protocol = 0;

        /**
         * ServiceBody port.
         * @member {number} port
         * @memberof mcc.ServiceBody
         * @instance
         */
        ServiceBody.prototype.port = 0;

        /**
         * ServiceBody weight.
         * @member {number} weight
         * @memberof mcc.ServiceBody
         * @instance
         */
        ServiceBody.prototype.weight = 0;

        /**
         * ServiceBody families.
         * @member {number} families
         * @memberof mcc.ServiceBody
         * @instance
         */
        ServiceBody.prototype.families = 0;

        /**
         * ServiceBody unhealthy.
         * @member {boolean} unhealthy
         * @memberof mcc.ServiceBody
         * @instance
         */
        ServiceBody.prototype.unhealthy = false;

        /**
         * ServiceBody addresses.
         * @member {Array.<mcc.Address.$Properties>} addresses
         * @memberof mcc.ServiceBody
         * @instance
         */
        ServiceBody.prototype.addresses = $util.emptyArray;

        /**
         * ServiceBody relays.
         * @member {Array.<mcc.RelayHint.$Properties>} relays
         * @memberof mcc.ServiceBody
         * @instance
         */
        ServiceBody.prototype.relays = $util.emptyArray;

        /**
         * Creates a new ServiceBody instance using the specified properties.
         * @function create
         * @memberof mcc.ServiceBody
         * @static
         * @param {mcc.ServiceBody.$Properties=} [properties] Properties to set
         * @returns {mcc.ServiceBody} ServiceBody instance
         * @type {{
         *   (properties: mcc.ServiceBody.$Shape): mcc.ServiceBody & mcc.ServiceBody.$Shape;
         *   (properties?: mcc.ServiceBody.$Properties): mcc.ServiceBody;
         * }}
         */
        ServiceBody.create = function(properties) {
            return new ServiceBody(properties);
        };

        /**
         * Encodes the specified ServiceBody message. Does not implicitly {@link mcc.ServiceBody.verify|verify} messages.
         * @function encode
         * @memberof mcc.ServiceBody
         * @static
         * @param {mcc.ServiceBody.$Properties} message ServiceBody message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ServiceBody.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.selector != null && $Object.hasOwnProperty.call(message, "selector") && message.selector !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.selector);
            if (message.protocol != null && $Object.hasOwnProperty.call(message, "protocol") && message.protocol !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.protocol);
            if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.port);
            if (message.weight != null && $Object.hasOwnProperty.call(message, "weight") && message.weight !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.weight);
            if (message.families != null && $Object.hasOwnProperty.call(message, "families") && message.families !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.families);
            if (message.unhealthy != null && $Object.hasOwnProperty.call(message, "unhealthy") && message.unhealthy !== false)
                writer.uint32(/* id 6, wireType 0 =*/48).bool(message.unhealthy);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    $root.mcc.Address.encode(message.addresses[i], writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.relays != null && message.relays.length)
                for (let i = 0; i < message.relays.length; ++i)
                    $root.mcc.RelayHint.encode(message.relays[i], writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ServiceBody message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.ServiceBody
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.ServiceBody & mcc.ServiceBody.$Shape} ServiceBody
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ServiceBody.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.ServiceBody();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.selector = value;
                        else
                            delete message.selector;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.protocol = value;
                        else
                            delete message.protocol;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.port = value;
                        else
                            delete message.port;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.weight = value;
                        else
                            delete message.weight;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.families = value;
                        else
                            delete message.families;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.unhealthy = value;
                        else
                            delete message.unhealthy;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push($root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if (!(message.relays && message.relays.length))
                            message.relays = [];
                        message.relays.push($root.mcc.RelayHint.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ServiceBody;
    })();

    mcc.RelayHint = (function() {

        /**
         * Properties of a RelayHint.
         * @typedef {Object} mcc.RelayHint.$Properties
         * @property {Uint8Array|null} [nodeId] RelayHint nodeId
         * @property {Array.<mcc.Address.$Properties>|null} [addresses] RelayHint addresses
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RelayHint.
         * @memberof mcc
         * @interface IRelayHint
         * @augments mcc.RelayHint.$Properties
         * @deprecated Use mcc.RelayHint.$Properties instead.
         */

        /**
         * Shape of a RelayHint.
         * @typedef {mcc.RelayHint.$Properties} mcc.RelayHint.$Shape
         */

        /**
         * Constructs a new RelayHint.
         * @memberof mcc
         * @classdesc Represents a RelayHint.
         * @constructor
         * @param {mcc.RelayHint.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RelayHint = function (properties) {
            this.addresses = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RelayHint nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.RelayHint
         * @instance
         */
        RelayHint.prototype.nodeId = $util.newBuffer([]);

        /**
         * RelayHint addresses.
         * @member {Array.<mcc.Address.$Properties>} addresses
         * @memberof mcc.RelayHint
         * @instance
         */
        RelayHint.prototype.addresses = $util.emptyArray;

        /**
         * Creates a new RelayHint instance using the specified properties.
         * @function create
         * @memberof mcc.RelayHint
         * @static
         * @param {mcc.RelayHint.$Properties=} [properties] Properties to set
         * @returns {mcc.RelayHint} RelayHint instance
         * @type {{
         *   (properties: mcc.RelayHint.$Shape): mcc.RelayHint & mcc.RelayHint.$Shape;
         *   (properties?: mcc.RelayHint.$Properties): mcc.RelayHint;
         * }}
         */
        RelayHint.create = function(properties) {
            return new RelayHint(properties);
        };

        /**
         * Encodes the specified RelayHint message. Does not implicitly {@link mcc.RelayHint.verify|verify} messages.
         * @function encode
         * @memberof mcc.RelayHint
         * @static
         * @param {mcc.RelayHint.$Properties} message RelayHint message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RelayHint.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeId);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    $root.mcc.Address.encode(message.addresses[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RelayHint message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RelayHint
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RelayHint & mcc.RelayHint.$Shape} RelayHint
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RelayHint.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RelayHint();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push($root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RelayHint;
    })();

    mcc.RelayRequest = (function() {

        /**
         * Properties of a RelayRequest.
         * @typedef {Object} mcc.RelayRequest.$Properties
         * @property {number|null} [leg] RelayRequest leg
         * @property {boolean|null} [inward] RelayRequest inward
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RelayRequest.
         * @memberof mcc
         * @interface IRelayRequest
         * @augments mcc.RelayRequest.$Properties
         * @deprecated Use mcc.RelayRequest.$Properties instead.
         */

        /**
         * Shape of a RelayRequest.
         * @typedef {mcc.RelayRequest.$Properties} mcc.RelayRequest.$Shape
         */

        /**
         * Constructs a new RelayRequest.
         * @memberof mcc
         * @classdesc Represents a RelayRequest.
         * @constructor
         * @param {mcc.RelayRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RelayRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RelayRequest leg.
         * @member {number} leg
         * @memberof mcc.RelayRequest
         * @instance
         */
        RelayRequest.prototype.leg = 0;

        /**
         * RelayRequest inward.
         * @member {boolean} inward
         * @memberof mcc.RelayRequest
         * @instance
         */
        RelayRequest.prototype.inward = false;

        /**
         * Creates a new RelayRequest instance using the specified properties.
         * @function create
         * @memberof mcc.RelayRequest
         * @static
         * @param {mcc.RelayRequest.$Properties=} [properties] Properties to set
         * @returns {mcc.RelayRequest} RelayRequest instance
         * @type {{
         *   (properties: mcc.RelayRequest.$Shape): mcc.RelayRequest & mcc.RelayRequest.$Shape;
         *   (properties?: mcc.RelayRequest.$Properties): mcc.RelayRequest;
         * }}
         */
        RelayRequest.create = function(properties) {
            return new RelayRequest(properties);
        };

        /**
         * Encodes the specified RelayRequest message. Does not implicitly {@link mcc.RelayRequest.verify|verify} messages.
         * @function encode
         * @memberof mcc.RelayRequest
         * @static
         * @param {mcc.RelayRequest.$Properties} message RelayRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RelayRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leg != null && $Object.hasOwnProperty.call(message, "leg") && message.leg !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.leg);
            if (message.inward != null && $Object.hasOwnProperty.call(message, "inward") && message.inward !== false)
                writer.uint32(/* id 2, wireType 0 =*/16).bool(message.inward);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RelayRequest message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RelayRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RelayRequest & mcc.RelayRequest.$Shape} RelayRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RelayRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RelayRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.leg = value;
                        else
                            delete message.leg;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.inward = value;
                        else
                            delete message.inward;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RelayRequest;
    })();

    mcc.RelayGrant = (function() {

        /**
         * Properties of a RelayGrant.
         * @typedef {Object} mcc.RelayGrant.$Properties
         * @property {number|null} [leg] RelayGrant leg
         * @property {number|null} [seconds] RelayGrant seconds
         * @property {boolean|null} [inward] RelayGrant inward
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RelayGrant.
         * @memberof mcc
         * @interface IRelayGrant
         * @augments mcc.RelayGrant.$Properties
         * @deprecated Use mcc.RelayGrant.$Properties instead.
         */

        /**
         * Shape of a RelayGrant.
         * @typedef {mcc.RelayGrant.$Properties} mcc.RelayGrant.$Shape
         */

        /**
         * Constructs a new RelayGrant.
         * @memberof mcc
         * @classdesc Represents a RelayGrant.
         * @constructor
         * @param {mcc.RelayGrant.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RelayGrant = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RelayGrant leg.
         * @member {number} leg
         * @memberof mcc.RelayGrant
         * @instance
         */
        RelayGrant.prototype.leg = 0;

        /**
         * RelayGrant seconds.
         * @member {number} seconds
         * @memberof mcc.RelayGrant
         * @instance
         */
        RelayGrant.prototype.seconds = 0;

        /**
         * RelayGrant inward.
         * @member {boolean} inward
         * @memberof mcc.RelayGrant
         * @instance
         */
        RelayGrant.prototype.inward = false;

        /**
         * Creates a new RelayGrant instance using the specified properties.
         * @function create
         * @memberof mcc.RelayGrant
         * @static
         * @param {mcc.RelayGrant.$Properties=} [properties] Properties to set
         * @returns {mcc.RelayGrant} RelayGrant instance
         * @type {{
         *   (properties: mcc.RelayGrant.$Shape): mcc.RelayGrant & mcc.RelayGrant.$Shape;
         *   (properties?: mcc.RelayGrant.$Properties): mcc.RelayGrant;
         * }}
         */
        RelayGrant.create = function(properties) {
            return new RelayGrant(properties);
        };

        /**
         * Encodes the specified RelayGrant message. Does not implicitly {@link mcc.RelayGrant.verify|verify} messages.
         * @function encode
         * @memberof mcc.RelayGrant
         * @static
         * @param {mcc.RelayGrant.$Properties} message RelayGrant message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RelayGrant.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leg != null && $Object.hasOwnProperty.call(message, "leg") && message.leg !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.leg);
            if (message.seconds != null && $Object.hasOwnProperty.call(message, "seconds") && message.seconds !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.seconds);
            if (message.inward != null && $Object.hasOwnProperty.call(message, "inward") && message.inward !== false)
                writer.uint32(/* id 3, wireType 0 =*/24).bool(message.inward);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RelayGrant message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RelayGrant
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RelayGrant & mcc.RelayGrant.$Shape} RelayGrant
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RelayGrant.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RelayGrant();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.leg = value;
                        else
                            delete message.leg;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.seconds = value;
                        else
                            delete message.seconds;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.inward = value;
                        else
                            delete message.inward;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RelayGrant;
    })();

    mcc.RelayRefusal = (function() {

        /**
         * Properties of a RelayRefusal.
         * @typedef {Object} mcc.RelayRefusal.$Properties
         * @property {mcc.RelayCode|null} [code] RelayRefusal code
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RelayRefusal.
         * @memberof mcc
         * @interface IRelayRefusal
         * @augments mcc.RelayRefusal.$Properties
         * @deprecated Use mcc.RelayRefusal.$Properties instead.
         */

        /**
         * Shape of a RelayRefusal.
         * @typedef {mcc.RelayRefusal.$Properties} mcc.RelayRefusal.$Shape
         */

        /**
         * Constructs a new RelayRefusal.
         * @memberof mcc
         * @classdesc Represents a RelayRefusal.
         * @constructor
         * @param {mcc.RelayRefusal.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RelayRefusal = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RelayRefusal code.
         * @member {mcc.RelayCode} code
         * @memberof mcc.RelayRefusal
         * @instance
         */
        RelayRefusal.prototype.code = 0;

        /**
         * Creates a new RelayRefusal instance using the specified properties.
         * @function create
         * @memberof mcc.RelayRefusal
         * @static
         * @param {mcc.RelayRefusal.$Properties=} [properties] Properties to set
         * @returns {mcc.RelayRefusal} RelayRefusal instance
         * @type {{
         *   (properties: mcc.RelayRefusal.$Shape): mcc.RelayRefusal & mcc.RelayRefusal.$Shape;
         *   (properties?: mcc.RelayRefusal.$Properties): mcc.RelayRefusal;
         * }}
         */
        RelayRefusal.create = function(properties) {
            return new RelayRefusal(properties);
        };

        /**
         * Encodes the specified RelayRefusal message. Does not implicitly {@link mcc.RelayRefusal.verify|verify} messages.
         * @function encode
         * @memberof mcc.RelayRefusal
         * @static
         * @param {mcc.RelayRefusal.$Properties} message RelayRefusal message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RelayRefusal.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).int32(message.code);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RelayRefusal message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RelayRefusal
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RelayRefusal & mcc.RelayRefusal.$Shape} RelayRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RelayRefusal.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RelayRefusal();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.code = value;
                        else
                            delete message.code;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RelayRefusal;
    })();

    /**
     * RelayCode enum.
     * @name mcc.RelayCode
     * @enum {number}
     * @property {number} RELAY_OTHER=0 RELAY_OTHER value
     * @property {number} RELAY_NOT_OFFERED=1 RELAY_NOT_OFFERED value
     * @property {number} RELAY_FULL=2 RELAY_FULL value
     * @property {number} RELAY_NO_SUCH_NODE=3 RELAY_NO_SUCH_NODE value
     * @property {number} RELAY_NO_GRANT=4 RELAY_NO_GRANT value
     * @property {number} RELAY_ENDED=5 RELAY_ENDED value
     */
    mcc.RelayCode = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "RELAY_OTHER"] = 0;
        values[valuesById[1] = "RELAY_NOT_OFFERED"] = 1;
        values[valuesById[2] = "RELAY_FULL"] = 2;
        values[valuesById[3] = "RELAY_NO_SUCH_NODE"] = 3;
        values[valuesById[4] = "RELAY_NO_GRANT"] = 4;
        values[valuesById[5] = "RELAY_ENDED"] = 5;
        return values;
    })();

    mcc.CircuitOpen = (function() {

        /**
         * Properties of a CircuitOpen.
         * @typedef {Object} mcc.CircuitOpen.$Properties
         * @property {Uint8Array|null} [nodeId] CircuitOpen nodeId
         * @property {number|null} [number] CircuitOpen number
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a CircuitOpen.
         * @memberof mcc
         * @interface ICircuitOpen
         * @augments mcc.CircuitOpen.$Properties
         * @deprecated Use mcc.CircuitOpen.$Properties instead.
         */

        /**
         * Shape of a CircuitOpen.
         * @typedef {mcc.CircuitOpen.$Properties} mcc.CircuitOpen.$Shape
         */

        /**
         * Constructs a new CircuitOpen.
         * @memberof mcc
         * @classdesc Represents a CircuitOpen.
         * @constructor
         * @param {mcc.CircuitOpen.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const CircuitOpen = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * CircuitOpen nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.CircuitOpen
         * @instance
         */
        CircuitOpen.prototype.nodeId = $util.newBuffer([]);

        /**
         * CircuitOpen number.
         * @member {number} number
         * @memberof mcc.CircuitOpen
         * @instance
         */
        CircuitOpen.prototype.number = 0;

        /**
         * Creates a new CircuitOpen instance using the specified properties.
         * @function create
         * @memberof mcc.CircuitOpen
         * @static
         * @param {mcc.CircuitOpen.$Properties=} [properties] Properties to set
         * @returns {mcc.CircuitOpen} CircuitOpen instance
         * @type {{
         *   (properties: mcc.CircuitOpen.$Shape): mcc.CircuitOpen & mcc.CircuitOpen.$Shape;
         *   (properties?: mcc.CircuitOpen.$Properties): mcc.CircuitOpen;
         * }}
         */
        CircuitOpen.create = function(properties) {
            return new CircuitOpen(properties);
        };

        /**
         * Encodes the specified CircuitOpen message. Does not implicitly {@link mcc.CircuitOpen.verify|verify} messages.
         * @function encode
         * @memberof mcc.CircuitOpen
         * @static
         * @param {mcc.CircuitOpen.$Properties} message CircuitOpen message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        CircuitOpen.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeId);
            if (message.number != null && $Object.hasOwnProperty.call(message, "number") && message.number !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.number);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a CircuitOpen message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.CircuitOpen
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.CircuitOpen & mcc.CircuitOpen.$Shape} CircuitOpen
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        CircuitOpen.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.CircuitOpen();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.number = value;
                        else
                            delete message.number;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CircuitOpen;
    })();

    mcc.CircuitOffer = (function() {

        /**
         * Properties of a CircuitOffer.
         * @typedef {Object} mcc.CircuitOffer.$Properties
         * @property {Uint8Array|null} [nodeId] CircuitOffer nodeId
         * @property {number|null} [number] CircuitOffer number
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a CircuitOffer.
         * @memberof mcc
         * @interface ICircuitOffer
         * @augments mcc.CircuitOffer.$Properties
         * @deprecated Use mcc.CircuitOffer.$Properties instead.
         */

        /**
         * Shape of a CircuitOffer.
         * @typedef {mcc.CircuitOffer.$Properties} mcc.CircuitOffer.$Shape
         */

        /**
         * Constructs a new CircuitOffer.
         * @memberof mcc
         * @classdesc Represents a CircuitOffer.
         * @constructor
         * @param {mcc.CircuitOffer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const CircuitOffer = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * CircuitOffer nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.CircuitOffer
         * @instance
         */
        CircuitOffer.prototype.nodeId = $util.newBuffer([]);

        /**
         * CircuitOffer number.
         * @member {number} number
         * @memberof mcc.CircuitOffer
         * @instance
         */
        CircuitOffer.prototype.number = 0;

        /**
         * Creates a new CircuitOffer instance using the specified properties.
         * @function create
         * @memberof mcc.CircuitOffer
         * @static
         * @param {mcc.CircuitOffer.$Properties=} [properties] Properties to set
         * @returns {mcc.CircuitOffer} CircuitOffer instance
         * @type {{
         *   (properties: mcc.CircuitOffer.$Shape): mcc.CircuitOffer & mcc.CircuitOffer.$Shape;
         *   (properties?: mcc.CircuitOffer.$Properties): mcc.CircuitOffer;
         * }}
         */
        CircuitOffer.create = function(properties) {
            return new CircuitOffer(properties);
        };

        /**
         * Encodes the specified CircuitOffer message. Does not implicitly {@link mcc.CircuitOffer.verify|verify} messages.
         * @function encode
         * @memberof mcc.CircuitOffer
         * @static
         * @param {mcc.CircuitOffer.$Properties} message CircuitOffer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        CircuitOffer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeId);
            if (message.number != null && $Object.hasOwnProperty.call(message, "number") && message.number !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.number);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a CircuitOffer message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.CircuitOffer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.CircuitOffer & mcc.CircuitOffer.$Shape} CircuitOffer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        CircuitOffer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.CircuitOffer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.number = value;
                        else
                            delete message.number;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CircuitOffer;
    })();

    mcc.CircuitClose = (function() {

        /**
         * Properties of a CircuitClose.
         * @typedef {Object} mcc.CircuitClose.$Properties
         * @property {number|null} [number] CircuitClose number
         * @property {mcc.RelayCode|null} [code] CircuitClose code
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a CircuitClose.
         * @memberof mcc
         * @interface ICircuitClose
         * @augments mcc.CircuitClose.$Properties
         * @deprecated Use mcc.CircuitClose.$Properties instead.
         */

        /**
         * Shape of a CircuitClose.
         * @typedef {mcc.CircuitClose.$Properties} mcc.CircuitClose.$Shape
         */

        /**
         * Constructs a new CircuitClose.
         * @memberof mcc
         * @classdesc Represents a CircuitClose.
         * @constructor
         * @param {mcc.CircuitClose.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const CircuitClose = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * CircuitClose number.
         * @member {number} number
         * @memberof mcc.CircuitClose
         * @instance
         */
        CircuitClose.prototype.number = 0;

        /**
         * CircuitClose code.
         * @member {mcc.RelayCode} code
         * @memberof mcc.CircuitClose
         * @instance
         */
        CircuitClose.prototype.code = 0;

        /**
         * Creates a new CircuitClose instance using the specified properties.
         * @function create
         * @memberof mcc.CircuitClose
         * @static
         * @param {mcc.CircuitClose.$Properties=} [properties] Properties to set
         * @returns {mcc.CircuitClose} CircuitClose instance
         * @type {{
         *   (properties: mcc.CircuitClose.$Shape): mcc.CircuitClose & mcc.CircuitClose.$Shape;
         *   (properties?: mcc.CircuitClose.$Properties): mcc.CircuitClose;
         * }}
         */
        CircuitClose.create = function(properties) {
            return new CircuitClose(properties);
        };

        /**
         * Encodes the specified CircuitClose message. Does not implicitly {@link mcc.CircuitClose.verify|verify} messages.
         * @function encode
         * @memberof mcc.CircuitClose
         * @static
         * @param {mcc.CircuitClose.$Properties} message CircuitClose message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        CircuitClose.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.number != null && $Object.hasOwnProperty.call(message, "number") && message.number !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.number);
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.code);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a CircuitClose message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.CircuitClose
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.CircuitClose & mcc.CircuitClose.$Shape} CircuitClose
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        CircuitClose.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.CircuitClose();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.number = value;
                        else
                            delete message.number;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.code = value;
                        else
                            delete message.code;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CircuitClose;
    })();

    mcc.CircuitEnd = (function() {

        /**
         * Properties of a CircuitEnd.
         * @typedef {Object} mcc.CircuitEnd.$Properties
         * @property {Uint8Array|null} [nodeId] CircuitEnd nodeId
         * @property {mcc.Address.$Properties|null} [address] CircuitEnd address
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a CircuitEnd.
         * @memberof mcc
         * @interface ICircuitEnd
         * @augments mcc.CircuitEnd.$Properties
         * @deprecated Use mcc.CircuitEnd.$Properties instead.
         */

        /**
         * Shape of a CircuitEnd.
         * @typedef {mcc.CircuitEnd.$Properties} mcc.CircuitEnd.$Shape
         */

        /**
         * Constructs a new CircuitEnd.
         * @memberof mcc
         * @classdesc Represents a CircuitEnd.
         * @constructor
         * @param {mcc.CircuitEnd.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const CircuitEnd = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * CircuitEnd nodeId.
         * @member {Uint8Array} nodeId
         * @memberof mcc.CircuitEnd
         * @instance
         */
        CircuitEnd.prototype.nodeId = $util.newBuffer([]);

        /**
         * CircuitEnd address.
         * @member {mcc.Address.$Properties|null|undefined} address
         * @memberof mcc.CircuitEnd
         * @instance
         */
        CircuitEnd.prototype.address = null;

        /**
         * Creates a new CircuitEnd instance using the specified properties.
         * @function create
         * @memberof mcc.CircuitEnd
         * @static
         * @param {mcc.CircuitEnd.$Properties=} [properties] Properties to set
         * @returns {mcc.CircuitEnd} CircuitEnd instance
         * @type {{
         *   (properties: mcc.CircuitEnd.$Shape): mcc.CircuitEnd & mcc.CircuitEnd.$Shape;
         *   (properties?: mcc.CircuitEnd.$Properties): mcc.CircuitEnd;
         * }}
         */
        CircuitEnd.create = function(properties) {
            return new CircuitEnd(properties);
        };

        /**
         * Encodes the specified CircuitEnd message. Does not implicitly {@link mcc.CircuitEnd.verify|verify} messages.
         * @function encode
         * @memberof mcc.CircuitEnd
         * @static
         * @param {mcc.CircuitEnd.$Properties} message CircuitEnd message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        CircuitEnd.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && message.nodeId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeId);
            if (message.address != null && $Object.hasOwnProperty.call(message, "address"))
                $root.mcc.Address.encode(message.address, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a CircuitEnd message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.CircuitEnd
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.CircuitEnd & mcc.CircuitEnd.$Shape} CircuitEnd
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        CircuitEnd.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.CircuitEnd();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.address = $root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1, message.address);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CircuitEnd;
    })();

    mcc.RelayCall = (function() {

        /**
         * Properties of a RelayCall.
         * @typedef {Object} mcc.RelayCall.$Properties
         * @property {mcc.RelayHint.$Properties|null} [relay] RelayCall relay
         * @property {Uint8Array|null} [padding] RelayCall padding
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RelayCall.
         * @memberof mcc
         * @interface IRelayCall
         * @augments mcc.RelayCall.$Properties
         * @deprecated Use mcc.RelayCall.$Properties instead.
         */

        /**
         * Shape of a RelayCall.
         * @typedef {mcc.RelayCall.$Properties} mcc.RelayCall.$Shape
         */

        /**
         * Constructs a new RelayCall.
         * @memberof mcc
         * @classdesc Represents a RelayCall.
         * @constructor
         * @param {mcc.RelayCall.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RelayCall = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RelayCall relay.
         * @member {mcc.RelayHint.$Properties|null|undefined} relay
         * @memberof mcc.RelayCall
         * @instance
         */
        RelayCall.prototype.relay = null;

        /**
         * RelayCall padding.
         * @member {Uint8Array} padding
         * @memberof mcc.RelayCall
         * @instance
         */
        RelayCall.prototype.padding = $util.newBuffer([]);

        /**
         * Creates a new RelayCall instance using the specified properties.
         * @function create
         * @memberof mcc.RelayCall
         * @static
         * @param {mcc.RelayCall.$Properties=} [properties] Properties to set
         * @returns {mcc.RelayCall} RelayCall instance
         * @type {{
         *   (properties: mcc.RelayCall.$Shape): mcc.RelayCall & mcc.RelayCall.$Shape;
         *   (properties?: mcc.RelayCall.$Properties): mcc.RelayCall;
         * }}
         */
        RelayCall.create = function(properties) {
            return new RelayCall(properties);
        };

        /**
         * Encodes the specified RelayCall message. Does not implicitly {@link mcc.RelayCall.verify|verify} messages.
         * @function encode
         * @memberof mcc.RelayCall
         * @static
         * @param {mcc.RelayCall.$Properties} message RelayCall message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RelayCall.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.relay != null && $Object.hasOwnProperty.call(message, "relay"))
                $root.mcc.RelayHint.encode(message.relay, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.padding != null && $Object.hasOwnProperty.call(message, "padding") && message.padding.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.padding);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RelayCall message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RelayCall
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RelayCall & mcc.RelayCall.$Shape} RelayCall
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RelayCall.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RelayCall();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.relay = $root.mcc.RelayHint.decode(reader, reader.size(), $undefined, _depth + 1, message.relay);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.padding = value;
                        else
                            delete message.padding;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RelayCall;
    })();

    mcc.PathChallenge = (function() {

        /**
         * Properties of a PathChallenge.
         * @typedef {Object} mcc.PathChallenge.$Properties
         * @property {Uint8Array|null} [token] PathChallenge token
         * @property {boolean|null} [full] PathChallenge full
         * @property {Uint8Array|null} [padding] PathChallenge padding
         * @property {number|null} [delayS] PathChallenge delayS
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PathChallenge.
         * @memberof mcc
         * @interface IPathChallenge
         * @augments mcc.PathChallenge.$Properties
         * @deprecated Use mcc.PathChallenge.$Properties instead.
         */

        /**
         * Shape of a PathChallenge.
         * @typedef {mcc.PathChallenge.$Properties} mcc.PathChallenge.$Shape
         */

        /**
         * Constructs a new PathChallenge.
         * @memberof mcc
         * @classdesc Represents a PathChallenge.
         * @constructor
         * @param {mcc.PathChallenge.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PathChallenge = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PathChallenge token.
         * @member {Uint8Array} token
         * @memberof mcc.PathChallenge
         * @instance
         */
        PathChallenge.prototype.token = $util.newBuffer([]);

        /**
         * PathChallenge full.
         * @member {boolean} full
         * @memberof mcc.PathChallenge
         * @instance
         */
        PathChallenge.prototype.full = false;

        /**
         * PathChallenge padding.
         * @member {Uint8Array} padding
         * @memberof mcc.PathChallenge
         * @instance
         */
        PathChallenge.prototype.padding = $util.newBuffer([]);

        /**
         * PathChallenge delayS.
         * @member {number} delayS
         * @memberof mcc.PathChallenge
         * @instance
         */
        PathChallenge.prototype.delayS = 0;

        /**
         * Creates a new PathChallenge instance using the specified properties.
         * @function create
         * @memberof mcc.PathChallenge
         * @static
         * @param {mcc.PathChallenge.$Properties=} [properties] Properties to set
         * @returns {mcc.PathChallenge} PathChallenge instance
         * @type {{
         *   (properties: mcc.PathChallenge.$Shape): mcc.PathChallenge & mcc.PathChallenge.$Shape;
         *   (properties?: mcc.PathChallenge.$Properties): mcc.PathChallenge;
         * }}
         */
        PathChallenge.create = function(properties) {
            return new PathChallenge(properties);
        };

        /**
         * Encodes the specified PathChallenge message. Does not implicitly {@link mcc.PathChallenge.verify|verify} messages.
         * @function encode
         * @memberof mcc.PathChallenge
         * @static
         * @param {mcc.PathChallenge.$Properties} message PathChallenge message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PathChallenge.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.token);
            if (message.full != null && $Object.hasOwnProperty.call(message, "full") && message.full !== false)
                writer.uint32(/* id 2, wireType 0 =*/16).bool(message.full);
            if (message.padding != null && $Object.hasOwnProperty.call(message, "padding") && message.padding.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.padding);
            if (message.delayS != null && $Object.hasOwnProperty.call(message, "delayS") && message.delayS !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.delayS);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PathChallenge message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.PathChallenge
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.PathChallenge & mcc.PathChallenge.$Shape} PathChallenge
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PathChallenge.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.PathChallenge();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.token = value;
                        else
                            delete message.token;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.full = value;
                        else
                            delete message.full;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.padding = value;
                        else
                            delete message.padding;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.delayS = value;
                        else
                            delete message.delayS;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PathChallenge;
    })();

    mcc.PathResponse = (function() {

        /**
         * Properties of a PathResponse.
         * @typedef {Object} mcc.PathResponse.$Properties
         * @property {Uint8Array|null} [token] PathResponse token
         * @property {mcc.Address.$Properties|null} [observed] PathResponse observed
         * @property {Uint8Array|null} [padding] PathResponse padding
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PathResponse.
         * @memberof mcc
         * @interface IPathResponse
         * @augments mcc.PathResponse.$Properties
         * @deprecated Use mcc.PathResponse.$Properties instead.
         */

        /**
         * Shape of a PathResponse.
         * @typedef {mcc.PathResponse.$Properties} mcc.PathResponse.$Shape
         */

        /**
         * Constructs a new PathResponse.
         * @memberof mcc
         * @classdesc Represents a PathResponse.
         * @constructor
         * @param {mcc.PathResponse.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PathResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PathResponse token.
         * @member {Uint8Array} token
         * @memberof mcc.PathResponse
         * @instance
         */
        PathResponse.prototype.token = $util.newBuffer([]);

        /**
         * PathResponse observed.
         * @member {mcc.Address.$Properties|null|undefined} observed
         * @memberof mcc.PathResponse
         * @instance
         */
        PathResponse.prototype.observed = null;

        /**
         * PathResponse padding.
         * @member {Uint8Array} padding
         * @memberof mcc.PathResponse
         * @instance
         */
        PathResponse.prototype.padding = $util.newBuffer([]);

        /**
         * Creates a new PathResponse instance using the specified properties.
         * @function create
         * @memberof mcc.PathResponse
         * @static
         * @param {mcc.PathResponse.$Properties=} [properties] Properties to set
         * @returns {mcc.PathResponse} PathResponse instance
         * @type {{
         *   (properties: mcc.PathResponse.$Shape): mcc.PathResponse & mcc.PathResponse.$Shape;
         *   (properties?: mcc.PathResponse.$Properties): mcc.PathResponse;
         * }}
         */
        PathResponse.create = function(properties) {
            return new PathResponse(properties);
        };

        /**
         * Encodes the specified PathResponse message. Does not implicitly {@link mcc.PathResponse.verify|verify} messages.
         * @function encode
         * @memberof mcc.PathResponse
         * @static
         * @param {mcc.PathResponse.$Properties} message PathResponse message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PathResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.token);
            if (message.observed != null && $Object.hasOwnProperty.call(message, "observed"))
                $root.mcc.Address.encode(message.observed, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.padding != null && $Object.hasOwnProperty.call(message, "padding") && message.padding.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.padding);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PathResponse message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.PathResponse
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.PathResponse & mcc.PathResponse.$Shape} PathResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PathResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.PathResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.token = value;
                        else
                            delete message.token;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.observed = $root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1, message.observed);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.padding = value;
                        else
                            delete message.padding;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PathResponse;
    })();

    mcc.Punch = (function() {

        /**
         * Properties of a Punch.
         * @typedef {Object} mcc.Punch.$Properties
         * @property {number|null} [round] Punch round
         * @property {mcc.PunchStep|null} [step] Punch step
         * @property {Array.<mcc.Address.$Properties>|null} [addresses] Punch addresses
         * @property {number|null} [mapping] Punch mapping
         * @property {number|null} [filtering] Punch filtering
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Punch.
         * @memberof mcc
         * @interface IPunch
         * @augments mcc.Punch.$Properties
         * @deprecated Use mcc.Punch.$Properties instead.
         */

        /**
         * Shape of a Punch.
         * @typedef {mcc.Punch.$Properties} mcc.Punch.$Shape
         */

        /**
         * Constructs a new Punch.
         * @memberof mcc
         * @classdesc Represents a Punch.
         * @constructor
         * @param {mcc.Punch.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Punch = function (properties) {
            this.addresses = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Punch round.
         * @member {number} round
         * @memberof mcc.Punch
         * @instance
         */
        Punch.prototype.round = 0;

        /**
         * Punch step.
         * @member {mcc.PunchStep} step
         * @memberof mcc.Punch
         * @instance
         */
        Punch.prototype.step = 0;

        /**
         * Punch addresses.
         * @member {Array.<mcc.Address.$Properties>} addresses
         * @memberof mcc.Punch
         * @instance
         */
        Punch.prototype.addresses = $util.emptyArray;

        /**
         * Punch mapping.
         * @member {number} mapping
         * @memberof mcc.Punch
         * @instance
         */
        Punch.prototype.mapping = 0;

        /**
         * Punch filtering.
         * @member {number} filtering
         * @memberof mcc.Punch
         * @instance
         */
        Punch.prototype.filtering = 0;

        /**
         * Creates a new Punch instance using the specified properties.
         * @function create
         * @memberof mcc.Punch
         * @static
         * @param {mcc.Punch.$Properties=} [properties] Properties to set
         * @returns {mcc.Punch} Punch instance
         * @type {{
         *   (properties: mcc.Punch.$Shape): mcc.Punch & mcc.Punch.$Shape;
         *   (properties?: mcc.Punch.$Properties): mcc.Punch;
         * }}
         */
        Punch.create = function(properties) {
            return new Punch(properties);
        };

        /**
         * Encodes the specified Punch message. Does not implicitly {@link mcc.Punch.verify|verify} messages.
         * @function encode
         * @memberof mcc.Punch
         * @static
         * @param {mcc.Punch.$Properties} message Punch message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Punch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.round != null && $Object.hasOwnProperty.call(message, "round") && message.round !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.round);
            if (message.step != null && $Object.hasOwnProperty.call(message, "step") && message.step !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.step);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    $root.mcc.Address.encode(message.addresses[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.mapping != null && $Object.hasOwnProperty.call(message, "mapping") && message.mapping !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.mapping);
            if (message.filtering != null && $Object.hasOwnProperty.call(message, "filtering") && message.filtering !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.filtering);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Punch message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Punch
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Punch & mcc.Punch.$Shape} Punch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Punch.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Punch();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.round = value;
                        else
                            delete message.round;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.step = value;
                        else
                            delete message.step;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push($root.mcc.Address.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.mapping = value;
                        else
                            delete message.mapping;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.filtering = value;
                        else
                            delete message.filtering;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Punch;
    })();

    /**
     * PunchStep enum.
     * @name mcc.PunchStep
     * @enum {number}
     * @property {number} PUNCH_REQUEST=0 PUNCH_REQUEST value
     * @property {number} PUNCH_ANSWER=1 PUNCH_ANSWER value
     * @property {number} PUNCH_GO=2 PUNCH_GO value
     */
    mcc.PunchStep = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "PUNCH_REQUEST"] = 0;
        values[valuesById[1] = "PUNCH_ANSWER"] = 1;
        values[valuesById[2] = "PUNCH_GO"] = 2;
        return values;
    })();

    mcc.EpochHeld = (function() {

        /**
         * Properties of an EpochHeld.
         * @typedef {Object} mcc.EpochHeld.$Properties
         * @property {number|null} [number] EpochHeld number
         * @property {Uint8Array|null} [id] EpochHeld id
         * @property {boolean|null} [answer] EpochHeld answer
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an EpochHeld.
         * @memberof mcc
         * @interface IEpochHeld
         * @augments mcc.EpochHeld.$Properties
         * @deprecated Use mcc.EpochHeld.$Properties instead.
         */

        /**
         * Shape of an EpochHeld.
         * @typedef {mcc.EpochHeld.$Properties} mcc.EpochHeld.$Shape
         */

        /**
         * Constructs a new EpochHeld.
         * @memberof mcc
         * @classdesc Represents an EpochHeld.
         * @constructor
         * @param {mcc.EpochHeld.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const EpochHeld = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * EpochHeld number.
         * @member {number} number
         * @memberof mcc.EpochHeld
         * @instance
         */
        EpochHeld.prototype.number = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * EpochHeld id.
         * @member {Uint8Array} id
         * @memberof mcc.EpochHeld
         * @instance
         */
        EpochHeld.prototype.id = $util.newBuffer([]);

        /**
         * EpochHeld answer.
         * @member {boolean} answer
         * @memberof mcc.EpochHeld
         * @instance
         */
        EpochHeld.prototype.answer = false;

        /**
         * Creates a new EpochHeld instance using the specified properties.
         * @function create
         * @memberof mcc.EpochHeld
         * @static
         * @param {mcc.EpochHeld.$Properties=} [properties] Properties to set
         * @returns {mcc.EpochHeld} EpochHeld instance
         * @type {{
         *   (properties: mcc.EpochHeld.$Shape): mcc.EpochHeld & mcc.EpochHeld.$Shape;
         *   (properties?: mcc.EpochHeld.$Properties): mcc.EpochHeld;
         * }}
         */
        EpochHeld.create = function(properties) {
            return new EpochHeld(properties);
        };

        /**
         * Encodes the specified EpochHeld message. Does not implicitly {@link mcc.EpochHeld.verify|verify} messages.
         * @function encode
         * @memberof mcc.EpochHeld
         * @static
         * @param {mcc.EpochHeld.$Properties} message EpochHeld message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        EpochHeld.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.number != null && $Object.hasOwnProperty.call(message, "number") && (typeof message.number === "object" ? message.number.low || message.number.high : message.number !== 0))
                writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.number);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.id);
            if (message.answer != null && $Object.hasOwnProperty.call(message, "answer") && message.answer !== false)
                writer.uint32(/* id 3, wireType 0 =*/24).bool(message.answer);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an EpochHeld message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.EpochHeld
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.EpochHeld & mcc.EpochHeld.$Shape} EpochHeld
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        EpochHeld.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.EpochHeld();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.number = value;
                        else
                            delete message.number;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.answer = value;
                        else
                            delete message.answer;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return EpochHeld;
    })();

    mcc.EpochDelivery = (function() {

        /**
         * Properties of an EpochDelivery.
         * @typedef {Object} mcc.EpochDelivery.$Properties
         * @property {Uint8Array|null} [epoch] EpochDelivery epoch
         * @property {Uint8Array|null} [secret] EpochDelivery secret
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an EpochDelivery.
         * @memberof mcc
         * @interface IEpochDelivery
         * @augments mcc.EpochDelivery.$Properties
         * @deprecated Use mcc.EpochDelivery.$Properties instead.
         */

        /**
         * Shape of an EpochDelivery.
         * @typedef {mcc.EpochDelivery.$Properties} mcc.EpochDelivery.$Shape
         */

        /**
         * Constructs a new EpochDelivery.
         * @memberof mcc
         * @classdesc Represents an EpochDelivery.
         * @constructor
         * @param {mcc.EpochDelivery.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const EpochDelivery = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * EpochDelivery epoch.
         * @member {Uint8Array} epoch
         * @memberof mcc.EpochDelivery
         * @instance
         */
        EpochDelivery.prototype.epoch = $util.newBuffer([]);

        /**
         * EpochDelivery secret.
         * @member {Uint8Array} secret
         * @memberof mcc.EpochDelivery
         * @instance
         */
        EpochDelivery.prototype.secret = $util.newBuffer([]);

        /**
         * Creates a new EpochDelivery instance using the specified properties.
         * @function create
         * @memberof mcc.EpochDelivery
         * @static
         * @param {mcc.EpochDelivery.$Properties=} [properties] Properties to set
         * @returns {mcc.EpochDelivery} EpochDelivery instance
         * @type {{
         *   (properties: mcc.EpochDelivery.$Shape): mcc.EpochDelivery & mcc.EpochDelivery.$Shape;
         *   (properties?: mcc.EpochDelivery.$Properties): mcc.EpochDelivery;
         * }}
         */
        EpochDelivery.create = function(properties) {
            return new EpochDelivery(properties);
        };

        /**
         * Encodes the specified EpochDelivery message. Does not implicitly {@link mcc.EpochDelivery.verify|verify} messages.
         * @function encode
         * @memberof mcc.EpochDelivery
         * @static
         * @param {mcc.EpochDelivery.$Properties} message EpochDelivery message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        EpochDelivery.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.epoch);
            if (message.secret != null && $Object.hasOwnProperty.call(message, "secret") && message.secret.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.secret);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an EpochDelivery message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.EpochDelivery
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.EpochDelivery & mcc.EpochDelivery.$Shape} EpochDelivery
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        EpochDelivery.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.EpochDelivery();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.secret = value;
                        else
                            delete message.secret;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return EpochDelivery;
    })();

    mcc.GuestQuestion = (function() {

        /**
         * Properties of a GuestQuestion.
         * @typedef {Object} mcc.GuestQuestion.$Properties
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a GuestQuestion.
         * @memberof mcc
         * @interface IGuestQuestion
         * @augments mcc.GuestQuestion.$Properties
         * @deprecated Use mcc.GuestQuestion.$Properties instead.
         */

        /**
         * Shape of a GuestQuestion.
         * @typedef {mcc.GuestQuestion.$Properties} mcc.GuestQuestion.$Shape
         */

        /**
         * Constructs a new GuestQuestion.
         * @memberof mcc
         * @classdesc Represents a GuestQuestion.
         * @constructor
         * @param {mcc.GuestQuestion.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const GuestQuestion = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Creates a new GuestQuestion instance using the specified properties.
         * @function create
         * @memberof mcc.GuestQuestion
         * @static
         * @param {mcc.GuestQuestion.$Properties=} [properties] Properties to set
         * @returns {mcc.GuestQuestion} GuestQuestion instance
         * @type {{
         *   (properties: mcc.GuestQuestion.$Shape): mcc.GuestQuestion & mcc.GuestQuestion.$Shape;
         *   (properties?: mcc.GuestQuestion.$Properties): mcc.GuestQuestion;
         * }}
         */
        GuestQuestion.create = function(properties) {
            return new GuestQuestion(properties);
        };

        /**
         * Encodes the specified GuestQuestion message. Does not implicitly {@link mcc.GuestQuestion.verify|verify} messages.
         * @function encode
         * @memberof mcc.GuestQuestion
         * @static
         * @param {mcc.GuestQuestion.$Properties} message GuestQuestion message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        GuestQuestion.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a GuestQuestion message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.GuestQuestion
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.GuestQuestion & mcc.GuestQuestion.$Shape} GuestQuestion
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        GuestQuestion.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.GuestQuestion();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GuestQuestion;
    })();

    mcc.GuestTerms = (function() {

        /**
         * Properties of a GuestTerms.
         * @typedef {Object} mcc.GuestTerms.$Properties
         * @property {number|null} [hour] GuestTerms hour
         * @property {number|null} [difficulty] GuestTerms difficulty
         * @property {Uint8Array|null} [signer] GuestTerms signer
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a GuestTerms.
         * @memberof mcc
         * @interface IGuestTerms
         * @augments mcc.GuestTerms.$Properties
         * @deprecated Use mcc.GuestTerms.$Properties instead.
         */

        /**
         * Shape of a GuestTerms.
         * @typedef {mcc.GuestTerms.$Properties} mcc.GuestTerms.$Shape
         */

        /**
         * Constructs a new GuestTerms.
         * @memberof mcc
         * @classdesc Represents a GuestTerms.
         * @constructor
         * @param {mcc.GuestTerms.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const GuestTerms = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * GuestTerms hour.
         * @member {number} hour
         * @memberof mcc.GuestTerms
         * @instance
         */
        GuestTerms.prototype.hour = 0;

        /**
         * GuestTerms difficulty.
         * @member {number} difficulty
         * @memberof mcc.GuestTerms
         * @instance
         */
        GuestTerms.prototype.difficulty = 0;

        /**
         * GuestTerms signer.
         * @member {Uint8Array} signer
         * @memberof mcc.GuestTerms
         * @instance
         */
        GuestTerms.prototype.signer = $util.newBuffer([]);

        /**
         * Creates a new GuestTerms instance using the specified properties.
         * @function create
         * @memberof mcc.GuestTerms
         * @static
         * @param {mcc.GuestTerms.$Properties=} [properties] Properties to set
         * @returns {mcc.GuestTerms} GuestTerms instance
         * @type {{
         *   (properties: mcc.GuestTerms.$Shape): mcc.GuestTerms & mcc.GuestTerms.$Shape;
         *   (properties?: mcc.GuestTerms.$Properties): mcc.GuestTerms;
         * }}
         */
        GuestTerms.create = function(properties) {
            return new GuestTerms(properties);
        };

        /**
         * Encodes the specified GuestTerms message. Does not implicitly {@link mcc.GuestTerms.verify|verify} messages.
         * @function encode
         * @memberof mcc.GuestTerms
         * @static
         * @param {mcc.GuestTerms.$Properties} message GuestTerms message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        GuestTerms.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.hour != null && $Object.hasOwnProperty.call(message, "hour") && message.hour !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.hour);
            if (message.difficulty != null && $Object.hasOwnProperty.call(message, "difficulty") && message.difficulty !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.difficulty);
            if (message.signer != null && $Object.hasOwnProperty.call(message, "signer") && message.signer.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.signer);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a GuestTerms message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.GuestTerms
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.GuestTerms & mcc.GuestTerms.$Shape} GuestTerms
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        GuestTerms.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.GuestTerms();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.hour = value;
                        else
                            delete message.hour;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.difficulty = value;
                        else
                            delete message.difficulty;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signer = value;
                        else
                            delete message.signer;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GuestTerms;
    })();

    mcc.GuestRequest = (function() {

        /**
         * Properties of a GuestRequest.
         * @typedef {Object} mcc.GuestRequest.$Properties
         * @property {number|null} [hour] GuestRequest hour
         * @property {number|null} [difficulty] GuestRequest difficulty
         * @property {Uint8Array|null} [solution] GuestRequest solution
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a GuestRequest.
         * @memberof mcc
         * @interface IGuestRequest
         * @augments mcc.GuestRequest.$Properties
         * @deprecated Use mcc.GuestRequest.$Properties instead.
         */

        /**
         * Shape of a GuestRequest.
         * @typedef {mcc.GuestRequest.$Properties} mcc.GuestRequest.$Shape
         */

        /**
         * Constructs a new GuestRequest.
         * @memberof mcc
         * @classdesc Represents a GuestRequest.
         * @constructor
         * @param {mcc.GuestRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const GuestRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * GuestRequest hour.
         * @member {number} hour
         * @memberof mcc.GuestRequest
         * @instance
         */
        GuestRequest.prototype.hour = 0;

        /**
         * GuestRequest difficulty.
         * @member {number} difficulty
         * @memberof mcc.GuestRequest
         * @instance
         */
        GuestRequest.prototype.difficulty = 0;

        /**
         * GuestRequest solution.
         * @member {Uint8Array} solution
         * @memberof mcc.GuestRequest
         * @instance
         */
        GuestRequest.prototype.solution = $util.newBuffer([]);

        /**
         * Creates a new GuestRequest instance using the specified properties.
         * @function create
         * @memberof mcc.GuestRequest
         * @static
         * @param {mcc.GuestRequest.$Properties=} [properties] Properties to set
         * @returns {mcc.GuestRequest} GuestRequest instance
         * @type {{
         *   (properties: mcc.GuestRequest.$Shape): mcc.GuestRequest & mcc.GuestRequest.$Shape;
         *   (properties?: mcc.GuestRequest.$Properties): mcc.GuestRequest;
         * }}
         */
        GuestRequest.create = function(properties) {
            return new GuestRequest(properties);
        };

        /**
         * Encodes the specified GuestRequest message. Does not implicitly {@link mcc.GuestRequest.verify|verify} messages.
         * @function encode
         * @memberof mcc.GuestRequest
         * @static
         * @param {mcc.GuestRequest.$Properties} message GuestRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        GuestRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.hour != null && $Object.hasOwnProperty.call(message, "hour") && message.hour !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.hour);
            if (message.difficulty != null && $Object.hasOwnProperty.call(message, "difficulty") && message.difficulty !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.difficulty);
            if (message.solution != null && $Object.hasOwnProperty.call(message, "solution") && message.solution.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.solution);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a GuestRequest message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.GuestRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.GuestRequest & mcc.GuestRequest.$Shape} GuestRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        GuestRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.GuestRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.hour = value;
                        else
                            delete message.hour;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.difficulty = value;
                        else
                            delete message.difficulty;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.solution = value;
                        else
                            delete message.solution;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GuestRequest;
    })();

    mcc.Revocation = (function() {

        /**
         * Properties of a Revocation.
         * @typedef {Object} mcc.Revocation.$Properties
         * @property {mcc.RevocationKind|null} [kind] Revocation kind
         * @property {Uint8Array|null} [target] Revocation target
         * @property {number|null} [since] Revocation since
         * @property {number|null} [issued] Revocation issued
         * @property {string|null} [reason] Revocation reason
         * @property {Uint8Array|null} [organisation] Revocation organisation
         * @property {Uint8Array|null} [issuer] Revocation issuer
         * @property {Array.<mcc.Extension.$Properties>|null} [extensions] Revocation extensions
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Revocation.
         * @memberof mcc
         * @interface IRevocation
         * @augments mcc.Revocation.$Properties
         * @deprecated Use mcc.Revocation.$Properties instead.
         */

        /**
         * Shape of a Revocation.
         * @typedef {mcc.Revocation.$Properties} mcc.Revocation.$Shape
         */

        /**
         * Constructs a new Revocation.
         * @memberof mcc
         * @classdesc Represents a Revocation.
         * @constructor
         * @param {mcc.Revocation.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Revocation = function (properties) {
            this.extensions = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Revocation kind.
         * @member {mcc.RevocationKind} kind
         * @memberof mcc.Revocation
         * @instance
         */
        Revocation.prototype.kind = 0;

        /**
         * Revocation target.
         * @member {Uint8Array} target
         * @memberof mcc.Revocation
         * @instance
         */
        Revocation.prototype.target = $util.newBuffer([]);

        /**
         * Revocation since.
         * @member {number} since
         * @memberof mcc.Revocation
         * @instance
         */
        Revocation.prototype.since = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Revocation issued.
         * @member {number} issued
         * @memberof mcc.Revocation
         * @instance
         */
        Revocation.prototype.issued = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Revocation reason.
         * @member {string} reason
         * @memberof mcc.Revocation
         * @instance
         */
        Revocation.prototype.reason = "";

        /**
         * Revocation organisation.
         * @member {Uint8Array} organisation
         * @memberof mcc.Revocation
         * @instance
         */
        Revocation.prototype.organisation = $util.newBuffer([]);

        /**
         * Revocation issuer.
         * @member {Uint8Array} issuer
         * @memberof mcc.Revocation
         * @instance
         */
        Revocation.prototype.issuer = $util.newBuffer([]);

        /**
         * Revocation extensions.
         * @member {Array.<mcc.Extension.$Properties>} extensions
         * @memberof mcc.Revocation
         * @instance
         */
        Revocation.prototype.extensions = $util.emptyArray;

        /**
         * Creates a new Revocation instance using the specified properties.
         * @function create
         * @memberof mcc.Revocation
         * @static
         * @param {mcc.Revocation.$Properties=} [properties] Properties to set
         * @returns {mcc.Revocation} Revocation instance
         * @type {{
         *   (properties: mcc.Revocation.$Shape): mcc.Revocation & mcc.Revocation.$Shape;
         *   (properties?: mcc.Revocation.$Properties): mcc.Revocation;
         * }}
         */
        Revocation.create = function(properties) {
            return new Revocation(properties);
        };

        /**
         * Encodes the specified Revocation message. Does not implicitly {@link mcc.Revocation.verify|verify} messages.
         * @function encode
         * @memberof mcc.Revocation
         * @static
         * @param {mcc.Revocation.$Properties} message Revocation message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Revocation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).int32(message.kind);
            if (message.target != null && $Object.hasOwnProperty.call(message, "target") && message.target.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.target);
            if (message.since != null && $Object.hasOwnProperty.call(message, "since") && (typeof message.since === "object" ? message.since.low || message.since.high : message.since !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.since);
            if (message.issued != null && $Object.hasOwnProperty.call(message, "issued") && (typeof message.issued === "object" ? message.issued.low || message.issued.high : message.issued !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.issued);
            if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                writer.uint32(/* id 5, wireType 2 =*/42).string(message.reason);
            if (message.organisation != null && $Object.hasOwnProperty.call(message, "organisation") && message.organisation.length)
                writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.organisation);
            if (message.issuer != null && $Object.hasOwnProperty.call(message, "issuer") && message.issuer.length)
                writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.issuer);
            if (message.extensions != null && message.extensions.length)
                for (let i = 0; i < message.extensions.length; ++i)
                    $root.mcc.Extension.encode(message.extensions[i], writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Revocation message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Revocation
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Revocation & mcc.Revocation.$Shape} Revocation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Revocation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Revocation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.kind = value;
                        else
                            delete message.kind;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.target = value;
                        else
                            delete message.target;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.since = value;
                        else
                            delete message.since;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.issued = value;
                        else
                            delete message.issued;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.reason = value;
                        else
                            delete message.reason;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.organisation = value;
                        else
                            delete message.organisation;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.issuer = value;
                        else
                            delete message.issuer;
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extensions && message.extensions.length))
                            message.extensions = [];
                        message.extensions.push($root.mcc.Extension.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Revocation;
    })();

    /**
     * RevocationKind enum.
     * @name mcc.RevocationKind
     * @enum {number}
     * @property {number} REVOCATION_NODE=0 REVOCATION_NODE value
     * @property {number} REVOCATION_SIGNER=1 REVOCATION_SIGNER value
     * @property {number} REVOCATION_ORGANISATION=2 REVOCATION_ORGANISATION value
     */
    mcc.RevocationKind = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "REVOCATION_NODE"] = 0;
        values[valuesById[1] = "REVOCATION_SIGNER"] = 1;
        values[valuesById[2] = "REVOCATION_ORGANISATION"] = 2;
        return values;
    })();

    mcc.SignedRevocation = (function() {

        /**
         * Properties of a SignedRevocation.
         * @typedef {Object} mcc.SignedRevocation.$Properties
         * @property {Uint8Array|null} [statement] SignedRevocation statement
         * @property {Uint8Array|null} [signature] SignedRevocation signature
         * @property {mcc.SignedOrganisation.$Properties|null} [authority] SignedRevocation authority
         * @property {Array.<mcc.RootSignature.$Properties>|null} [signatures] SignedRevocation signatures
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedRevocation.
         * @memberof mcc
         * @interface ISignedRevocation
         * @augments mcc.SignedRevocation.$Properties
         * @deprecated Use mcc.SignedRevocation.$Properties instead.
         */

        /**
         * Shape of a SignedRevocation.
         * @typedef {mcc.SignedRevocation.$Properties} mcc.SignedRevocation.$Shape
         */

        /**
         * Constructs a new SignedRevocation.
         * @memberof mcc
         * @classdesc Represents a SignedRevocation.
         * @constructor
         * @param {mcc.SignedRevocation.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedRevocation = function (properties) {
            this.signatures = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedRevocation statement.
         * @member {Uint8Array} statement
         * @memberof mcc.SignedRevocation
         * @instance
         */
        SignedRevocation.prototype.statement = $util.newBuffer([]);

        /**
         * SignedRevocation signature.
         * @member {Uint8Array} signature
         * @memberof mcc.SignedRevocation
         * @instance
         */
        SignedRevocation.prototype.signature = $util.newBuffer([]);

        /**
         * SignedRevocation authority.
         * @member {mcc.SignedOrganisation.$Properties|null|undefined} authority
         * @memberof mcc.SignedRevocation
         * @instance
         */
        SignedRevocation.prototype.authority = null;

        /**
         * SignedRevocation signatures.
         * @member {Array.<mcc.RootSignature.$Properties>} signatures
         * @memberof mcc.SignedRevocation
         * @instance
         */
        SignedRevocation.prototype.signatures = $util.emptyArray;

        /**
         * Creates a new SignedRevocation instance using the specified properties.
         * @function create
         * @memberof mcc.SignedRevocation
         * @static
         * @param {mcc.SignedRevocation.$Properties=} [properties] Properties to set
         * @returns {mcc.SignedRevocation} SignedRevocation instance
         * @type {{
         *   (properties: mcc.SignedRevocation.$Shape): mcc.SignedRevocation & mcc.SignedRevocation.$Shape;
         *   (properties?: mcc.SignedRevocation.$Properties): mcc.SignedRevocation;
         * }}
         */
        SignedRevocation.create = function(properties) {
            return new SignedRevocation(properties);
        };

        /**
         * Encodes the specified SignedRevocation message. Does not implicitly {@link mcc.SignedRevocation.verify|verify} messages.
         * @function encode
         * @memberof mcc.SignedRevocation
         * @static
         * @param {mcc.SignedRevocation.$Properties} message SignedRevocation message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedRevocation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.statement != null && $Object.hasOwnProperty.call(message, "statement") && message.statement.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.statement);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
            if (message.authority != null && $Object.hasOwnProperty.call(message, "authority"))
                $root.mcc.SignedOrganisation.encode(message.authority, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.signatures != null && message.signatures.length)
                for (let i = 0; i < message.signatures.length; ++i)
                    $root.mcc.RootSignature.encode(message.signatures[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignedRevocation message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.SignedRevocation
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.SignedRevocation & mcc.SignedRevocation.$Shape} SignedRevocation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedRevocation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.SignedRevocation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.statement = value;
                        else
                            delete message.statement;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.authority = $root.mcc.SignedOrganisation.decode(reader, reader.size(), $undefined, _depth + 1, message.authority);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.signatures && message.signatures.length))
                            message.signatures = [];
                        message.signatures.push($root.mcc.RootSignature.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SignedRevocation;
    })();

    mcc.RevocationHead = (function() {

        /**
         * Properties of a RevocationHead.
         * @typedef {Object} mcc.RevocationHead.$Properties
         * @property {Uint8Array|null} [digest] RevocationHead digest
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RevocationHead.
         * @memberof mcc
         * @interface IRevocationHead
         * @augments mcc.RevocationHead.$Properties
         * @deprecated Use mcc.RevocationHead.$Properties instead.
         */

        /**
         * Shape of a RevocationHead.
         * @typedef {mcc.RevocationHead.$Properties} mcc.RevocationHead.$Shape
         */

        /**
         * Constructs a new RevocationHead.
         * @memberof mcc
         * @classdesc Represents a RevocationHead.
         * @constructor
         * @param {mcc.RevocationHead.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RevocationHead = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RevocationHead digest.
         * @member {Uint8Array} digest
         * @memberof mcc.RevocationHead
         * @instance
         */
        RevocationHead.prototype.digest = $util.newBuffer([]);

        /**
         * Creates a new RevocationHead instance using the specified properties.
         * @function create
         * @memberof mcc.RevocationHead
         * @static
         * @param {mcc.RevocationHead.$Properties=} [properties] Properties to set
         * @returns {mcc.RevocationHead} RevocationHead instance
         * @type {{
         *   (properties: mcc.RevocationHead.$Shape): mcc.RevocationHead & mcc.RevocationHead.$Shape;
         *   (properties?: mcc.RevocationHead.$Properties): mcc.RevocationHead;
         * }}
         */
        RevocationHead.create = function(properties) {
            return new RevocationHead(properties);
        };

        /**
         * Encodes the specified RevocationHead message. Does not implicitly {@link mcc.RevocationHead.verify|verify} messages.
         * @function encode
         * @memberof mcc.RevocationHead
         * @static
         * @param {mcc.RevocationHead.$Properties} message RevocationHead message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RevocationHead.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.digest);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RevocationHead message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RevocationHead
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RevocationHead & mcc.RevocationHead.$Shape} RevocationHead
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RevocationHead.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RevocationHead();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.digest = value;
                        else
                            delete message.digest;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RevocationHead;
    })();

    mcc.RevocationQuery = (function() {

        /**
         * Properties of a RevocationQuery.
         * @typedef {Object} mcc.RevocationQuery.$Properties
         * @property {Uint8Array|null} [lower] RevocationQuery lower
         * @property {Uint8Array|null} [upper] RevocationQuery upper
         * @property {Uint8Array|null} [digest] RevocationQuery digest
         * @property {Array.<Uint8Array>|null} [wanted] RevocationQuery wanted
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RevocationQuery.
         * @memberof mcc
         * @interface IRevocationQuery
         * @augments mcc.RevocationQuery.$Properties
         * @deprecated Use mcc.RevocationQuery.$Properties instead.
         */

        /**
         * Shape of a RevocationQuery.
         * @typedef {mcc.RevocationQuery.$Properties} mcc.RevocationQuery.$Shape
         */

        /**
         * Constructs a new RevocationQuery.
         * @memberof mcc
         * @classdesc Represents a RevocationQuery.
         * @constructor
         * @param {mcc.RevocationQuery.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RevocationQuery = function (properties) {
            this.wanted = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RevocationQuery lower.
         * @member {Uint8Array} lower
         * @memberof mcc.RevocationQuery
         * @instance
         */
        RevocationQuery.prototype.lower = $util.newBuffer([]);

        /**
         * RevocationQuery upper.
         * @member {Uint8Array} upper
         * @memberof mcc.RevocationQuery
         * @instance
         */
        RevocationQuery.prototype.upper = $util.newBuffer([]);

        /**
         * RevocationQuery digest.
         * @member {Uint8Array} digest
         * @memberof mcc.RevocationQuery
         * @instance
         */
        RevocationQuery.prototype.digest = $util.newBuffer([]);

        /**
         * RevocationQuery wanted.
         * @member {Array.<Uint8Array>} wanted
         * @memberof mcc.RevocationQuery
         * @instance
         */
        RevocationQuery.prototype.wanted = $util.emptyArray;

        /**
         * Creates a new RevocationQuery instance using the specified properties.
         * @function create
         * @memberof mcc.RevocationQuery
         * @static
         * @param {mcc.RevocationQuery.$Properties=} [properties] Properties to set
         * @returns {mcc.RevocationQuery} RevocationQuery instance
         * @type {{
         *   (properties: mcc.RevocationQuery.$Shape): mcc.RevocationQuery & mcc.RevocationQuery.$Shape;
         *   (properties?: mcc.RevocationQuery.$Properties): mcc.RevocationQuery;
         * }}
         */
        RevocationQuery.create = function(properties) {
            return new RevocationQuery(properties);
        };

        /**
         * Encodes the specified RevocationQuery message. Does not implicitly {@link mcc.RevocationQuery.verify|verify} messages.
         * @function encode
         * @memberof mcc.RevocationQuery
         * @static
         * @param {mcc.RevocationQuery.$Properties} message RevocationQuery message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RevocationQuery.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.lower != null && $Object.hasOwnProperty.call(message, "lower") && message.lower.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.lower);
            if (message.upper != null && $Object.hasOwnProperty.call(message, "upper") && message.upper.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.upper);
            if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.digest);
            if (message.wanted != null && message.wanted.length)
                for (let i = 0; i < message.wanted.length; ++i)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.wanted[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RevocationQuery message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RevocationQuery
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RevocationQuery & mcc.RevocationQuery.$Shape} RevocationQuery
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RevocationQuery.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RevocationQuery();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.lower = value;
                        else
                            delete message.lower;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.upper = value;
                        else
                            delete message.upper;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.digest = value;
                        else
                            delete message.digest;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.wanted && message.wanted.length))
                            message.wanted = [];
                        message.wanted.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RevocationQuery;
    })();

    mcc.RevocationAnswer = (function() {

        /**
         * Properties of a RevocationAnswer.
         * @typedef {Object} mcc.RevocationAnswer.$Properties
         * @property {Uint8Array|null} [lower] RevocationAnswer lower
         * @property {Uint8Array|null} [upper] RevocationAnswer upper
         * @property {Array.<Uint8Array>|null} [hashes] RevocationAnswer hashes
         * @property {Array.<mcc.RevocationPart.$Properties>|null} [parts] RevocationAnswer parts
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RevocationAnswer.
         * @memberof mcc
         * @interface IRevocationAnswer
         * @augments mcc.RevocationAnswer.$Properties
         * @deprecated Use mcc.RevocationAnswer.$Properties instead.
         */

        /**
         * Shape of a RevocationAnswer.
         * @typedef {mcc.RevocationAnswer.$Properties} mcc.RevocationAnswer.$Shape
         */

        /**
         * Constructs a new RevocationAnswer.
         * @memberof mcc
         * @classdesc Represents a RevocationAnswer.
         * @constructor
         * @param {mcc.RevocationAnswer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RevocationAnswer = function (properties) {
            this.hashes = [];
            this.parts = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RevocationAnswer lower.
         * @member {Uint8Array} lower
         * @memberof mcc.RevocationAnswer
         * @instance
         */
        RevocationAnswer.prototype.lower = $util.newBuffer([]);

        /**
         * RevocationAnswer upper.
         * @member {Uint8Array} upper
         * @memberof mcc.RevocationAnswer
         * @instance
         */
        RevocationAnswer.prototype.upper = $util.newBuffer([]);

        /**
         * RevocationAnswer hashes.
         * @member {Array.<Uint8Array>} hashes
         * @memberof mcc.RevocationAnswer
         * @instance
         */
        RevocationAnswer.prototype.hashes = $util.emptyArray;

        /**
         * RevocationAnswer parts.
         * @member {Array.<mcc.RevocationPart.$Properties>} parts
         * @memberof mcc.RevocationAnswer
         * @instance
         */
        RevocationAnswer.prototype.parts = $util.emptyArray;

        /**
         * Creates a new RevocationAnswer instance using the specified properties.
         * @function create
         * @memberof mcc.RevocationAnswer
         * @static
         * @param {mcc.RevocationAnswer.$Properties=} [properties] Properties to set
         * @returns {mcc.RevocationAnswer} RevocationAnswer instance
         * @type {{
         *   (properties: mcc.RevocationAnswer.$Shape): mcc.RevocationAnswer & mcc.RevocationAnswer.$Shape;
         *   (properties?: mcc.RevocationAnswer.$Properties): mcc.RevocationAnswer;
         * }}
         */
        RevocationAnswer.create = function(properties) {
            return new RevocationAnswer(properties);
        };

        /**
         * Encodes the specified RevocationAnswer message. Does not implicitly {@link mcc.RevocationAnswer.verify|verify} messages.
         * @function encode
         * @memberof mcc.RevocationAnswer
         * @static
         * @param {mcc.RevocationAnswer.$Properties} message RevocationAnswer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RevocationAnswer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.lower != null && $Object.hasOwnProperty.call(message, "lower") && message.lower.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.lower);
            if (message.upper != null && $Object.hasOwnProperty.call(message, "upper") && message.upper.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.upper);
            if (message.hashes != null && message.hashes.length)
                for (let i = 0; i < message.hashes.length; ++i)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.hashes[i]);
            if (message.parts != null && message.parts.length)
                for (let i = 0; i < message.parts.length; ++i)
                    $root.mcc.RevocationPart.encode(message.parts[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RevocationAnswer message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RevocationAnswer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RevocationAnswer & mcc.RevocationAnswer.$Shape} RevocationAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RevocationAnswer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RevocationAnswer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.lower = value;
                        else
                            delete message.lower;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.upper = value;
                        else
                            delete message.upper;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.hashes && message.hashes.length))
                            message.hashes = [];
                        message.hashes.push(reader.bytes());
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.parts && message.parts.length))
                            message.parts = [];
                        message.parts.push($root.mcc.RevocationPart.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RevocationAnswer;
    })();

    mcc.RevocationPart = (function() {

        /**
         * Properties of a RevocationPart.
         * @typedef {Object} mcc.RevocationPart.$Properties
         * @property {Uint8Array|null} [upper] RevocationPart upper
         * @property {Uint8Array|null} [digest] RevocationPart digest
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RevocationPart.
         * @memberof mcc
         * @interface IRevocationPart
         * @augments mcc.RevocationPart.$Properties
         * @deprecated Use mcc.RevocationPart.$Properties instead.
         */

        /**
         * Shape of a RevocationPart.
         * @typedef {mcc.RevocationPart.$Properties} mcc.RevocationPart.$Shape
         */

        /**
         * Constructs a new RevocationPart.
         * @memberof mcc
         * @classdesc Represents a RevocationPart.
         * @constructor
         * @param {mcc.RevocationPart.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RevocationPart = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RevocationPart upper.
         * @member {Uint8Array} upper
         * @memberof mcc.RevocationPart
         * @instance
         */
        RevocationPart.prototype.upper = $util.newBuffer([]);

        /**
         * RevocationPart digest.
         * @member {Uint8Array} digest
         * @memberof mcc.RevocationPart
         * @instance
         */
        RevocationPart.prototype.digest = $util.newBuffer([]);

        /**
         * Creates a new RevocationPart instance using the specified properties.
         * @function create
         * @memberof mcc.RevocationPart
         * @static
         * @param {mcc.RevocationPart.$Properties=} [properties] Properties to set
         * @returns {mcc.RevocationPart} RevocationPart instance
         * @type {{
         *   (properties: mcc.RevocationPart.$Shape): mcc.RevocationPart & mcc.RevocationPart.$Shape;
         *   (properties?: mcc.RevocationPart.$Properties): mcc.RevocationPart;
         * }}
         */
        RevocationPart.create = function(properties) {
            return new RevocationPart(properties);
        };

        /**
         * Encodes the specified RevocationPart message. Does not implicitly {@link mcc.RevocationPart.verify|verify} messages.
         * @function encode
         * @memberof mcc.RevocationPart
         * @static
         * @param {mcc.RevocationPart.$Properties} message RevocationPart message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RevocationPart.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.upper != null && $Object.hasOwnProperty.call(message, "upper") && message.upper.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.upper);
            if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.digest);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RevocationPart message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.RevocationPart
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.RevocationPart & mcc.RevocationPart.$Shape} RevocationPart
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RevocationPart.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.RevocationPart();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.upper = value;
                        else
                            delete message.upper;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.digest = value;
                        else
                            delete message.digest;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RevocationPart;
    })();

    mcc.Revocations = (function() {

        /**
         * Properties of a Revocations.
         * @typedef {Object} mcc.Revocations.$Properties
         * @property {Array.<Uint8Array>|null} [statements] Revocations statements
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Revocations.
         * @memberof mcc
         * @interface IRevocations
         * @augments mcc.Revocations.$Properties
         * @deprecated Use mcc.Revocations.$Properties instead.
         */

        /**
         * Shape of a Revocations.
         * @typedef {mcc.Revocations.$Properties} mcc.Revocations.$Shape
         */

        /**
         * Constructs a new Revocations.
         * @memberof mcc
         * @classdesc Represents a Revocations.
         * @constructor
         * @param {mcc.Revocations.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Revocations = function (properties) {
            this.statements = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Revocations statements.
         * @member {Array.<Uint8Array>} statements
         * @memberof mcc.Revocations
         * @instance
         */
        Revocations.prototype.statements = $util.emptyArray;

        /**
         * Creates a new Revocations instance using the specified properties.
         * @function create
         * @memberof mcc.Revocations
         * @static
         * @param {mcc.Revocations.$Properties=} [properties] Properties to set
         * @returns {mcc.Revocations} Revocations instance
         * @type {{
         *   (properties: mcc.Revocations.$Shape): mcc.Revocations & mcc.Revocations.$Shape;
         *   (properties?: mcc.Revocations.$Properties): mcc.Revocations;
         * }}
         */
        Revocations.create = function(properties) {
            return new Revocations(properties);
        };

        /**
         * Encodes the specified Revocations message. Does not implicitly {@link mcc.Revocations.verify|verify} messages.
         * @function encode
         * @memberof mcc.Revocations
         * @static
         * @param {mcc.Revocations.$Properties} message Revocations message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Revocations.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.statements != null && message.statements.length)
                for (let i = 0; i < message.statements.length; ++i)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.statements[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Revocations message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.Revocations
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.Revocations & mcc.Revocations.$Shape} Revocations
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Revocations.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.Revocations();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.statements && message.statements.length))
                            message.statements = [];
                        message.statements.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Revocations;
    })();

    mcc.HandshakePayload = (function() {

        /**
         * Properties of a HandshakePayload.
         * @typedef {Object} mcc.HandshakePayload.$Properties
         * @property {mcc.HandshakeKind|null} [kind] HandshakePayload kind
         * @property {Uint8Array|null} [chain] HandshakePayload chain
         * @property {Array.<number>|null} [suites] HandshakePayload suites
         * @property {number|null} [freshness] HandshakePayload freshness
         * @property {Uint8Array|null} [revocationHead] HandshakePayload revocationHead
         * @property {Uint8Array|null} [early] HandshakePayload early
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a HandshakePayload.
         * @memberof mcc
         * @interface IHandshakePayload
         * @augments mcc.HandshakePayload.$Properties
         * @deprecated Use mcc.HandshakePayload.$Properties instead.
         */

        /**
         * Shape of a HandshakePayload.
         * @typedef {mcc.HandshakePayload.$Properties} mcc.HandshakePayload.$Shape
         */

        /**
         * Constructs a new HandshakePayload.
         * @memberof mcc
         * @classdesc Represents a HandshakePayload.
         * @constructor
         * @param {mcc.HandshakePayload.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const HandshakePayload = function (properties) {
            this.suites = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * HandshakePayload kind.
         * @member {mcc.HandshakeKind} kind
         * @memberof mcc.HandshakePayload
         * @instance
         */
        HandshakePayload.prototype.kind = 0;

        /**
         * HandshakePayload chain.
         * @member {Uint8Array} chain
         * @memberof mcc.HandshakePayload
         * @instance
         */
        HandshakePayload.prototype.chain = $util.newBuffer([]);

        /**
         * HandshakePayload suites.
         * @member {Array.<number>} suites
         * @memberof mcc.HandshakePayload
         * @instance
         */
        HandshakePayload.prototype.suites = $util.emptyArray;

        /**
         * HandshakePayload freshness.
         * @member {number} freshness
         * @memberof mcc.HandshakePayload
         * @instance
         */
        HandshakePayload.prototype.freshness = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * HandshakePayload revocationHead.
         * @member {Uint8Array} revocationHead
         * @memberof mcc.HandshakePayload
         * @instance
         */
        HandshakePayload.prototype.revocationHead = $util.newBuffer([]);

        /**
         * HandshakePayload early.
         * @member {Uint8Array} early
         * @memberof mcc.HandshakePayload
         * @instance
         */
        HandshakePayload.prototype.early = $util.newBuffer([]);

        /**
         * Creates a new HandshakePayload instance using the specified properties.
         * @function create
         * @memberof mcc.HandshakePayload
         * @static
         * @param {mcc.HandshakePayload.$Properties=} [properties] Properties to set
         * @returns {mcc.HandshakePayload} HandshakePayload instance
         * @type {{
         *   (properties: mcc.HandshakePayload.$Shape): mcc.HandshakePayload & mcc.HandshakePayload.$Shape;
         *   (properties?: mcc.HandshakePayload.$Properties): mcc.HandshakePayload;
         * }}
         */
        HandshakePayload.create = function(properties) {
            return new HandshakePayload(properties);
        };

        /**
         * Encodes the specified HandshakePayload message. Does not implicitly {@link mcc.HandshakePayload.verify|verify} messages.
         * @function encode
         * @memberof mcc.HandshakePayload
         * @static
         * @param {mcc.HandshakePayload.$Properties} message HandshakePayload message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        HandshakePayload.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).int32(message.kind);
            if (message.chain != null && $Object.hasOwnProperty.call(message, "chain") && message.chain.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.chain);
            if (message.suites != null && message.suites.length)
                writer.uint32(/* id 3, wireType 2 =*/26).uint32s(message.suites);
            if (message.freshness != null && $Object.hasOwnProperty.call(message, "freshness") && (typeof message.freshness === "object" ? message.freshness.low || message.freshness.high : message.freshness !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.freshness);
            if (message.revocationHead != null && $Object.hasOwnProperty.call(message, "revocationHead") && message.revocationHead.length)
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.revocationHead);
            if (message.early != null && $Object.hasOwnProperty.call(message, "early") && message.early.length)
                writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.early);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a HandshakePayload message from the specified reader or buffer.
         * @function decode
         * @memberof mcc.HandshakePayload
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {mcc.HandshakePayload & mcc.HandshakePayload.$Shape} HandshakePayload
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        HandshakePayload.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.mcc.HandshakePayload();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.kind = value;
                        else
                            delete message.kind;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.chain = value;
                        else
                            delete message.chain;
                        continue;
                    }
                case 3: {
                        if (wireType === 2) {
                            if (!(message.suites && message.suites.length))
                                message.suites = [];
                            reader.uint32s(message.suites);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.suites && message.suites.length))
                            message.suites = [];
                        message.suites.push(reader.uint32());
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.freshness = value;
                        else
                            delete message.freshness;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.revocationHead = value;
                        else
                            delete message.revocationHead;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.early = value;
                        else
                            delete message.early;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return HandshakePayload;
    })();

    /**
     * HandshakeKind enum.
     * @name mcc.HandshakeKind
     * @enum {number}
     * @property {number} HANDSHAKE_MEMBER=0 HANDSHAKE_MEMBER value
     * @property {number} HANDSHAKE_JOINER=1 HANDSHAKE_JOINER value
     * @property {number} HANDSHAKE_RENEWING=2 HANDSHAKE_RENEWING value
     * @property {number} HANDSHAKE_GUEST=3 HANDSHAKE_GUEST value
     */
    mcc.HandshakeKind = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "HANDSHAKE_MEMBER"] = 0;
        values[valuesById[1] = "HANDSHAKE_JOINER"] = 1;
        values[valuesById[2] = "HANDSHAKE_RENEWING"] = 2;
        values[valuesById[3] = "HANDSHAKE_GUEST"] = 3;
        return values;
    })();

    return mcc;
})();

export {
  $root as default
};
