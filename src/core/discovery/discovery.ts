// The door of discovery: own records, names and what they lead to, providers of services.
export { formatName, parseName } from './names.ts';
