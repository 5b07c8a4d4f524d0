export { JobsTray } from './JobsTray';
export { trackJob } from './tracker';
export * from './job';
export * from './documents';
