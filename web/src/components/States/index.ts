export * from './States';
