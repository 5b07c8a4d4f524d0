export * from './ExportMenu';
