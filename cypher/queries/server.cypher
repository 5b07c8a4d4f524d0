// name: ping
RETURN 1 AS one

// name: server_memory
SHOW SETTINGS 'dbms.memory.transaction.total.max' YIELD value
