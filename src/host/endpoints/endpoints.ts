// The door of endpoints: what a service may lead to, how the kernel takes packets there, whether somebody answers.

export { type HealthCheck, type HealthLimits, HealthProbe, type ServiceHealth } from './health.ts';
export { EndpointPlumbing, mendEndpoints, type PlumbingOptions } from './plumbing.ts';
export { parseTarget, targetRefusal } from './target.ts';
