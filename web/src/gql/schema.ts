export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A civil date, as YYYY-MM-DD. */
  Date: { input: string; output: string; }
  /** A whole number of up to 64 bits. */
  Int64: { input: number; output: number; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
  /** An instant, as RFC 3339 in UTC. */
  Time: { input: string; output: string; }
};

export type AccessCause = {
  /** When it came or went; null in a simulation. */
  at?: Maybe<Scalars['Time']['output']>;
  /** Which of the changes of a simulation did it, counted from 0; null between moments. */
  change?: Maybe<Scalars['Int']['output']>;
  /** True: the grant came; false: it went. */
  gained: Scalars['Boolean']['output'];
  permission: Scalars['String']['output'];
  scope: Scalars['String']['output'];
  source: Entity;
  target: Entity;
  value: Scalars['String']['output'];
};

/** An identity and a target, where the effective access differs. */
export type AccessChange = {
  /** For each permission gained or lost a grant, held on one side only, on a shortest chain that gives it. */
  causes: Array<AccessCause>;
  identity: Entity;
  kind: AccessChangeKind;
  permissionsGained: Array<Permission>;
  permissionsLost: Array<Permission>;
  target: Entity;
};

/** Ordered by name and id of the identity, then of the target. */
export type AccessChangeConnection = {
  edges: Array<AccessChangeEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type AccessChangeEdge = {
  cursor: Scalars['String']['output'];
  node: AccessChange;
};

/** One change to try: exactly one field. Ids are those of live entities. */
export type AccessChangeInput = {
  /** A grant with the same source, target, permission and scope is replaced. */
  addGrant?: InputMaybe<NewGrantInput>;
  /** The entity is removed, with every grant that it holds or that is on it. */
  delete?: InputMaybe<Scalars['ID']['input']>;
  /** Has to match at least one grant. */
  removeGrant?: InputMaybe<GrantMatchInput>;
  /** The entity's status becomes SUSPENDED. Status is shown and filtered; it changes no access. */
  suspend?: InputMaybe<Scalars['ID']['input']>;
};

export type AccessChangeKind =
  /** There are other permissions. */
  | 'CHANGED'
  /** There was no access before. */
  | 'GAINED'
  /** There is no access after. */
  | 'LOST';

export type AccessConnection = {
  edges: Array<AccessEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

/** One pair of entities and the whole access between them. */
export type AccessEdge = {
  cursor: Scalars['String']['output'];
  /** There is a grant of the source's own, too. */
  direct: Scalars['Boolean']['output'];
  node: Entity;
  /** How many paths there are, up to 12 hops and 50 paths. Computed only when asked for. */
  pathCount: Scalars['Int']['output'];
  /** There may be more paths than counted. */
  pathsTruncated: Scalars['Boolean']['output'];
  /** The effective permissions: of all grants that lead here. */
  permissions: Array<Permission>;
  /** The connections that hold the grants on the target. */
  providers: Array<Entity>;
};

export type AccessPath = {
  /** The first connection, whose membership would have to end; null when the access is direct. */
  entry?: Maybe<Entity>;
  /** The number of steps. */
  length: Scalars['Int']['output'];
  /** The last connection before the target, which holds the grant; null when the access is direct. */
  provider?: Maybe<Entity>;
  steps: Array<AccessStep>;
};

export type AccessPaths = {
  paths: Array<AccessPath>;
  /** There may be more paths, or longer ones. */
  truncated: Scalars['Boolean']['output'];
};

export type AccessStep = {
  from: Entity;
  permissions: Array<Permission>;
  to: Entity;
};

/** A first step by which identities reach something. */
export type AccessWay = {
  /** The connection that they are direct members of; null for a grant of their own on the target. */
  entry?: Maybe<Entity>;
  identities: Scalars['Int']['output'];
  /** Hops of the shortest path that begins so. */
  length: Scalars['Int']['output'];
};

export type AddEmployeeInput = {
  department?: InputMaybe<Scalars['String']['input']>;
  employmentType?: InputMaybe<Scalars['String']['input']>;
  endDate?: InputMaybe<Scalars['Date']['input']>;
  fullName: Scalars['String']['input'];
  location?: InputMaybe<Scalars['String']['input']>;
  /** The work e-mail of a known employee. */
  managerEmail?: InputMaybe<Scalars['String']['input']>;
  /** REVIEWER when left out. */
  roles?: InputMaybe<Array<ProductRole>>;
  /** Today when left out. */
  startDate?: InputMaybe<Scalars['Date']['input']>;
  title?: InputMaybe<Scalars['String']['input']>;
  userId?: InputMaybe<Scalars['String']['input']>;
  workEmail: Scalars['String']['input'];
};

export type ApiKey = {
  createdAt: Scalars['Time']['output'];
  /** The id of who made it. */
  createdBy: Scalars['String']['output'];
  /** Whom it acts as. */
  employee?: Maybe<Employee>;
  expiresAt: Scalars['Time']['output'];
  /** Begins every token of the key; it is no secret. */
  id: Scalars['ID']['output'];
  /** To the hour; null = never. */
  lastUsedAt?: Maybe<Scalars['Time']['output']>;
  name: Scalars['String']['output'];
  revokedAt?: Maybe<Scalars['Time']['output']>;
  role: ProductRole;
};

/** A product; integrations are its configured instances. */
export type Application = Node & {
  id: Scalars['ID']['output'];
  integrations: Array<Integration>;
  name: Scalars['String']['output'];
};

export type AuditConnection = {
  edges: Array<AuditEdge>;
  pageInfo: PageInfo;
};

export type AuditEdge = {
  cursor: Scalars['String']['output'];
  node: AuditEntry;
};

/** One line of the append-only audit log. */
export type AuditEntry = {
  action: Scalars['String']['output'];
  actor: Scalars['String']['output'];
  actorKind: Scalars['String']['output'];
  after?: Maybe<Scalars['JSON']['output']>;
  at: Scalars['Time']['output'];
  before?: Maybe<Scalars['JSON']['output']>;
  id: Scalars['ID']['output'];
  ip?: Maybe<Scalars['String']['output']>;
  /** The id of what was changed. */
  object: Scalars['String']['output'];
  requestId?: Maybe<Scalars['String']['output']>;
};

export type AuthenticationFactor = {
  name: Scalars['String']['output'];
  strength: FactorStrength;
};

export type BusinessOwnersInput = {
  entityIds: Array<Scalars['ID']['input']>;
  /** Empty owners = nobody. Exactly one of owners and toAppOwners. */
  owners?: InputMaybe<OwnersInput>;
  /** The owners of each entity's integration. */
  toAppOwners?: InputMaybe<Scalars['Boolean']['input']>;
};

export type CreateApiKeyInput = {
  /** The employee that the key acts as. */
  employee?: InputMaybe<Scalars['ID']['input']>;
  /** 90 days when left out. */
  expiresInDays?: InputMaybe<Scalars['Int']['input']>;
  name: Scalars['String']['input'];
  role: ProductRole;
};

export type CreateApiKeyPayload = {
  apiKey: ApiKey;
  /** For the header X-API-Secret, with the id of the key as X-API-Key. */
  secret: Scalars['String']['output'];
  /** For the header Authorization: Bearer. To be kept now: it cannot be had again. */
  token: Scalars['String']['output'];
};

export type CriticalGrant = {
  grant: Grant;
  /** Identities that would lose something. */
  identities: Scalars['Int']['output'];
  /** Pairs that would be lost without it. */
  lost: Scalars['Int64']['output'];
};

export type CriticalGrants = {
  /** By lost, then by the names of source and target. */
  grants: Array<CriticalGrant>;
  /** Pairs of an identity and something that it reaches, in all. */
  pairs: Scalars['Int64']['output'];
  /** Grants that somebody's access depends on. */
  total: Scalars['Int']['output'];
};

export type DataQualityHint = {
  /** How many entities it concerns. */
  count: Scalars['Int']['output'];
  /** The first of them, by name; of a cycle, its members. */
  entities: Array<Entity>;
  /** The EntityFilter that lists all of them, where one can. */
  filter?: Maybe<Scalars['JSON']['output']>;
  /** The integration, where one is meant. */
  integration?: Maybe<Integration>;
  kind: DataQualityKind;
  message: Scalars['String']['output'];
};

export type DataQualityKind =
  /** Connections that contain each other in a circle. */
  | 'CONNECTION_CYCLE'
  /** An integration without an application owner. */
  | 'INTEGRATION_WITHOUT_OWNER'
  /** An identity that was never active, or whose source does not say. */
  | 'NEVER_ACTIVE'
  /** A source type that names something non-human, declared as a connection. */
  | 'NON_HUMAN_CONNECTION'
  /** A connection with a grant on itself. */
  | 'SELF_GRANT'
  /** A service account that nobody answers for. */
  | 'SERVICE_ACCOUNT_WITHOUT_OWNER'
  /** Known only as the target of a grant: no row describes it. */
  | 'STUB'
  /** An active identity of an employee who has left. */
  | 'TERMINATED_EMPLOYEE'
  /** An identity that belongs to no employee and is no service account. */
  | 'UNMAPPED_IDENTITY';

export type Direction =
  | 'ASC'
  | 'DESC';

/** A person of the workforce, as the HR source says. */
export type Employee = Node & {
  department?: Maybe<Scalars['String']['output']>;
  employmentType?: Maybe<Scalars['String']['output']>;
  endDate?: Maybe<Scalars['Date']['output']>;
  firstName?: Maybe<Scalars['String']['output']>;
  fullName: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  /** The identities tied to the employee, by name; a reviewer's own and those of direct reports. */
  identities: Array<Entity>;
  lastName?: Maybe<Scalars['String']['output']>;
  /** The manager, where that is a known employee. */
  manager?: Maybe<Employee>;
  managerEmail?: Maybe<Scalars['String']['output']>;
  /** The manager's name as the source says it. */
  managerName?: Maybe<Scalars['String']['output']>;
  metadata?: Maybe<Scalars['JSON']['output']>;
  organization?: Maybe<Scalars['String']['output']>;
  /** The direct reports, by name. A reviewer sees their own. */
  reports: EmployeeConnection;
  roles: Array<ProductRole>;
  /** The person's id in the HR source. */
  sourceUserId?: Maybe<Scalars['String']['output']>;
  startDate?: Maybe<Scalars['Date']['output']>;
  /** As of today in the configured time zone. */
  state: EmployeeState;
  title?: Maybe<Scalars['String']['output']>;
  userId?: Maybe<Scalars['String']['output']>;
  workEmail: Scalars['String']['output'];
};


/** A person of the workforce, as the HR source says. */
export type EmployeeReportsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type EmployeeConnection = {
  edges: Array<EmployeeEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type EmployeeEdge = {
  cursor: Scalars['String']['output'];
  node: Employee;
};

export type EmployeeState =
  | 'ACTIVE'
  | 'FUTURE'
  | 'TERMINATED';

/** The entities that a mutation was about, as they are now, in the order given. */
export type EntitiesPayload = {
  entities: Array<Entity>;
};

export type Entity = Node & {
  /** What reaches it. */
  accessibleBy: AccessConnection;
  administrative: Tristate;
  /** Who answers for a connection or resource. */
  businessOwners: Owners;
  /** How people write it: application/source type/name; for an identity: name (integration). */
  displayName: Scalars['String']['output'];
  email?: Maybe<Scalars['String']['output']>;
  /** The employee tied to the identity; null for other types and where nobody is. */
  employee?: Maybe<Employee>;
  external: Tristate;
  /** The enrolled authentication factors. */
  factors: Array<AuthenticationFactor>;
  firstName?: Maybe<Scalars['String']['output']>;
  firstSeen?: Maybe<Scalars['Time']['output']>;
  /** The grants as the source reports them, those with value false included; ended = true: only those that history keeps. */
  grants: GrantConnection;
  /** What it reaches. permission selects edges; what an edge shows still describes the whole pair. */
  hasAccessTo: AccessConnection;
  id: Scalars['ID']['output'];
  /** null for connections and resources. */
  identityType?: Maybe<IdentityType>;
  insights: Array<Insight>;
  integration: Integration;
  labels: Array<Scalars['String']['output']>;
  lastLoginTime?: Maybe<Scalars['Time']['output']>;
  lastName?: Maybe<Scalars['String']['output']>;
  lastPasswordChangedTime?: Maybe<Scalars['Time']['output']>;
  /** The last action in the application; the last login where the source does not say. */
  latestActivityTime?: Maybe<Scalars['Time']['output']>;
  locked: Tristate;
  /** How the employee is tied to it. */
  mapping?: Maybe<IdentityMapping>;
  /** What the source says besides. */
  metadata?: Maybe<Scalars['JSON']['output']>;
  /** null = unknown, which is not the same as false. */
  mfaEnabled?: Maybe<Scalars['Boolean']['output']>;
  name: Scalars['String']['output'];
  /** Account, domain or directory inside the integration; empty when there is only one. */
  project: Scalars['String']['output'];
  /** When it went; null while it is live. */
  removedAt?: Maybe<Scalars['Time']['output']>;
  serviceAccount: Tristate;
  /** Why it is held to be a service account. */
  serviceAccountReason?: Maybe<Scalars['String']['output']>;
  sourceId: Scalars['String']['output'];
  /** The source's own word for it. */
  sourceType: Scalars['String']['output'];
  status: EntityStatus;
  /** Only known as a target of a grant: no row ever described it. */
  stub: Scalars['Boolean']['output'];
  superAdmin: Tristate;
  type: EntityType;
  username?: Maybe<Scalars['String']['output']>;
};


export type EntityAccessibleByArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  asOf?: InputMaybe<Scalars['Time']['input']>;
  filter?: InputMaybe<EntityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  permission?: InputMaybe<StringMatch>;
  reach?: InputMaybe<Reach>;
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
};


export type EntityGrantsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  direction?: InputMaybe<HavingDirection>;
  ended?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type EntityHasAccessToArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  asOf?: InputMaybe<Scalars['Time']['input']>;
  filter?: InputMaybe<EntityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  permission?: InputMaybe<StringMatch>;
  reach?: InputMaybe<Reach>;
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
};

export type EntityConnection = {
  edges: Array<EntityEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type EntityEdge = {
  cursor: Scalars['String']['output'];
  node: Entity;
};

export type EntityField =
  | 'APPLICATION'
  | 'DEPARTMENT'
  | 'EMPLOYMENT_TYPE'
  | 'IDENTITY_TYPE'
  | 'INSIGHT'
  | 'INTEGRATION'
  | 'JOB_TITLE'
  | 'LABEL'
  | 'MANAGER'
  | 'MFA'
  | 'PROJECT'
  | 'SOURCE_TYPE'
  | 'STATUS'
  | 'TYPE';

/**
 * Which entities, by what they are and by how they are connected. The fields of one object are joined by AND, the values
 * of one list by OR, several having clauses by AND. Empty objects and lists restrict nothing. A missing value matches only
 * isEmpty: true.
 */
export type EntityFilter = {
  administrative?: InputMaybe<Array<Tristate>>;
  and?: InputMaybe<Array<EntityFilter>>;
  application?: InputMaybe<StringMatch>;
  department?: InputMaybe<StringMatch>;
  email?: InputMaybe<StringMatch>;
  employeeState?: InputMaybe<Array<EmployeeState>>;
  employmentType?: InputMaybe<StringMatch>;
  external?: InputMaybe<Array<Tristate>>;
  /** Any enrolled authentication factor. */
  factor?: InputMaybe<StringMatch>;
  factorStrength?: InputMaybe<Array<FactorStrength>>;
  having?: InputMaybe<Array<HavingClause>>;
  identityType?: InputMaybe<Array<IdentityType>>;
  /** One of these entities: a selection. 10,000 at most. */
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** No activity for so many days; never active counts too. */
  inactiveForDays?: InputMaybe<Scalars['Int']['input']>;
  insight?: InputMaybe<StringMatch>;
  /** The integration's present name. */
  integration?: InputMaybe<StringMatch>;
  jobTitle?: InputMaybe<StringMatch>;
  label?: InputMaybe<StringMatch>;
  /** The work e-mail of the employee's direct manager. */
  manager?: InputMaybe<StringMatch>;
  mfaEnabled?: InputMaybe<Array<Tristate>>;
  name?: InputMaybe<StringMatch>;
  neverActive?: InputMaybe<Scalars['Boolean']['input']>;
  not?: InputMaybe<EntityFilter>;
  or?: InputMaybe<Array<EntityFilter>>;
  passwordOlderThanDays?: InputMaybe<Scalars['Int']['input']>;
  /** Holds this permission, directly, on anything. */
  permission?: InputMaybe<StringMatch>;
  project?: InputMaybe<StringMatch>;
  /** true: include entities that only history keeps. */
  removed?: InputMaybe<Scalars['Boolean']['input']>;
  serviceAccount?: InputMaybe<Array<Tristate>>;
  sourceId?: InputMaybe<StringMatch>;
  /** Where the entity comes from: an integration's name. */
  sourceSystem?: InputMaybe<StringMatch>;
  sourceType?: InputMaybe<StringMatch>;
  status?: InputMaybe<Array<EntityStatus>>;
  superAdmin?: InputMaybe<Array<Tristate>>;
  type?: InputMaybe<Array<EntityType>>;
  /** The work e-mail of the employee. On connections and resources the employee fields match when one identity that reaches them matches all of them. */
  user?: InputMaybe<StringMatch>;
  username?: InputMaybe<StringMatch>;
};

/** What makes an entity the same in every store and after every import. integration is the integration's immutable key: its first name. */
export type EntityKey = {
  integration: Scalars['String']['input'];
  project?: InputMaybe<Scalars['String']['input']>;
  sourceId: Scalars['String']['input'];
  type: EntityType;
};

/** The default order is by name, then id. Missing values come last in both directions. */
export type EntityOrder = {
  direction?: InputMaybe<Direction>;
  field: EntityOrderField;
};

export type EntityOrderField =
  | 'LAST_LOGIN_TIME'
  | 'NAME'
  | 'SOURCE_TYPE'
  | 'STATUS'
  | 'TYPE';

/** What the source reports. It is shown and filtered; it never changes what an entity reaches. */
export type EntityStatus =
  | 'ACTIVE'
  | 'DELETED'
  | 'INACTIVE'
  | 'LOCKED'
  | 'SUSPENDED'
  | 'UNKNOWN';

export type EntityType =
  /** What gives access: a group, role, team, policy. */
  | 'CONNECTION'
  /** A user or service account in one integration. */
  | 'IDENTITY'
  /** What can be accessed. */
  | 'RESOURCE';

export type Explanations = {
  /** The grants without which most pairs of an identity (of filter) and something that it reaches (of targetFilter) would be lost. Exact: every grant of the graph is judged. */
  criticalGrants: CriticalGrants;
  /** What each entity would reach more as a member of the group. */
  joining: Array<JoinGain>;
  /**
   * The fewest grants whose removal ends all access from the one side to the other (with permission: those effective
   * permissions). Give ids, filters or both; no entity can be on both sides. Of several such sets it is the one nearest
   * to from: what from still holds afterwards is the least possible; with nearTarget the one nearest to to. keep: grants
   * that have to stay.
   */
  minimumCut: MinimumCut;
  /**
   * Why from does not reach to: the single new grants that would give the access (with an effective permission that
   * matches), and how others get it. first goes to 100.
   */
  missingGrants: MissingGrants;
  /** Who (of filter, by default identities) does not reach the target, but would as a member of the group. */
  newcomers: Newcomers;
  /** The shortest path of every pair of an entity of filter (by default identities) and one of targetFilter that it reaches; by their names. */
  shortestPaths: AccessPaths;
};


export type ExplanationsCriticalGrantsArgs = {
  filter?: InputMaybe<EntityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  targetFilter?: InputMaybe<EntityFilter>;
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
};


export type ExplanationsJoiningArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  group: Scalars['ID']['input'];
  of: Array<Scalars['ID']['input']>;
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
};


export type ExplanationsMinimumCutArgs = {
  from?: InputMaybe<Array<Scalars['ID']['input']>>;
  fromFilter?: InputMaybe<EntityFilter>;
  keep?: InputMaybe<Array<GrantMatchInput>>;
  nearTarget?: InputMaybe<Scalars['Boolean']['input']>;
  permission?: InputMaybe<StringMatch>;
  proof?: InputMaybe<Scalars['Int']['input']>;
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
  to?: InputMaybe<Array<Scalars['ID']['input']>>;
  toFilter?: InputMaybe<EntityFilter>;
};


export type ExplanationsMissingGrantsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  from: Scalars['ID']['input'];
  order?: InputMaybe<MissingGrantOrder>;
  permission?: InputMaybe<StringMatch>;
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
  to: Scalars['ID']['input'];
};


