// The door of endpoints: what a service may lead to, how the kernel takes packets there, whether somebody answers.

export { type HealthCheck, type HealthLimits, HealthProbe } from './health.ts';
export { HostEndpoints, type HostEndpointsOptions } from './host-endpoints.ts';
export { EndpointPlumbing, mendEndpoints, type PlumbingOptions } from './plumbing.ts';
export { parseTarget, targetRefusal } from './target.ts';
