/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment JobFields on Job {\n    id\n    kind\n    state\n    progress {\n      done\n      total\n      stage\n    }\n    cancelRequested\n    createdAt\n    finishedAt\n    result\n    downloadUrl\n    failure {\n      code\n      message\n    }\n  }\n": typeof types.JobFieldsFragmentDoc,
    "\n  query RecentJobs {\n    jobs(first: 8) {\n      edges {\n        node {\n          ...JobFields\n        }\n      }\n    }\n  }\n": typeof types.RecentJobsDocument,
    "\n  subscription OneJob($id: ID!) {\n    jobProgress(id: $id) {\n      ...JobFields\n    }\n  }\n": typeof types.OneJobDocument,
    "\n  mutation CancelJob($id: ID!) {\n    cancelJob(id: $id) {\n      ...JobFields\n    }\n  }\n": typeof types.CancelJobDocument,
    "\n  query GlobalSearch($text: String!, $all: Boolean!) {\n    identities: entities(search: $text, filter: { type: [IDENTITY] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    connections: entities(search: $text, filter: { type: [CONNECTION] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    resources: entities(search: $text, filter: { type: [RESOURCE] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    employees(search: $text, first: 5) @include(if: $all) {\n      totalCount\n      edges {\n        node {\n          id\n          fullName\n          title\n        }\n      }\n    }\n    applications(search: $text) @include(if: $all) {\n      id\n      name\n    }\n  }\n": typeof types.GlobalSearchDocument,
    "\n  fragment EntityBrief on Entity {\n    id\n    name\n    displayName\n    type\n    sourceType\n    status\n    integration {\n      id\n      name\n    }\n  }\n": typeof types.EntityBriefFragmentDoc,
    "\n  query SideEntity($id: ID!, $asOf: Time) {\n    entity(id: $id, asOf: $asOf) {\n      ...EntityBrief\n      sourceId\n      project\n      username\n      email\n      employee {\n        id\n        fullName\n      }\n    }\n  }\n": typeof types.SideEntityDocument,
    "\n  query SideRelation($source: ID!, $target: ID!, $asOf: Time) {\n    source: entity(id: $source, asOf: $asOf) {\n      ...EntityBrief\n    }\n    target: entity(id: $target, asOf: $asOf) {\n      ...EntityBrief\n    }\n    accessPaths(from: $source, to: $target, first: 10, asOf: $asOf) {\n      truncated\n      paths {\n        length\n        steps {\n          from {\n            ...EntityBrief\n          }\n          to {\n            ...EntityBrief\n          }\n          permissions {\n            name\n            value\n          }\n        }\n      }\n    }\n  }\n": typeof types.SideRelationDocument,
    "\n  query SummaryStatistics {\n    statistics {\n      applications\n      integrations\n      outOfSync\n      identities\n      connections\n      resources\n      employees\n      employeeIdentities\n      serviceAccounts\n      unmappedIdentities\n    }\n  }\n": typeof types.SummaryStatisticsDocument,
    "\n  query SummaryQuality {\n    dataQuality {\n      kind\n      message\n      count\n      filter\n      entities {\n        ...EntityBrief\n      }\n      integration {\n        id\n        name\n      }\n    }\n  }\n": typeof types.SummaryQualityDocument,
    "\n  query SummaryImports {\n    importRuns(first: 6) {\n      edges {\n        node {\n          id\n          kind\n          file\n          state\n          message\n          startedAt\n          finishedAt\n          report\n          integration {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.SummaryImportsDocument,
};
const documents: Documents = {
    "\n  fragment JobFields on Job {\n    id\n    kind\n    state\n    progress {\n      done\n      total\n      stage\n    }\n    cancelRequested\n    createdAt\n    finishedAt\n    result\n    downloadUrl\n    failure {\n      code\n      message\n    }\n  }\n": types.JobFieldsFragmentDoc,
    "\n  query RecentJobs {\n    jobs(first: 8) {\n      edges {\n        node {\n          ...JobFields\n        }\n      }\n    }\n  }\n": types.RecentJobsDocument,
    "\n  subscription OneJob($id: ID!) {\n    jobProgress(id: $id) {\n      ...JobFields\n    }\n  }\n": types.OneJobDocument,
    "\n  mutation CancelJob($id: ID!) {\n    cancelJob(id: $id) {\n      ...JobFields\n    }\n  }\n": types.CancelJobDocument,
    "\n  query GlobalSearch($text: String!, $all: Boolean!) {\n    identities: entities(search: $text, filter: { type: [IDENTITY] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    connections: entities(search: $text, filter: { type: [CONNECTION] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    resources: entities(search: $text, filter: { type: [RESOURCE] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    employees(search: $text, first: 5) @include(if: $all) {\n      totalCount\n      edges {\n        node {\n          id\n          fullName\n          title\n        }\n      }\n    }\n    applications(search: $text) @include(if: $all) {\n      id\n      name\n    }\n  }\n": types.GlobalSearchDocument,
    "\n  fragment EntityBrief on Entity {\n    id\n    name\n    displayName\n    type\n    sourceType\n    status\n    integration {\n      id\n      name\n    }\n  }\n": types.EntityBriefFragmentDoc,
    "\n  query SideEntity($id: ID!, $asOf: Time) {\n    entity(id: $id, asOf: $asOf) {\n      ...EntityBrief\n      sourceId\n      project\n      username\n      email\n      employee {\n        id\n        fullName\n      }\n    }\n  }\n": types.SideEntityDocument,
    "\n  query SideRelation($source: ID!, $target: ID!, $asOf: Time) {\n    source: entity(id: $source, asOf: $asOf) {\n      ...EntityBrief\n    }\n    target: entity(id: $target, asOf: $asOf) {\n      ...EntityBrief\n    }\n    accessPaths(from: $source, to: $target, first: 10, asOf: $asOf) {\n      truncated\n      paths {\n        length\n        steps {\n          from {\n            ...EntityBrief\n          }\n          to {\n            ...EntityBrief\n          }\n          permissions {\n            name\n            value\n          }\n        }\n      }\n    }\n  }\n": types.SideRelationDocument,
    "\n  query SummaryStatistics {\n    statistics {\n      applications\n      integrations\n      outOfSync\n      identities\n      connections\n      resources\n      employees\n      employeeIdentities\n      serviceAccounts\n      unmappedIdentities\n    }\n  }\n": types.SummaryStatisticsDocument,
    "\n  query SummaryQuality {\n    dataQuality {\n      kind\n      message\n      count\n      filter\n      entities {\n        ...EntityBrief\n      }\n      integration {\n        id\n        name\n      }\n    }\n  }\n": types.SummaryQualityDocument,
    "\n  query SummaryImports {\n    importRuns(first: 6) {\n      edges {\n        node {\n          id\n          kind\n          file\n          state\n          message\n          startedAt\n          finishedAt\n          report\n          integration {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": types.SummaryImportsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobFields on Job {\n    id\n    kind\n    state\n    progress {\n      done\n      total\n      stage\n    }\n    cancelRequested\n    createdAt\n    finishedAt\n    result\n    downloadUrl\n    failure {\n      code\n      message\n    }\n  }\n"): (typeof documents)["\n  fragment JobFields on Job {\n    id\n    kind\n    state\n    progress {\n      done\n      total\n      stage\n    }\n    cancelRequested\n    createdAt\n    finishedAt\n    result\n    downloadUrl\n    failure {\n      code\n      message\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RecentJobs {\n    jobs(first: 8) {\n      edges {\n        node {\n          ...JobFields\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query RecentJobs {\n    jobs(first: 8) {\n      edges {\n        node {\n          ...JobFields\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription OneJob($id: ID!) {\n    jobProgress(id: $id) {\n      ...JobFields\n    }\n  }\n"): (typeof documents)["\n  subscription OneJob($id: ID!) {\n    jobProgress(id: $id) {\n      ...JobFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelJob($id: ID!) {\n    cancelJob(id: $id) {\n      ...JobFields\n    }\n  }\n"): (typeof documents)["\n  mutation CancelJob($id: ID!) {\n    cancelJob(id: $id) {\n      ...JobFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query GlobalSearch($text: String!, $all: Boolean!) {\n    identities: entities(search: $text, filter: { type: [IDENTITY] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    connections: entities(search: $text, filter: { type: [CONNECTION] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    resources: entities(search: $text, filter: { type: [RESOURCE] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    employees(search: $text, first: 5) @include(if: $all) {\n      totalCount\n      edges {\n        node {\n          id\n          fullName\n          title\n        }\n      }\n    }\n    applications(search: $text) @include(if: $all) {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query GlobalSearch($text: String!, $all: Boolean!) {\n    identities: entities(search: $text, filter: { type: [IDENTITY] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    connections: entities(search: $text, filter: { type: [CONNECTION] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    resources: entities(search: $text, filter: { type: [RESOURCE] }, first: 5) {\n      totalCount\n      edges {\n        node {\n          ...EntityBrief\n        }\n      }\n    }\n    employees(search: $text, first: 5) @include(if: $all) {\n      totalCount\n      edges {\n        node {\n          id\n          fullName\n          title\n        }\n      }\n    }\n    applications(search: $text) @include(if: $all) {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EntityBrief on Entity {\n    id\n    name\n    displayName\n    type\n    sourceType\n    status\n    integration {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment EntityBrief on Entity {\n    id\n    name\n    displayName\n    type\n    sourceType\n    status\n    integration {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SideEntity($id: ID!, $asOf: Time) {\n    entity(id: $id, asOf: $asOf) {\n      ...EntityBrief\n      sourceId\n      project\n      username\n      email\n      employee {\n        id\n        fullName\n      }\n    }\n  }\n"): (typeof documents)["\n  query SideEntity($id: ID!, $asOf: Time) {\n    entity(id: $id, asOf: $asOf) {\n      ...EntityBrief\n      sourceId\n      project\n      username\n      email\n      employee {\n        id\n        fullName\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SideRelation($source: ID!, $target: ID!, $asOf: Time) {\n    source: entity(id: $source, asOf: $asOf) {\n      ...EntityBrief\n    }\n    target: entity(id: $target, asOf: $asOf) {\n      ...EntityBrief\n    }\n    accessPaths(from: $source, to: $target, first: 10, asOf: $asOf) {\n      truncated\n      paths {\n        length\n        steps {\n          from {\n            ...EntityBrief\n          }\n          to {\n            ...EntityBrief\n          }\n          permissions {\n            name\n            value\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query SideRelation($source: ID!, $target: ID!, $asOf: Time) {\n    source: entity(id: $source, asOf: $asOf) {\n      ...EntityBrief\n    }\n    target: entity(id: $target, asOf: $asOf) {\n      ...EntityBrief\n    }\n    accessPaths(from: $source, to: $target, first: 10, asOf: $asOf) {\n      truncated\n      paths {\n        length\n        steps {\n          from {\n            ...EntityBrief\n          }\n          to {\n            ...EntityBrief\n          }\n          permissions {\n            name\n            value\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SummaryStatistics {\n    statistics {\n      applications\n      integrations\n      outOfSync\n      identities\n      connections\n      resources\n      employees\n      employeeIdentities\n      serviceAccounts\n      unmappedIdentities\n    }\n  }\n"): (typeof documents)["\n  query SummaryStatistics {\n    statistics {\n      applications\n      integrations\n      outOfSync\n      identities\n      connections\n      resources\n      employees\n      employeeIdentities\n      serviceAccounts\n      unmappedIdentities\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SummaryQuality {\n    dataQuality {\n      kind\n      message\n      count\n      filter\n      entities {\n        ...EntityBrief\n      }\n      integration {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  query SummaryQuality {\n    dataQuality {\n      kind\n      message\n      count\n      filter\n      entities {\n        ...EntityBrief\n      }\n      integration {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SummaryImports {\n    importRuns(first: 6) {\n      edges {\n        node {\n          id\n          kind\n          file\n          state\n          message\n          startedAt\n          finishedAt\n          report\n          integration {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query SummaryImports {\n    importRuns(first: 6) {\n      edges {\n        node {\n          id\n          kind\n          file\n          state\n          message\n          startedAt\n          finishedAt\n          report\n          integration {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;