export type ExplanationsNewcomersArgs = {
  filter?: InputMaybe<EntityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  group: Scalars['ID']['input'];
  permission?: InputMaybe<StringMatch>;
  target: Scalars['ID']['input'];
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
};


export type ExplanationsShortestPathsArgs = {
  filter?: InputMaybe<EntityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  targetFilter?: InputMaybe<EntityFilter>;
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
};

export type ExportDataset =
  /** One row for each source and target that it reaches, through connections too. */
  | 'ACCESS'
  /** The effective access gained and lost between two moments. */
  | 'CHANGES'
  | 'EMPLOYEES'
  | 'ENTITIES'
  /** As the sources report them. */
  | 'GRANTS';

export type ExportFormat =
  | 'ARROW'
  /** Safe to open in a spreadsheet. */
  | 'CSV'
  | 'PARQUET';

export type ExportInput = {
  /** Of entities, access and grants: as of that moment. */
  asOf?: InputMaybe<Scalars['Time']['input']>;
  /** Some of exportColumns, in the order wanted; left out: all. Access has all of them. */
  columns?: InputMaybe<Array<Scalars['String']['input']>>;
  dataset: ExportDataset;
  /** Which entities, or whose access, grants and changes. */
  filter?: InputMaybe<EntityFilter>;
  format?: InputMaybe<ExportFormat>;
  /** Of changes: the earlier moment. */
  from?: InputMaybe<Scalars['Time']['input']>;
  /** Of entities and grants. */
  search?: InputMaybe<Scalars['String']['input']>;
  /** Of access and changes: what is reached. */
  targetFilter?: InputMaybe<EntityFilter>;
  /** Of changes: the later moment. */
  to?: InputMaybe<Scalars['Time']['input']>;
};

