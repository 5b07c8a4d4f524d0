export * from './EntityFacts';
export { metadataLines } from './metadata';
