// The door of endpoints: what a service may lead to, how the kernel takes packets there, whether somebody answers.
export { EndpointPlumbing, mendEndpoints, type PlumbingOptions } from './plumbing.ts';
export { parseTarget, targetRefusal } from './target.ts';