export type ExtractionType =
  | 'API_UPLOAD'
  | 'DIRECT'
  | 'FILE_UPLOAD'
  | 'SCIM';

export type Facet = {
  /** Largest first. */
  buckets: Array<FacetBucket>;
  field: EntityField;
};

export type FacetBucket = {
  count: Scalars['Int']['output'];
  label: Scalars['String']['output'];
  /** The value as a filter takes it; empty = missing. */
  value: Scalars['String']['output'];
};

export type FactorStrength =
  | 'MEDIUM'
  | 'STRONG'
  | 'UNKNOWN'
  | 'WEAK';

export type FilterDescription = {
  /** The same for Neo4j's own tools. */
  cypher: Scalars['String']['output'];
  cypherParameters: Scalars['JSON']['output'];
  /** A query for the first 50 entities, ready to be run. */
  graphql: Scalars['String']['output'];
  /** Such as: identities in Sales having at least 2 resources of type vault with permission admin. An asterisk stands for any text. */
  sentence: Scalars['String']['output'];
};

/** The page that a filter was made on. */
export type FilterPage =
  | 'APPLICATIONS'
  | 'CONNECTIONS'
  | 'EMPLOYEES'
  /** Entities of every type: the filter builder, the graph. */
  | 'ENTITIES'
  | 'IDENTITIES'
  | 'RESOURCES';

