// The explorer's journeys on the embedded store.
import { explore } from './suite.mjs';

explore({ neo4j: false });
