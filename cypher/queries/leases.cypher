// name: lease_acquire
// Setting a property takes the node's write lock, so that of several servers only one
// reads the lease at a time. Times are the database server's.
MERGE (l:Lease {name: $name})
SET l.lock = true
REMOVE l.lock
WITH l
WHERE l.holder IS NULL OR l.holder = $holder OR l.until <= datetime.realtime()
SET l.holder = $holder, l.until = datetime.realtime() + duration({milliseconds: $ttlMillis})
RETURN true AS acquired

// name: lease_release
MATCH (l:Lease {name: $name, holder: $holder})
REMOVE l.holder, l.until