export type FittedFilter = {
  /** The fields that the page does not know, such as or[0].mfaEnabled. */
  dropped: Array<Scalars['String']['output']>;
  /** An EntityFilter. */
  filter: Scalars['JSON']['output'];
};

/** One permission that a source holds on a target, as reported. */
export type Grant = {
  /** False when the value says that the permission is explicitly not held. */
  counts: Scalars['Boolean']['output'];
  from?: Maybe<Scalars['Time']['output']>;
  lastUsed?: Maybe<Scalars['Time']['output']>;
  metadata?: Maybe<Scalars['JSON']['output']>;
  permission: Scalars['String']['output'];
  project: Scalars['String']['output'];
  /** The id of what the permission is limited to; empty = everything. */
  scope: Scalars['String']['output'];
  source: Entity;
  target: Entity;
  /** When it ended; null while it is held. */
  to?: Maybe<Scalars['Time']['output']>;
  value: Scalars['String']['output'];
};

export type GrantConnection = {
  edges: Array<GrantEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type GrantEdge = {
  cursor: Scalars['String']['output'];
  node: Grant;
};

/** null = of any permission, of any scope. */
export type GrantMatchInput = {
  permission?: InputMaybe<Scalars['String']['input']>;
  scope?: InputMaybe<Scalars['String']['input']>;
  source: Scalars['ID']['input'];
  target: Scalars['ID']['input'];
};

export type HavingClause = {
  /** So many distinct related entities. */
  atLeast?: InputMaybe<Scalars['Int']['input']>;
  direction?: InputMaybe<HavingDirection>;
  /** What the related entity is; may have a having of its own. */
  entity?: InputMaybe<EntityFilter>;
  /** true: no such related entity. */
  none?: InputMaybe<Scalars['Boolean']['input']>;
  /** The effective permission at the target. */
  permission?: InputMaybe<StringMatch>;
  reach?: InputMaybe<Reach>;
  /** A connection in between: reached by one end and reaching the other. */
  via?: InputMaybe<EntityFilter>;
};

export type HavingDirection =
  | 'ACCESSIBLE_BY'
  | 'HAS_ACCESS_TO';

export type IdentityMapping = {
  at?: Maybe<Scalars['Time']['output']>;
  origin: MappingOrigin;
  reason?: Maybe<Scalars['String']['output']>;
  relation: MappingRelation;
};

export type IdentityType =
  | 'EMPLOYEE'
  | 'SERVICE_ACCOUNT'
  | 'UNMAPPED';

export type ImportMode =
  /** The file only added and filled. */
  | 'MERGE'
  /** The file is the whole integration: what it lacks was removed. */
  | 'SNAPSHOT';

/** One import of a file, and what it did. */
export type ImportRun = Node & {
  actor: Scalars['String']['output'];
  actorKind: Scalars['String']['output'];
  file: Scalars['String']['output'];
  finishedAt?: Maybe<Scalars['Time']['output']>;
  id: Scalars['ID']['output'];
  integration?: Maybe<Integration>;
  /** entitlements, employees, mappings or owners. */
  kind: Scalars['String']['output'];
  /** Why it failed. */
  message?: Maybe<Scalars['String']['output']>;
  mode?: Maybe<ImportMode>;
  /** Rows, entities and grants added, updated, removed and unchanged, warnings and errors; at most 200 issues of each kind are listed. */
  report: Scalars['JSON']['output'];
  sha256?: Maybe<Scalars['String']['output']>;
  startedAt: Scalars['Time']['output'];
  state: ImportState;
};

export type ImportRunConnection = {
  edges: Array<ImportRunEdge>;
  pageInfo: PageInfo;
};

export type ImportRunEdge = {
  cursor: Scalars['String']['output'];
  node: ImportRun;
};

export type ImportState =
  | 'FAILED'
  /** The file has errors; nothing was written. */
  | 'REJECTED'
  | 'SUCCEEDED';

/** A label that the engine put on an entity. */
export type Insight = Node & {
  /** How many live entities carry it. */
  entityCount: Scalars['Int']['output'];
  /** Why the entity carries it. */
  evidence?: Maybe<Scalars['String']['output']>;
  id: Scalars['ID']['output'];
  /** What to show for it. */
  label: Scalars['String']['output'];
  name: Scalars['String']['output'];
  /** Since when the entity carries it; null where no entity is meant. */
  since?: Maybe<Scalars['Time']['output']>;
};

/** One configured instance of an application. */
export type Integration = Node & {
  application: Application;
  /** Fixed values of canonical columns, as the last import was told. */
  columnDefaults?: Maybe<Scalars['JSON']['output']>;
  /** The file's own column for each canonical one, as the last import was told. */
  columnMap?: Maybe<Scalars['JSON']['output']>;
  counts: IntegrationCounts;
  createdAt?: Maybe<Scalars['Time']['output']>;
  description?: Maybe<Scalars['String']['output']>;
  extraction?: Maybe<ExtractionType>;
  id: Scalars['ID']['output'];
  /** Its first name: part of every entity key, never changed. */
  key: Scalars['String']['output'];
  /** The last successful import. */
  lastSync?: Maybe<Scalars['Time']['output']>;
  message?: Maybe<Scalars['String']['output']>;
  name: Scalars['String']['output'];
  /** Connected, but without a successful import for more than 36 hours. */
  outOfSync: Scalars['Boolean']['output'];
  overview: IntegrationOverview;
  owners: Owners;
  status: IntegrationStatus;
};

/** How many live entities an integration has. */
export type IntegrationCounts = {
  connections: Scalars['Int']['output'];
  identities: Scalars['Int']['output'];
  resources: Scalars['Int']['output'];
  /** Entities that carry an insight. */
  withInsights: Scalars['Int']['output'];
};

/** An integration's access posture. */
export type IntegrationOverview = {
  identitiesByStatus: Array<FacetBucket>;
  /** Identities by type; unmapped against mapped is among them. */
  identitiesByType: Array<FacetBucket>;
  insights: Array<FacetBucket>;
  /** Identities by days since their latest activity, their last login where that is unknown. */
  lastLogin: LastLoginBuckets;
  mapped: Scalars['Int']['output'];
  mfa: Array<FacetBucket>;
  /** The connections that most identities reach. */
  topConnections: Array<RankedEntity>;
  /** The resources that most identities reach. */
  topResources: Array<RankedEntity>;
  unmapped: Scalars['Int']['output'];
};


/** An integration's access posture. */
export type IntegrationOverviewTopConnectionsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** An integration's access posture. */
export type IntegrationOverviewTopResourcesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type IntegrationStatus =
  | 'CONNECTED'
  | 'CONNECTING'
  | 'DISABLED'
  | 'DRAFT'
  | 'ERROR'
  | 'SYNCING';

/** Work in the background. */
export type Job = Node & {
  /** The id of who submitted it. */
  actor: Scalars['String']['output'];
  cancelRequested: Scalars['Boolean']['output'];
  createdAt: Scalars['Time']['output'];
  /** Where the file that the job made is, while it is kept and if the caller may have it. */
  downloadUrl?: Maybe<Scalars['String']['output']>;
  failure?: Maybe<JobFailure>;
  finishedAt?: Maybe<Scalars['Time']['output']>;
  id: Scalars['ID']['output'];
  kind: Scalars['String']['output'];
  progress: JobProgress;
  result?: Maybe<Scalars['JSON']['output']>;
  startedAt?: Maybe<Scalars['Time']['output']>;
  state: JobState;
};

export type JobConnection = {
  edges: Array<JobEdge>;
  pageInfo: PageInfo;
};

export type JobEdge = {
  cursor: Scalars['String']['output'];
  node: Job;
};

/** Why a job failed. */
export type JobFailure = {
  code: Scalars['String']['output'];
  message: Scalars['String']['output'];
  /** The offending part of the parameters. */
  path?: Maybe<Scalars['String']['output']>;
};

export type JobProgress = {
  done: Scalars['Int64']['output'];
  /** What it is at, e.g. validating. */
  stage?: Maybe<Scalars['String']['output']>;
  /** 0 = not known. */
  total: Scalars['Int64']['output'];
};

export type JobState =
  | 'CANCELLED'
  | 'FAILED'
  | 'QUEUED'
  | 'RUNNING'
  | 'SUCCEEDED';

export type JoinGain = {
  count: Scalars['Int']['output'];
  entity: Entity;
  /** It is a member already, directly or not: there is nothing to gain. */
  member: Scalars['Boolean']['output'];
  /** The first of them, by name. */
  targets: Array<Entity>;
};

export type LastLoginBuckets = {
  days31To90: Scalars['Int']['output'];
  days91To180: Scalars['Int']['output'];
  never: Scalars['Int']['output'];
  over180Days: Scalars['Int']['output'];
  upTo30Days: Scalars['Int']['output'];
};

export type MapIdentitiesInput = {
  /** Exactly one of employeeId and toAppOwner. */
  employeeId?: InputMaybe<Scalars['ID']['input']>;
  entityIds: Array<Scalars['ID']['input']>;
  relation: MappingRelation;
  /** Map each identity to the primary owner of its integration. */
  toAppOwner?: InputMaybe<Scalars['Boolean']['input']>;
};

export type MappingOrigin =
  | 'AUTOMATIC'
  | 'MANUAL';

/** How an employee is tied to an identity. */
export type MappingRelation =
  /** The employee logs in with it. */
  | 'IS'
  /** The employee answers for it: a service account. */
  | 'OWNS';

export type Me = {
  employee?: Maybe<Employee>;
  /** user, apiKey, system or open. */
  kind: Scalars['String']['output'];
  name: Scalars['String']['output'];
  roles: Array<ProductRole>;
};

/**
 * weight and flow are worked out apart and are equal: the paths of the proof share no grant, so no fewer grants would do.
 * Each weighs 1.
 */
export type MinimumCut = {
  flow: Scalars['Int']['output'];
  grants: Array<Grant>;
  /** Grants that have to stay give the access: see the one path of the proof. */
  impossible: Scalars['Boolean']['output'];
  proof: Array<ProofPath>;
  proofTotal: Scalars['Int']['output'];
  weight: Scalars['Int']['output'];
};

/** A grant that is not there and would give the access. */
export type MissingGrant = {
  /** How many entities more would be reached. */
  gained: Scalars['Int']['output'];
  /** How many other identities would get the access. */
  others: Scalars['Int']['output'];
  /** The shortest path through the grant. */
  path: AccessPath;
  /** How many identities have the access by a grant of their own on the target. */
  peers: Scalars['Int']['output'];
  /** What those who hold something on the target mostly hold; null when nobody does. */
  permission?: Maybe<Permission>;
  /** What was asked about, or something that it is a member of. */
  source: Entity;
  target: Entity;
};

/** What is equal in one is ordered by the next. */
export type MissingGrantOrder =
  /** Others, gained, the length of the path. */
  | 'LEAST_PRIVILEGE'
  /** The length of the path, others, gained. */
  | 'NEAREST';

export type MissingGrants = {
  grants: Array<MissingGrant>;
  moreWays: Scalars['Boolean']['output'];
  /** Identities that have the access. */
  others: Scalars['Int']['output'];
  /** There is the access already; the rest is empty. */
  reached: Scalars['Boolean']['output'];
  total: Scalars['Int']['output'];
  /** How they get it, most used first. */
  ways: Array<AccessWay>;
};

export type Mutation = {
  /** Adds a person by hand. */
  addEmployee: Employee;
  /** Stops a running job, or takes a waiting one out of the queue. For whoever submitted it and administrators. */
  cancelJob: Job;
  /** Makes an API key. The secret is in this answer only. */
  createApiKey: CreateApiKeyPayload;
  /** Deletes a saved filter and returns its id. What was built on it has a copy of its own. */
  deleteSavedFilter: Scalars['ID']['output'];
  /** Ties identities to one employee, many at once and all or none. A mapping made by a person wins over automatic ones and survives imports. */
  mapIdentities: EntitiesPayload;
  renameSavedFilter: SavedFilter;
  /** Ends an API key at once. */
  revokeApiKey: ApiKey;
  /**
   * Saves a filter under a name, a new one or (id) one that exists. Changing one is for its maker and administrators.
   * CONFLICT: another filter has the name, without case; or it was changed since the revision given.
   */
  saveFilter: SavedFilter;
  /** Sets the business owners of connections and resources, many at once and all or none. */
  setBusinessOwners: EntitiesPayload;
  /** Writes a file in the background. The job's downloadUrl has it when it has succeeded, for a day. */
  startExport: Job;
  /** Takes identities from whom they are tied to, all or none. */
  unmapIdentities: EntitiesPayload;
  /** Changes an integration's name, description or owners; what is left out stays. The key, and with it every entity id, never changes. */
  updateIntegration: Integration;
  /** Changes settings; what is left out stays. */
  updateSettings: Settings;
};


export type MutationAddEmployeeArgs = {
  input: AddEmployeeInput;
};


export type MutationCancelJobArgs = {
  id: Scalars['ID']['input'];
};


export type MutationCreateApiKeyArgs = {
  input: CreateApiKeyInput;
};


export type MutationDeleteSavedFilterArgs = {
  id: Scalars['ID']['input'];
  revision?: InputMaybe<Scalars['Int64']['input']>;
};


export type MutationMapIdentitiesArgs = {
  input: MapIdentitiesInput;
};


export type MutationRenameSavedFilterArgs = {
  id: Scalars['ID']['input'];
  name: Scalars['String']['input'];
  revision?: InputMaybe<Scalars['Int64']['input']>;
};


export type MutationRevokeApiKeyArgs = {
  id: Scalars['ID']['input'];
};


export type MutationSaveFilterArgs = {
  input: SaveFilterInput;
};


export type MutationSetBusinessOwnersArgs = {
  input: BusinessOwnersInput;
};


export type MutationStartExportArgs = {
  input: ExportInput;
};


export type MutationUnmapIdentitiesArgs = {
  input: UnmapIdentitiesInput;
};


export type MutationUpdateIntegrationArgs = {
  input: UpdateIntegrationInput;
};


export type MutationUpdateSettingsArgs = {
  input: SettingsInput;
};

export type NewGrantInput = {
  /** By default member on a connection, access on others. */
  permission?: InputMaybe<Scalars['String']['input']>;
  scope?: InputMaybe<Scalars['String']['input']>;
  source: Scalars['ID']['input'];
  target: Scalars['ID']['input'];
  value?: InputMaybe<Scalars['String']['input']>;
};

export type Newcomers = {
  count: Scalars['Int']['output'];
  /** The first of them, by name. */
  entities: Array<Entity>;
};

/** Anything with an id. Ids are opaque and never change. */
export type Node = {
  id: Scalars['ID']['output'];
};

export type Owners = {
  primary?: Maybe<Employee>;
  secondaries: Array<Employee>;
};

export type OwnersInput = {
  primary?: InputMaybe<Scalars['ID']['input']>;
  secondaries?: InputMaybe<Array<Scalars['ID']['input']>>;
};

export type PageInfo = {
  endCursor?: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** How far pathCount counts. */
export type PathLimits = {
  chains: Scalars['Int']['output'];
  maxDepth: Scalars['Int']['output'];
};

export type PathLimitsInput = {
  chains?: InputMaybe<Scalars['Int']['input']>;
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
};

export type Permission = {
  name: Scalars['String']['output'];
  value: Scalars['String']['output'];
};

/** A product role. Each higher role includes the lower ones. */
export type ProductRole =
  | 'ADMINISTRATOR'
  | 'REVIEWER'
  | 'RISK_MANAGER';

export type ProofPath = {
  entities: Array<Entity>;
  /** How many grants side by side. */
  weight: Scalars['Int']['output'];
};

export type Query = {
  /**
   * What identities reached at the one moment and not at the other, by identity and target, each with the grants that
   * brought it about. filter selects the identities, targetFilter what they reach; both as of either moment. What is
   * nested in the answer is as of to.
   */
  accessChanges: AccessChangeConnection;
  /** Every way in which one entity has access to another, shortest first. maxDepth goes to 32 hops, first to 500 paths. */
  accessPaths: AccessPaths;
  /** API keys, newest first. The secret itself is shown once, when the key is made. */
  apiKeys: Array<ApiKey>;
  /** The applications, by name. */
  applications: Array<Application>;
  /** Every change ever made, newest first. */
  auditLog: AuditConnection;
  /** What looks wrong in the data as it was loaded, of one integration or of all. Nothing is altered. */
  dataQuality: Array<DataQualityHint>;
  /** What a filter asks, in words, as a GraphQL operation and in Cypher. Nothing is asked of the graph. */
  describeFilter: FilterDescription;
  /** One employee, by id or work e-mail: exactly one of the two. */
  employee?: Maybe<Employee>;
  /** People, by full name. first defaults to 50 and goes to 500. */
  employees: EmployeeConnection;
  /**
   * The entities that pass the filter and the search (a case-insensitive substring of name, username, e-mail or
   * source id). first defaults to 50 and goes to 500; first and last exclude each other. A reviewer sees the
   * identities of their own and of their direct reports, and what those reach.
   */
  entities: EntityConnection;
  /**
   * One entity, by its id or by its key: exactly one of the two. Removed entities are found too.
   * asOf, here and in the other questions: answer from the graph as it was at that moment, everything nested in the
   * answer as well. Access and existence are those of then; attributes, names and people are those of today. Answered
   * from memory, which on Neo4j may have to be loaded first.
   */
  entity?: Maybe<Entity>;
  /** How many entities there are by each value of the fields, under the filter as given. */
  entityFacets: Array<Facet>;
  /** Why not, what to cut, what it all hangs on. Answered from memory, which on Neo4j may have to be loaded first. */
  explain: Explanations;
  /** The columns of what can be exported, in their order. */
  exportColumns: Array<Scalars['String']['output']>;
  /** Imports, newest first. */
  importRuns: ImportRunConnection;
  /** The insights that are in use, by name. */
  insights: Array<Insight>;
  /** One integration, by id or by its present name: exactly one of the two. */
  integration?: Maybe<Integration>;
  /** The integrations, by name. Every argument narrows the list. */
  integrations: Array<Integration>;
  /** Background jobs, newest first: a reviewer's own, else all. */
  jobs: JobConnection;
  /** Who is asking. */
  me: Me;
  /** The entity (removed ones too), employee, application, integration, insight, job or import run with this id; null when there is none or the caller may not see it. */
  node?: Maybe<Node>;
  /** One saved filter; NOT_FOUND when there is none that the caller may see. */
  savedFilter: SavedFilter;
  /**
   * The saved filters that the caller may see, by name: shared ones and their own, administrators all. page: those made on
   * it; search: a part of the name, without case.
   */
  savedFilters: Array<SavedFilter>;
  /** The settings of this deployment. */
  settings: Settings;
  /**
   * The graph as it would be after the changes, made in order. Nothing is written. Answered from memory, which on
   * Neo4j may have to be loaded first. At most 1000 changes; what cannot be changed so is INVALID_INPUT.
   */
  simulate: Simulation;
  /** Numbers of the whole graph. */
  statistics: Statistics;
};


export type QueryAccessChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EntityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from: Scalars['Time']['input'];
  targetFilter?: InputMaybe<EntityFilter>;
  to: Scalars['Time']['input'];
};


export type QueryAccessPathsArgs = {
  asOf?: InputMaybe<Scalars['Time']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from: Scalars['ID']['input'];
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
  to: Scalars['ID']['input'];
};


export type QueryApplicationsArgs = {
  search?: InputMaybe<Scalars['String']['input']>;
};


export type QueryAuditLogArgs = {
  action?: InputMaybe<Scalars['String']['input']>;
  actor?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  object?: InputMaybe<Scalars['String']['input']>;
};


export type QueryDataQualityArgs = {
  integration?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryDescribeFilterArgs = {
  filter?: InputMaybe<EntityFilter>;
  search?: InputMaybe<Scalars['String']['input']>;
};


export type QueryEmployeeArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  workEmail?: InputMaybe<Scalars['String']['input']>;
};


export type QueryEmployeesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  department?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  manager?: InputMaybe<Scalars['String']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
  state?: InputMaybe<EmployeeState>;
  title?: InputMaybe<Scalars['String']['input']>;
};


