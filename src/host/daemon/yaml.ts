// The YAML parser as a chunk of its own: most hosts have no configuration file and never load it.
export { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
