// The door of host/crypto: what the daemon and the cli hand to core.
export { systemRng } from './entropy.ts';
export { nodeCrypto } from './node-crypto.ts';