export type QueryEntitiesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  asOf?: InputMaybe<Scalars['Time']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EntityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EntityOrder>>;
  search?: InputMaybe<Scalars['String']['input']>;
};


export type QueryEntityArgs = {
  asOf?: InputMaybe<Scalars['Time']['input']>;
  id?: InputMaybe<Scalars['ID']['input']>;
  key?: InputMaybe<EntityKey>;
};


export type QueryEntityFacetsArgs = {
  asOf?: InputMaybe<Scalars['Time']['input']>;
  by: Array<EntityField>;
  filter?: InputMaybe<EntityFilter>;
  search?: InputMaybe<Scalars['String']['input']>;
};


export type QueryExplainArgs = {
  asOf?: InputMaybe<Scalars['Time']['input']>;
};


export type QueryExportColumnsArgs = {
  dataset: ExportDataset;
};


export type QueryImportRunsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  integration?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryIntegrationArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
};


export type QueryIntegrationsArgs = {
  application?: InputMaybe<Array<Scalars['String']['input']>>;
  outOfSync?: InputMaybe<Scalars['Boolean']['input']>;
  primaryOwner?: InputMaybe<Scalars['ID']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<Array<IntegrationStatus>>;
};


export type QueryJobsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kind?: InputMaybe<Scalars['String']['input']>;
  state?: InputMaybe<JobState>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QuerySavedFilterArgs = {
  id: Scalars['ID']['input'];
};


