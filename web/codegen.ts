import type { CodegenConfig } from '@graphql-codegen/cli';

const scalars = {
  ID: 'string',
  Time: 'string',
  Date: 'string',
  Int64: 'number',
  JSON: { input: 'unknown', output: 'unknown' },
};

// From the schema's own files, so that no server has to run. What is written is committed and
// held fresh by scripts/drift.
const config: CodegenConfig = {
  schema: ['../schema.graphqls', '../graph/schema/*.graphqls'],
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**'],
  ignoreNoDocuments: true,
  generates: {
    './src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { enumsAsTypes: true, useTypeImports: true, strictScalars: true, scalars },
    },
    // Every enum and input of the schema, also those that no operation uses yet.
    './src/gql/schema.ts': {
      plugins: ['typescript'],
      config: { enumsAsTypes: true, strictScalars: true, scalars, skipTypename: true, inputMaybeValue: 'T | null | undefined' },
    },
  },
};

export default config;