export type QuerySavedFiltersArgs = {
  page?: InputMaybe<FilterPage>;
  search?: InputMaybe<Scalars['String']['input']>;
};


export type QuerySimulateArgs = {
  changes: Array<AccessChangeInput>;
};

export type RankedEntity = {
  count: Scalars['Int']['output'];
  entity: Entity;
};

export type Reach =
  /** Only grants of its own. */
  | 'DIRECT'
  /** Through connections, however deep. */
  | 'EFFECTIVE';

export type SaveFilterInput = {
  /** An EntityFilter; a field that there is not is INVALID_INPUT. */
  filter: Scalars['JSON']['input'];
  /** Of the filter to change; left out: a new one. */
  id?: InputMaybe<Scalars['ID']['input']>;
  name: Scalars['String']['input'];
  /** A new one takes the place of the filter that has the name, if the caller may change that. */
  overwrite?: InputMaybe<Scalars['Boolean']['input']>;
  page: FilterPage;
  /** The revision that the change was made on. Left out = whatever is stored. */
  revision?: InputMaybe<Scalars['Int64']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
  /** Left out: as it is. A new one of a risk manager or administrator is shared, a reviewer's is not. */
  shared?: InputMaybe<Scalars['Boolean']['input']>;
};

export type SavedFilter = {
  createdAt: Scalars['Time']['output'];
  /** The id of who made it. */
  createdBy: Scalars['String']['output'];
  /** The caller may change and delete it. */
  editable: Scalars['Boolean']['output'];
  /** An EntityFilter. */
  filter: Scalars['JSON']['output'];
  /** What a page can apply of it. */
  fitted: FittedFilter;
  id: Scalars['ID']['output'];
  /** The caller made it. */
  mine: Scalars['Boolean']['output'];
  /** Unique among all, without case. */
  name: Scalars['String']['output'];
  page: FilterPage;
  revision: Scalars['Int64']['output'];
  search?: Maybe<Scalars['String']['output']>;
  /** The filter and the search in words. */
  sentence: Scalars['String']['output'];
  /** Everybody sees it. */
  shared: Scalars['Boolean']['output'];
  updatedAt: Scalars['Time']['output'];
  updatedBy: Scalars['String']['output'];
};


export type SavedFilterFittedArgs = {
  to: FilterPage;
};

/** Settings of this deployment. Later features add fields. */
export type Settings = {
  /** How long a connected integration may go without a successful import. */
  outOfSyncHours: Scalars['Int']['output'];
  pathLimits: PathLimits;
  /** 0 = nothing was ever changed. */
  revision: Scalars['Int64']['output'];
  tenantName: Scalars['String']['output'];
  /** The IANA time zone in which a day begins and ends. */
  timeZone: Scalars['String']['output'];
};

export type SettingsInput = {
  outOfSyncHours?: InputMaybe<Scalars['Int']['input']>;
  pathLimits?: InputMaybe<PathLimitsInput>;
  /** The revision that the change was made on; CONFLICT when it is no longer the present one. Left out = whatever is stored. */
  revision?: InputMaybe<Scalars['Int64']['input']>;
  tenantName?: InputMaybe<Scalars['String']['input']>;
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

/**
 * The graph after changes that nobody made. Everything nested in it is answered from there, too; asOf cannot be given.
 * Grants that the changes end leave no history.
 */
export type Simulation = {
  /** What identities reach after the changes and not before, or before and not after. The filters are as for accessChanges. */
  accessDifference: AccessChangeConnection;
  accessPaths: AccessPaths;
  entities: EntityConnection;
  entity?: Maybe<Entity>;
  entityFacets: Array<Facet>;
  /** The same of the graph after the changes. */
  explain: Explanations;
};


/**
 * The graph after changes that nobody made. Everything nested in it is answered from there, too; asOf cannot be given.
 * Grants that the changes end leave no history.
 */
export type SimulationAccessDifferenceArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EntityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  targetFilter?: InputMaybe<EntityFilter>;
};


/**
 * The graph after changes that nobody made. Everything nested in it is answered from there, too; asOf cannot be given.
 * Grants that the changes end leave no history.
 */
export type SimulationAccessPathsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  from: Scalars['ID']['input'];
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  throughIdentities?: InputMaybe<Scalars['Boolean']['input']>;
  to: Scalars['ID']['input'];
};


/**
 * The graph after changes that nobody made. Everything nested in it is answered from there, too; asOf cannot be given.
 * Grants that the changes end leave no history.
 */
export type SimulationEntitiesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EntityFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<EntityOrder>>;
  search?: InputMaybe<Scalars['String']['input']>;
};


/**
 * The graph after changes that nobody made. Everything nested in it is answered from there, too; asOf cannot be given.
 * Grants that the changes end leave no history.
 */
export type SimulationEntityArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  key?: InputMaybe<EntityKey>;
};


/**
 * The graph after changes that nobody made. Everything nested in it is answered from there, too; asOf cannot be given.
 * Grants that the changes end leave no history.
 */
export type SimulationEntityFacetsArgs = {
  by: Array<EntityField>;
  filter?: InputMaybe<EntityFilter>;
  search?: InputMaybe<Scalars['String']['input']>;
};

export type Statistics = {
  applications: Scalars['Int']['output'];
  connections: Scalars['Int']['output'];
  employeeIdentities: Scalars['Int']['output'];
  employees: Scalars['Int']['output'];
  graphVersion: Scalars['Int64']['output'];
  identities: Scalars['Int']['output'];
  integrations: Scalars['Int']['output'];
  /** Integrations without a successful import for too long. */
  outOfSync: Scalars['Int']['output'];
  resources: Scalars['Int']['output'];
  serviceAccounts: Scalars['Int']['output'];
  unmappedIdentities: Scalars['Int']['output'];
};

/** contains, startsWith and endsWith ignore case; eq and in do so for e-mails only. */
export type StringMatch = {
  contains?: InputMaybe<Scalars['String']['input']>;
  endsWith?: InputMaybe<Scalars['String']['input']>;
  eq?: InputMaybe<Scalars['String']['input']>;
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  isEmpty?: InputMaybe<Scalars['Boolean']['input']>;
  startsWith?: InputMaybe<Scalars['String']['input']>;
};

export type Subscription = {
  /** The job now, and again whenever it changes, until it ends. */
  jobProgress: Job;
};


export type SubscriptionJobProgressArgs = {
  id: Scalars['ID']['input'];
};

export type Tristate =
  | 'FALSE'
  | 'TRUE'
  | 'UNKNOWN';

export type UnmapIdentitiesInput = {
  entityIds: Array<Scalars['ID']['input']>;
  /** true: they belong to nobody until a person says otherwise; false: they get their automatic mapping, if they have one. */
  pin?: InputMaybe<Scalars['Boolean']['input']>;
};

export type UpdateIntegrationInput = {
  description?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  /** The application owners, by employee id. */
  owners?: InputMaybe<OwnersInput>;
};
